"""JSON Schemas of content files, for editors (`auditkit content schema`).

Each field's description is the text that stands below it in the shape's source. It is read here, when somebody asks,
and not at import. tests/slices/content/test_content_showing.py compares the schemas with the shapes.
"""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from textwrap import dedent
from typing import Any, get_args

from pydantic import BaseModel

from auditkit.content.shapes import KINDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a kind of content file. Raises KeyError for an unknown kind."""
    shape = KINDS[kind]
    schema = shape.model_json_schema()
    for one in _shapes_in(shape):
        target = schema if one is shape else schema.get("$defs", {}).get(one.__name__)
        if target is not None:
            _describe(target, one)
    return {"$schema": DIALECT, "$id": f"urn:auditkit:content:{kind}", **schema}


def _describe(schema: dict[str, Any], shape: type[BaseModel]) -> None:
    texts = {name: text for one in reversed(shape.__mro__) if one is not object for name, text in _below(one).items()}
    for name, field in shape.model_fields.items():
        described = schema.get("properties", {}).get(field.alias or name)
        if described is not None and name in texts:
            described["description"] = texts[name]


@cache
def _below(shape: type) -> dict[str, str]:
    """The text below each field of a class, by the field's name."""
    if not issubclass(shape, BaseModel) or not shape.__module__.startswith("auditkit."):
        return {}
    (definition,) = ast.parse(dedent(inspect.getsource(shape))).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101 - the source of a class; for the type checker
    found = {}
    for field, following in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(following):
            found[field.target.id] = " ".join(ast.literal_eval(following.value).split())  # type: ignore[attr-defined]  # a text
    return found


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _shapes_in(shape: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A shape and every shape inside it, once."""
    waiting: list[Any] = [shape]
    seen: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind not in seen:
                seen.add(kind)
                yield kind
                waiting.extend(field.annotation for field in kind.model_fields.values())
        else:
            waiting.extend(get_args(kind))
