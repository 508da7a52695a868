"""What is wrong with a content file, said with file, line, field and what to write instead.

Turns pydantic's errors into sentences for people who write checklists, not programs.
tests/slices/content/test_content_problems.py walks every kind of error that the shapes can give.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from auditkit.base.text import N_, _
from auditkit.content.yaml_reader import Fields, Loc, place_of


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `line` and `column` count from 1 and are None where the fault has no line (a missing file)."""

    file: str
    line: int | None
    column: int | None
    field: str
    message: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"

    def as_json(self) -> dict[str, str | int | None]:
        """Plain values for `--json`."""
        return asdict(self)


# Message ids by pydantic error type. Types that are not here keep pydantic's own sentence.
_SENTENCES = {
    "missing": N_("Add this field; it is required"),
    "string_type": N_("Write a text here"),
    "string_too_short": N_("Write a text here; it is empty"),
    "string_too_long": N_("Shorten this to %(max_length)s characters"),
    "too_short": N_("Write at least %(min_length)s here"),
    "too_long": N_("Leave at most %(max_length)s here"),
    "tuple_type": N_("Write a list here: one entry a line, each after `- `"),
    "list_type": N_("Write a list here: one entry a line, each after `- `"),
    "model_type": N_("Write `name: value` lines here, indented"),
    "model_attributes_type": N_("Write `name: value` lines here, indented"),
    "int_parsing": N_("Write a whole number"),
    "int_type": N_("Write a whole number"),
    "int_from_float": N_("Write a whole number"),
    "bool_parsing": N_("Write true or false"),
    "bool_type": N_("Write true or false"),
    "greater_than_equal": N_("Write %(ge)s or more"),
    "less_than_equal": N_("Write %(le)s or less"),
    "enum": N_("Write one of: %(expected)s"),
    "literal_error": N_("Write one of: %(expected)s"),
}


def of_validation(file: str, document: Fields, error: ValidationError, shape: type[BaseModel]) -> list[Problem]:
    """One Problem for each of pydantic's errors, in the order of their lines."""
    details = error.errors(include_url=False)
    problems = [
        at(file, document, tuple(detail["loc"]), _sentence(detail, shape))
        for detail in details
        if not _echo(detail, details)
    ]
    return sorted(problems, key=lambda problem: (problem.line or 0, problem.field))


def at(file: str, document: Fields, loc: Loc, message: str) -> Problem:
    """A Problem with the value at `loc` of a document."""
    place = place_of(document, loc)
    return Problem(file, place.line, place.column, _dotted(loc), message)


def _dotted(loc: Loc) -> str:
    """`sections[0].items[2].clauses`, as people read it: entries count from 1."""
    text = ""
    for step in loc:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        elif step != "[key]":
            text += f".{step}" if text else step
    return text


def _echo(detail: Any, details: Sequence[Any]) -> bool:
    """Whether pydantic calls a list too short only because its entries are faulty."""
    loc = detail["loc"]
    return detail["type"] == "too_short" and any(
        len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in details
    )


def _sentence(detail: Any, shape: type[BaseModel]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "content":  # a shape's own check, see shapes.refuse
        return _(context["message"], **context["params"])
    if kind == "extra_forbidden":
        return _unknown_field(str(detail["loc"][-1]), shape)
    if kind == "string_pattern_mismatch":
        return _pattern(detail)
    if kind in _SENTENCES:
        return _(_SENTENCES[kind], **context) if context else _(_SENTENCES[kind])
    return str(detail["msg"])


def _unknown_field(name: str, shape: type[BaseModel]) -> str:
    near = difflib.get_close_matches(name, sorted(field_names(shape)), n=1)
    if near:
        return _("There is no such field here. Did you mean `%(near)s`?", near=near[0])
    return _("There is no such field here. Take it out")


def _pattern(detail: Mapping[str, Any]) -> str:
    pattern = detail["ctx"]["pattern"]
    value = str(detail["input"])[:40]
    if pattern == r"^[A-Z]{3}$":
        return _("“%(value)s” is no principle code. Write three capital letters, such as TIM", value=value)
    if pattern.startswith("^[a-z]["):
        return _("“%(value)s” is no name of a blank. Write small letters, digits and _, such as due_date", value=value)
    if "0-9a-f" in pattern:
        return _("“%(value)s” is no digest. Write the 64 digits that `auditkit content copy` gives", value=value)
    if "A-Z" in pattern:
        return _("“%(value)s” is no clause. Write its number, such as 7.4, D.2 or iso9001-2015:9.2", value=value)
    return _("“%(value)s” is no id. Write small letters, digits, `-` and `.`, such as q18-7.4-1", value=value)


def field_names(shape: type[BaseModel]) -> set[str]:
    """Every field name of a shape and of the shapes inside it."""
    names: set[str] = set()
    waiting: list[Any] = [shape]
    seen: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind in seen:
                continue
            seen.add(kind)
            names.update(kind.model_fields)
            waiting.extend(field.annotation for field in kind.model_fields.values())
        else:
            waiting.extend(get_args(kind))
    return names
