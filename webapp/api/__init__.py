"""The REST API `/api/v1`: the same commands as the pages, as JSON, with no rule of its own."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Blueprint, Flask, jsonify
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from webapp.api import (
    audit,
    checkpoints,
    definitions,
    erasures,
    figures,
    incidents,
    instances,
    jobs,
    migration,
    operating,
    orders,
    organizations,
    serving,
    tasks,
    timers,
)
from webapp.api.openapi import document
from webapp.api.operations import table

PREFIX = "/api/v1"
NOUNS = (tasks, orders, definitions, instances, operating, migration, incidents, timers, jobs, organizations, figures,
         audit, checkpoints, erasures)  # fmt: skip

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
blueprint.before_request(serving.identify)


class KeyConverter(BaseConverter):
    """A key in an address: anything else is not there."""

    regex = "[0-9a-f]{32}"


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Describe the API (OpenAPI 3.1); anybody may read it."""
    return jsonify(describe())


@cache
def describe() -> dict[str, Any]:
    """Write the OpenAPI document, once: it takes a third of a second, and anybody may ask."""
    try:
        number = version("lienthong")
    except PackageNotFoundError:
        number = "0"
    return document(table, version=number)


for operation in table.operations:
    blueprint.add_url_rule(
        operation.rule, endpoint=operation.name, view_func=serving.view_of(operation), methods=[operation.method]
    )


def install(app: Flask) -> None:
    """Serve the API; it takes tokens and no cookies, so there is nothing to forge across sites."""
    app.url_map.converters["key"] = KeyConverter
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)
