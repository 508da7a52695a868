"""Standards as OSCAL 1.2 catalogs in JSON, with the questions as parts of their controls.

tests/slices/content/test_content_exchange.py checks them against NIST's schema where it is at hand.
"""

import uuid
from datetime import datetime
from typing import Any

from auditkit.content.library import Edition, Library, Node
from auditkit.content.shapes import Item

VERSION = "1.2.1"
HEADING = "heading"
NAMESPACE = "https://auditkit.example/ns/oscal"


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
