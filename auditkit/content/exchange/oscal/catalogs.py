"""OSCAL catalogs as requirements: groups and controls become the tree, statements the criterion's text.

A parameter is written as its value where one is set, else as its label in brackets. Guidance and the works that a
control refers to become the question's guidance; a control that was withdrawn stays as a heading that nobody audits.
Not taken over: assessment objectives and methods (the checklist has questions of its own), responsible parties,
mappings. tests/slices/content/test_content_oscal.py holds it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.content.exchange.requirements import Requirement

HEADING = "heading"
_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")
_LINK = re.compile(r"\[([^\]]*)\]\(#[^)]*\)")
_STATEMENTS = ("statement", "overview", "item")
_GUIDANCE = ("guidance", "objective", "information")


class NotACatalog(BadInput):
    message = N_("This is no OSCAL catalog in JSON. Import the file whose first key is `catalog`")


@dataclass
class _Words:
    """What texts of a catalog refer to: parameters by id, works by id."""

    params: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    works: dict[str, str] = field(default_factory=dict)

    def filled(self, text: str, inside: tuple[str, ...] = ()) -> str:
        """`text` with its parameters written out, and links within the catalog as plain words."""

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in inside or name not in self.params:  # a parameter that stands within itself
                return f"[{name}]"
            return self.filled(_shown(self.params[name], name), (*inside, name))

        return _LINK.sub(r"\1", _INSERT.sub(value, text))


def requirements_in(data: Any, place: str) -> tuple[str, list[Requirement]]:
    """Title and requirements of a catalog (as `json.loads` gives it), parents first. Raises NotACatalog."""
    catalog = data.get("catalog") if isinstance(data, Mapping) else None
    if not isinstance(catalog, Mapping):
        raise NotACatalog(place=place)
    title = str(catalog.get("metadata", {}).get("title") or place)
    words = _Words(
        {str(one["id"]): one for one in every(catalog, "params") if "id" in one},
        {str(one.get("uuid")): _citation(one) for one in (catalog.get("back-matter") or {}).get("resources") or ()},
    )
    return title, list(_requirements(catalog, None, words))


def every(holder: Any, key: str) -> Iterator[Any]:
    """Every entry of the lists called `key`, at any depth."""
    if isinstance(holder, Mapping):
        yield from holder.get(key) or ()
        for value in holder.values():
            yield from every(value, key)
    elif isinstance(holder, list):
        for one in holder:
            yield from every(one, key)


def _requirements(holder: Any, parent: str | None, words: _Words) -> Iterator[Requirement]:
    for key in ("groups", "controls"):
        for one in holder.get(key) or ():
            name = _number(one)
            is_control = key == "controls" and one.get("class") != HEADING and not _withdrawn(one)
            parts = one.get("parts") or ()
            yield Requirement(
                id=name,
                title=words.filled(str(one.get("title") or name)),
                text="\n\n".join(_prose(parts, _STATEMENTS, words)) if is_control else "",
                parent=parent,
                heading=not is_control,
                guidance="\n\n".join([*_prose(parts, _GUIDANCE, words), *_works(one, words)]) if is_control else "",
            )
            yield from _requirements(one, name, words)


def _prose(parts: Any, names: tuple[str, ...], words: _Words) -> Iterator[str]:
    """The texts of the parts with one of these names and of what is in them, each after its label."""
    for part in parts:
        if part.get("name") in names:
            label = next((prop["value"] for prop in part.get("props") or () if prop.get("name") == "label"), "")
            if part.get("prose"):
                yield f"{label} {words.filled(str(part['prose']))}".strip()
            yield from _prose(part.get("parts") or (), names, words)


def _works(control: Mapping[str, Any], words: _Words) -> Iterator[str]:
    refs = [str(one.get("href", "")) for one in control.get("links") or () if one.get("rel") == "reference"]
    titles = [words.works[ref[1:]] for ref in refs if words.works.get(ref[1:])]
    if titles:
        yield f"References: {'; '.join(titles)}"


def _citation(resource: Mapping[str, Any]) -> str:
    return str(
        (resource.get("citation") or {}).get("text") or resource.get("title") or resource.get("description") or ""
    )


def _withdrawn(control: Mapping[str, Any]) -> bool:
    return any(
        prop.get("name") == "status" and str(prop.get("value")).lower() == "withdrawn"
        for prop in control.get("props") or ()
    )


def _number(one: Mapping[str, Any]) -> str:
    labels = [
        str(prop["value"]) for prop in one.get("props") or () if prop.get("name") == "label" and "class" not in prop
    ]
    return labels[0] if labels else str(one.get("id") or one.get("title") or "")


def _shown(param: Mapping[str, Any], name: str) -> str:
    """A parameter's value; without one its label or choices, in brackets."""
    if values := param.get("values"):
        return ", ".join(str(one) for one in values)
    choices = (param.get("select") or {}).get("choice") or ()
    return f"[{param.get('label') or ' | '.join(str(one) for one in choices) or name}]"
