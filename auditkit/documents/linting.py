"""The whole examination of a template before anybody makes documents with it: looked at, then tried with awkward data.

    examined = examine(file, catalogue.entry("audit-plan"), "fa")
    examined.usable, examined.problems

Nothing here runs what the template says: that happens in the limited child process (`pool.py`).
Checked by tests/slices/documents/test_documents_linting.py.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from auditkit.base.text import N_, _
from auditkit.documents import fit, render
from auditkit.documents.catalogue import Entry, data_of
from auditkit.documents.faults import ERROR
from auditkit.documents.fields import LOOP
from auditkit.documents.problems import Problem, TemplateRefused, problem

AWKWARD = "A & B <w:p> ]]> “شرکت نمونه” ‏راست‏ \U0001f600 {{ x }} {% if %} \x00\x0b line\nbreak\ttab " + "long" * 60
MANY = 3_000
TRIALS = {
    "example": N_("With the example"),
    "awkward": N_("With &, <, Persian and tags in every value"),
    "empty": N_("With empty lists and texts"),
    "many": N_("With %(count)s entries in %(list)s"),
}
RIGHT_TO_LEFT = frozenset({"fa", "ar", "he", "ur"})


@dataclass(frozen=True)
class Examined:
    """What came of it: `digest` is the SHA-256 of the file, empty where it could not be opened."""

    digest: str
    problems: tuple[Problem, ...]
    trials: tuple[str, ...]
    """Which of TRIALS were made: none where the template has errors already."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps it from use."""
        return tuple(one for one in self.problems if one.level == ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What its owner should look at."""
        return tuple(one for one in self.problems if one.level != ERROR)

    @property
    def usable(self) -> bool:
        """Whether documents can be made with it."""
        return not self.errors


def examine(
    template: render.Template, entry: Entry, language: str = "en", renderer: render.Renderer | None = None
) -> Examined:
    """Look at a template for `entry` in `language` and, where nothing is wrong with it so far, try it."""
    renderer = renderer or render.shared()
    seen = renderer.look(template)
    faults = list(seen.faults)
    if language in RIGHT_TO_LEFT:
        faults += seen.of_direction
    schema = fit.Schema({one.name: one.type for one in entry.shape.variables})
    # Of a part that could not be read nothing is known: what is missing from the template is asked of whole ones only.
    is_whole = not any(fault.level == ERROR for fault in faults)
    faults += fit.faults(seen.uses, schema, entry.shape.required if is_whole else ())
    problems = [problem(fault) for fault in faults]
    if any(one.level == ERROR for one in problems):
        return Examined(seen.digest, tuple(problems), ())
    looped = {use.path for use in seen.uses if use.how == LOOP}
    for title, data in trials(entry, looped):
        problems += _tried(renderer, template, title, data)
    return Examined(seen.digest, tuple(problems), tuple(TRIALS))


def _tried(renderer: render.Renderer, template: render.Template, title: str, data: dict[str, Any]) -> list[Problem]:
    try:
        renderer.render(template, data, io.BytesIO())
    except TemplateRefused as refused:
        return [replace(one, trial=title) for one in refused.problems]
    return []


def trials(entry: Entry, looped: set[str] | None = None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each trial in words with its data; `looped`: the lists the template repeats, one of which grows at a time."""
    data = data_of(entry.context.example())
    for name in ("example", "awkward", "empty"):
        yield _(TRIALS[name]), trial_data(entry, name)
    for path, _list in _lists(data):
        if looped is None or path in looped:
            yield _(TRIALS["many"], count=MANY, list=path), _grown(data, path, MANY)


def trial_data(entry: Entry, name: str) -> dict[str, Any]:
    """The data of one trial. Of `many`, every list of the document itself grows at once, to a tenth of MANY."""
    data = data_of(entry.context.example())
    shown = [one.name for one in entry.shape.variables if one.type == "picture"]
    if name in ("awkward", "empty"):
        kept = [owner[last] for path in shown for owner, last in _owners(data, path)]
        awkward = name == "awkward"
        data = walked(data, (lambda value: AWKWARD if isinstance(value, str) else value) if awkward else _emptied)
        places = [place for path in shown for place in _owners(data, path)] if awkward else []
        for (owner, last), picture in zip(places, kept, strict=False):
            owner[last] = picture
    elif name == "many":
        for path, _list in list(_lists(data)):
            data = _grown(data, path, MANY // 10)
    return data


def _owners(data: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """What holds the field of a full path, with its last name; of `charts[].picture` that is each chart."""
    name, dot, rest = path.partition(".")
    if not dot:
        yield data, name
        return
    for one in data[name.removesuffix("[]")] if name.endswith("[]") else [data[name]]:
        yield from _owners(one, rest)


def walked(value: Any, change: Callable[[Any], Any]) -> Any:
    """Plain data with `change` applied to every list, text and number, inner ones first."""
    if isinstance(value, dict):
        return {key: walked(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return change([walked(one, change) for one in value])
    return change(value)


def _emptied(value: Any) -> Any:
    if isinstance(value, list):
        return []
    return "" if isinstance(value, str) else value


def _lists(data: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The lists that are not inside another, with their paths."""
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _lists(value, f"{prefix}{name}.")
        elif isinstance(value, list) and value:
            yield f"{prefix}{name}", value


def _grown(data: dict[str, Any], path: str, count: int) -> dict[str, Any]:
    name, _dot, rest = path.partition(".")
    value = data[name]
    grown = _grown(value, rest, count) if rest else (value * (count // len(value) + 1))[:count]
    return {**data, name: grown}
