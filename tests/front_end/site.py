"""A small page with every hook of our scripts, served under the strict policy, and what its server has seen."""

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, render_template, request

from webapp import assets

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass
class Site:
    """Where the page is, and what the server has seen."""

    address: str = ""
    drafts: list[dict[str, str]] = field(default_factory=list)
    tags: list[str | None] = field(default_factory=list)
    refuse_drafts: bool = False


def page_app(seen: Site) -> Flask:
    app = Flask(__name__, template_folder=str(HERE))
    assets.install(app)

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/")
    def index() -> str:
        return render_template("page.html")

    @app.get("/diagram")
    def diagram() -> Response:
        return Response((HERE / "diagram.bpmn").read_bytes(), mimetype="application/xml")

    @app.get("/news")
    def news() -> tuple[str, int]:
        seen.tags.append(request.headers.get("If-None-Match"))
        return ("", 304) if len(seen.tags) < 3 else ("Có việc mới", 200)

    @app.post("/draft")
    def draft() -> tuple[str, int]:
        if seen.refuse_drafts:
            return "", 500
        seen.drafts.append(request.form.to_dict())
        return "", 204

    @app.route("/elsewhere", methods=["GET", "POST"])
    def elsewhere() -> str:
        return "đã sang trang khác"

    return app
