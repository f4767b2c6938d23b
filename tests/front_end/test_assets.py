"""Built files have names that change with their content, and may be kept for ever."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from webapp import assets


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    assets.install(app)
    return app.test_client()


@pytest.fixture
def names() -> dict[str, str]:
    return assets.Assets().files


def test_every_name_carries_its_hash(names: dict[str, str]) -> None:
    assert {"app.css", "app.js", "bootstrap.min.css", "htmx.js", "icons.svg", "favicon.svg"} <= set(names)
    assert all(re.search(r"-[0-9a-f]{10}\.(css|js|svg|woff2)$", file) for file in names.values())


@pytest.mark.parametrize("name", ["app.css", "app.js", "icons.svg"])
def test_a_file_is_served_whole_gzipped_or_not(client: FlaskClient, name: str) -> None:
    url = assets.Assets().url(name)
    plain, packed = client.get(url), client.get(url, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.mimetype == plain.mimetype
    assert {answer.headers["Vary"] for answer in (plain, packed)} == {"Accept-Encoding"}
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["manifest.json", "../../config.py", "nothing.css"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/{name}").status_code == 404


def test_a_name_the_build_does_not_know_is_a_bug() -> None:
    with pytest.raises(KeyError):
        assets.Assets().url("nothing.css")


def test_the_first_visit_is_light(client: FlaskClient) -> None:
    first = ["bootstrap.min.css", "app.css", "htmx.js", "app.js", "icons.svg"]
    weights = [len(client.get(assets.Assets().url(name), headers={"Accept-Encoding": "gzip"}).data) for name in first]
    assert sum(weights) <= 65_000


@pytest.mark.parametrize("editor", ["modeler.js", "forms.js", "decisions.js"])
def test_an_editor_loads_less_than_700_kb_of_script(client: FlaskClient, editor: str) -> None:
    scripts = ["htmx.js", "app.js", editor]
    weights = [len(client.get(assets.Assets().url(name), headers={"Accept-Encoding": "gzip"}).data) for name in scripts]
    assert 100_000 < sum(weights) < 700_000
