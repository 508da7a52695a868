"""The description of the API (OpenAPI 3.1), made from the shapes that it reads and writes."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from auditkit.api.rules import SCOPE_TITLES
from auditkit.api.shapes import (
    ComplaintPage,
    ListedComplaint,
    NewComplaint,
    Problem,
    RegisteredComplaint,
    WholeComplaint,
)
from auditkit.complaints.intake.rules import MAX_FILE_BYTES, MAX_FILES

API_VERSION = "1.2.0"  # of what is described here, not of the program
_PLACE = "#/components/schemas/{model}"
_FILTERS = {
    "stage": "A stage, `open` (the default) or `all`",
    "q": "Words that must occur; the last one may be a beginning",
    "kind": "A kind of feedback",
    "channel": "A channel",
    "category": "A category",
    "severity": "low, medium, high or critical",
    "level": "An escalation level, 0 to 4",
    "priority": "A priority",
    "owner": "`me`, `nobody` or the number of a person",
    "due": "soon, late or very-late",
    "from": "Received on this day or later (2026-03-31)",
    "to": "Received on this day or earlier",
    "sort": "newest, oldest, reference-down or reference-up",
    "cursor": "`next_cursor` of the page before",
}
_WITH_FILES = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "description": f"The complaint with at most {MAX_FILES} files of at most {MAX_FILE_BYTES >> 20} MiB each",
            "required": ["complaint"],
            "properties": {
                "complaint": {"$ref": _PLACE.format(model="NewComplaint")},
                "files": {
                    "type": "array",
                    "maxItems": MAX_FILES,
                    "items": {"type": "string", "contentMediaType": "application/octet-stream"},
                },
            },
        },
        "encoding": {"complaint": {"contentType": "application/json"}},
    }
}
_REFUSALS = {
    "400": "The request cannot be used; `detail` says what to change",
    "401": "There is no token, or it does not work",
    "403": "The token may not do this",
    "404": "There is no such complaint or organisation",
    "409": "The Idempotency-Key was used for another complaint",
    "413": "The request is larger than is taken",
    "429": "Too many requests; Retry-After says when to go on",
}


_READING = ("400", "401", "403", "404", "429")


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    models = (NewComplaint, ListedComplaint, WholeComplaint, RegisteredComplaint, ComplaintPage, Problem)
    _, schemas = models_json_schema([(model, "validation") for model in models], ref_template=_PLACE)
    organisation = _parameter("organisation", "path", "The short name of the organisation")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "auditkit",
            "version": API_VERSION,
            "description": "Complaints of an organisation, as JSON.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": {
            "/{organisation}/complaints": {
                "parameters": [organisation],
                "get": {
                    "operationId": "listComplaints",
                    "summary": "A page of complaints",
                    "parameters": [_parameter(name, "query", text) for name, text in _FILTERS.items()],
                    "responses": {
                        "200": _json("A page", "ComplaintPage"),
                        **_refusals(*_READING),
                    },
                },
                "post": {
                    "operationId": "registerComplaint",
                    "summary": "Register a complaint",
                    "parameters": [
                        _parameter("Idempotency-Key", "header", "New for each complaint; the same again does nothing")
                    ],
                    "requestBody": {"required": True, "content": {**_content("NewComplaint"), **_WITH_FILES}},
                    "responses": {
                        "201": _json("It is registered", "RegisteredComplaint"),
                        "200": _json(
                            "It was registered by an earlier request with the same key", "RegisteredComplaint"
                        ),
                        **_refusals(*_REFUSALS),
                    },
                },
            },
            "/{organisation}/complaints/{reference}": {
                "parameters": [organisation, _parameter("reference", "path", "Such as C-2026-000123")],
                "get": {
                    "operationId": "readComplaint",
                    "summary": "One complaint",
                    "parameters": [_parameter("identity", "query", "`yes`: with who complained")],
                    "responses": {
                        "200": _json("The complaint", "WholeComplaint"),
                        **_refusals(*_READING),
                    },
                },
            },
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: " + "; ".join(f"{scope} ({SCOPE_TITLES[scope]})" for scope in SCOPE_TITLES),
                }
            },
        },
    }


def _parameter(name: str, place: str, text: str) -> dict[str, Any]:
    required = place == "path" or name == "Idempotency-Key"
    return {"name": name, "in": place, "description": text, "required": required, "schema": {"type": "string"}}


def _content(model: str, kind: str = "application/json") -> dict[str, Any]:
    return {kind: {"schema": {"$ref": _PLACE.format(model=model)}}}


def _json(text: str, model: str) -> dict[str, Any]:
    return {"description": text, "content": _content(model)}


def _refusals(*statuses: str) -> dict[str, Any]:
    content = _content("Problem", "application/problem+json")
    return {status: {"description": _REFUSALS[status], "content": content} for status in statuses}
