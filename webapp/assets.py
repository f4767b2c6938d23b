"""Serves the built front end: hashed names that may be kept for ever, gzipped where the browser takes it."""

import json
from functools import cached_property
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request

BUILT = Path(__file__).parent / "static" / "built"
KEEP_FOR_EVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("assets", __name__)


class Assets:
    """The manifest of one build: logical names to hashed file names."""

    def __init__(self, folder: Path = BUILT, *, prefix: str = "/assets") -> None:
        self.folder = folder
        self.prefix = prefix

    def url(self, name: str) -> str:
        """Give the address of `name`, for example `asset("app.css")`; a name the build does not know is a bug."""
        return f"{self.prefix}/{self.files[name]}"

    @cached_property
    def files(self) -> dict[str, str]:
        manifest = self.folder / "manifest.json"
        if not manifest.exists():
            raise RuntimeError("the front end is not built: run script/demo, or script/bootstrap.py")
        names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
        return names


def install(app: Flask) -> None:
    """Give the templates `asset(name)` and serve what it points to."""
    assets = Assets()
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.register_blueprint(blueprint, url_prefix=assets.prefix)


@blueprint.get("/<file>")
def serve(file: str) -> Response:
    assets = current_assets()
    if file not in assets.files.values():
        abort(404)
    gzipped = request.accept_encodings["gzip"] > 0
    content = (assets.folder / (f"{file}.gz" if gzipped else file)).read_bytes()
    answer = Response(content, mimetype=mime_type(file))
    if gzipped:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = KEEP_FOR_EVER
    return answer


def current_assets() -> Assets:
    assets: Assets = current_app.extensions["assets"]
    return assets


def mime_type(file: str) -> str:
    """Name the type ourselves: a machine's own table may call scripts something browsers refuse under `nosniff`."""
    types = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
    return types.get(Path(file).suffix, "application/octet-stream")
