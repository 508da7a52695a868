"""Standards as OSCAL catalogs, and OSCAL catalogs as standards with a checklist.

Out: OSCAL 1.2 JSON with the questions as parts of their controls. In: groups and controls become the tree, statements
the criterion's text; parameters are written out as their labels. Not taken over: back matter, links, responsible
parties, mappings. tests/slices/content/test_content_exchange.py checks against NIST's schema where it is at hand.
"""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.content.exchange.requirements import Requirement
from auditkit.content.library import Edition, Library, Node
from auditkit.content.shapes import Item

VERSION = "1.2.1"
HEADING = "heading"
NAMESPACE = "https://auditkit.example/ns/oscal"
_INSERT = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s}]+)\s*\}\}")
_STATEMENTS = ("statement", "overview", "item")


class NotACatalog(BadInput):
    message = N_("This is no OSCAL catalog in JSON. Import the file whose first key is `catalog`")


# --- out ---------------------------------------------------------------------------------------------------------


def catalog_of(library: Library, edition: Edition, now: datetime) -> dict[str, Any]:
    """The edition with every question that names a clause of it, as an OSCAL catalog."""
    tops = [node for node in edition.nodes if node.level == 1]
    return {
        "catalog": {
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:auditkit:content:{edition.id}:{edition.digest}")),
            "metadata": {
                "title": f"{edition.name} {edition.shape.title}"[:400],
                "last-modified": now.isoformat(timespec="seconds"),
                "version": edition.digest[:12],
                "oscal-version": VERSION,
                "props": [_prop("content-digest", edition.digest), _prop("nature", edition.shape.nature)],
                "remarks": "Numbers and titles only; questions are auditkit's own words.",
            },
            **_children(library, tops),
        }
    }


def _children(library: Library, nodes: list[Node]) -> dict[str, Any]:
    """Groups and controls; a catalog may hold both side by side."""
    groups = [_group(library, node) for node in nodes if not node.auditable]
    controls = [_control(library, node) for node in nodes if node.auditable]
    return {key: held for key, held in (("groups", groups), ("controls", controls)) if held}


def _group(library: Library, node: Node) -> dict[str, Any]:
    nodes = [library.node(ref) for ref in node.children]
    children = _children(library, nodes)
    if len(children) == 2:  # a group below the top holds groups or controls, not both
        children = {"controls": [_control(library, one) for one in nodes]}
    return {"id": _token("g", node.id), "title": node.title, "props": _props(node), **children}


def _control(library: Library, node: Node) -> dict[str, Any]:
    control: dict[str, Any] = {"id": _token("c", node.id), "title": node.title, "props": _props(node)}
    if not node.auditable:
        control["class"] = HEADING
    parts = [_part(item) for item in library.items_for(node.ref) if item.clauses[0] == node.ref]
    if node.text:
        parts.insert(0, {"name": "statement", "prose": node.text})
    if parts:
        control["parts"] = parts
    if node.children:
        control["controls"] = [_control(library, library.node(ref)) for ref in node.children]
    return control


def _part(item: Item) -> dict[str, Any]:
    below = [("good", item.good), ("evidence", item.evidence), ("guidance", item.guidance)]
    return {
        "id": _token("q", item.id),
        "name": "question",
        "ns": NAMESPACE,
        "props": [_prop("question-id", item.id), _prop("weight", str(item.weight)), _prop("source", item.source)],
        "prose": item.question,
        "parts": [{"name": name, "ns": NAMESPACE, "prose": text} for name, text in below if text],
    }


def _props(node: Node) -> list[dict[str, str]]:
    props = [{"name": "label", "value": node.id}, _prop("strength", node.strength), _prop("source", node.source)]
    return [*props, _prop("principle", node.code)] if node.code else props


def _prop(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": str(value)}


def _token(prefix: str, name: str) -> str:
    """An id as OSCAL wants it: it begins with a letter."""
    return name if prefix == "q" and name[0].isalpha() else f"{prefix}-{name}"


# --- in ----------------------------------------------------------------------------------------------------------


def requirements_in(data: Any, place: str) -> tuple[str, list[Requirement]]:
    """Title and requirements of a catalog (as `json.loads` gives it), parents first. Raises NotACatalog."""
    catalog = data.get("catalog") if isinstance(data, Mapping) else None
    if not isinstance(catalog, Mapping):
        raise NotACatalog(place=place)
    title = str(catalog.get("metadata", {}).get("title") or place)
    params = {str(one["id"]): _label(one) for one in _every(catalog, "params") if "id" in one}
    return title, list(_requirements(catalog, None, params))


def _requirements(holder: Any, parent: str | None, params: Mapping[str, str]) -> Iterator[Requirement]:
    for key in ("groups", "controls"):
        for one in holder.get(key) or ():
            name = _number(one)
            texts = [*_prose(one.get("parts") or (), params)]
            yield Requirement(
                id=name,
                title=_filled(str(one.get("title") or name), params),
                text="\n\n".join(texts) if key == "controls" else "",
                parent=parent,
                heading=key == "groups" or one.get("class") == HEADING,
            )
            yield from _requirements(one, name, params)


def _prose(parts: Any, params: Mapping[str, str]) -> Iterator[str]:
    for part in parts:
        if part.get("name") in _STATEMENTS:
            label = next((prop["value"] for prop in part.get("props") or () if prop.get("name") == "label"), "")
            if part.get("prose"):
                yield f"{label} {_filled(str(part['prose']), params)}".strip()
            yield from _prose(part.get("parts") or (), params)


def _number(one: Mapping[str, Any]) -> str:
    labels = [
        str(prop["value"]) for prop in one.get("props") or () if prop.get("name") == "label" and "class" not in prop
    ]
    return labels[0] if labels else str(one.get("id") or one.get("title") or "")


def _label(param: Mapping[str, Any]) -> str:
    choices = (param.get("select") or {}).get("choice") or ()
    return f"[{param.get('label') or ' | '.join(str(one) for one in choices) or param['id']}]"


def _filled(text: str, params: Mapping[str, str]) -> str:
    return _INSERT.sub(lambda match: params.get(match[1], f"[{match[1]}]"), text)


def _every(holder: Any, key: str) -> Iterator[Any]:
    """Every entry of the lists called `key`, at any depth."""
    if isinstance(holder, Mapping):
        yield from holder.get(key) or ()
        for name, value in holder.items():
            if name != key:
                yield from _every(value, key)
    elif isinstance(holder, list):
        for one in holder:
            yield from _every(one, key)
