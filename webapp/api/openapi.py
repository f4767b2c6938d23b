"""Writes the OpenAPI 3.1 document from the table of operations."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webapp.api.operations import KEY, Operation, Table
from webapp.api.problems import Problem

TITLES = {
    400: "The request cannot be read.",
    401: "No valid bearer token.",
    403: "Visible, but not yours to do.",
    404: "Not there, or not visible to you.",
    405: "The path has no such method.",
    409: "No longer in a state that allows this, or somebody was first.",
    413: "The body is too large.",
    415: "Another content type is expected.",
    422: "What was sent is wrong: `fields` says where.",
    429: "Too many requests.",
}
_PATH_KEY = re.compile(r"<(?:(\w+):)?(\w+)>")
_KEY = {"type": "string", "pattern": KEY}
_NUMBER = {"type": "integer", "minimum": 0}
_REF = "#/components/schemas/{model}"


def document(table: Table, *, version: str) -> dict[str, Any]:
    """Give the whole document as plain JSON."""
    names, components = _schemas(table)
    paths: dict[str, dict[str, Any]] = {}
    for operation in table.operations:
        path = _PATH_KEY.sub(r"{\2}", operation.rule)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liên Thông",
            "version": version,
            "description": "The same commands as the pages, with no rule of their own. Refusals are problem+json "
            "(RFC 9457). A POST with an `Idempotency-Key` is done once; repeated, it gives the first answer.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(table: Table) -> tuple[dict[tuple[type[BaseModel], str], str], dict[str, Any]]:
    wanted: dict[tuple[type[BaseModel], str], None] = {(Problem, "serialization"): None}
    for operation in table.operations:
        wanted[operation.answer, "serialization"] = None
        if operation.body is not None and not operation.uploads:
            wanted[operation.body, "validation"] = None
    places, schema = models_json_schema(list(wanted), ref_template=_REF)  # type: ignore[arg-type]
    named = {(model, mode): places[model, mode]["$ref"] for model, mode in wanted}  # type: ignore[index]
    return named, schema.get("$defs", {})


def _operation(operation: Operation, names: dict[tuple[type[BaseModel], str], str]) -> dict[str, Any]:
    written: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*_path(operation), *_query(operation), *_headers(operation)],
        "responses": _responses(operation, names),
    }
    if operation.uploads:
        written["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _UPLOAD}}}
    elif operation.body is not None:
        required = any(field.is_required() for field in operation.body.model_fields.values())
        content = {"application/json": {"schema": {"$ref": names[operation.body, "validation"]}}}
        written["requestBody"] = {"required": required, "content": content}
    return written


_UPLOAD = {
    "type": "object",
    "properties": {
        "files": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "string", "contentMediaType": "application/octet-stream"},
            "description": "The BPMN, DMN and form files of one bundle.",
        },
        "note": {"type": "string", "maxLength": 2000},
    },
    "required": ["files"],
    "additionalProperties": False,
}


def _path(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _NUMBER if kind == "int" else _KEY}
        for kind, name in _PATH_KEY.findall(operation.rule)
    ]


def _query(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(mode="validation")
    if "$defs" in schema:
        raise TypeError(f"{operation.name}: query parameters are plain values")
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _bare(value)}
        for name, value in schema["properties"].items()
    ]


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    # In a query string there is no null: an optional parameter is left out.
    choices = [choice for choice in schema.get("anyOf", ()) if choice != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if key not in ("anyOf", "title") and value is not None}
    return kept | choices[0] if len(choices) == 1 else kept | ({"anyOf": choices} if choices else {})


def _headers(operation: Operation) -> list[dict[str, Any]]:
    if not operation.writes:
        return []
    key = {"type": "string", "pattern": r"^[A-Za-z0-9_-]{8,80}$"}
    return [{"name": "Idempotency-Key", "in": "header", "required": False, "schema": key}]


def _responses(operation: Operation, names: dict[tuple[type[BaseModel], str], str]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": names[Problem, "serialization"]}}}
    refused = {str(code): {"description": TITLES[code], "content": problem} for code in (*operation.errors, 405, 429)}
    given = {"application/json": {"schema": {"$ref": names[operation.answer, "serialization"]}}}
    done = {"description": "Done.", "content": given}
    if operation.writes:
        place = {"description": "Where the result can be read.", "schema": {"type": "string"}}
        done["headers"] = {"Location": place} if operation.status == 201 else {}
    return {str(operation.status): done, **dict(sorted(refused.items()))}
