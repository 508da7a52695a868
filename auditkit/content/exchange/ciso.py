"""A standard with its questions as a library file of CISO Assistant (YAML with URNs and requirement nodes)."""

from typing import Any

import yaml

from auditkit.content.library import Edition, Library, Node


def library_of(library: Library, edition: Edition) -> dict[str, Any]:
    """The library file as plain values. `annotation` holds the questions, `typical_evidence` what is expected."""
    return {
        "urn": f"urn:auditkit:risk:library:{edition.id}",
        "locale": "en",
        "ref_id": edition.id,
        "name": edition.name,
        "description": edition.shape.title,
        "copyright": "Numbers and titles only; questions are auditkit's own words, Apache-2.0.",
        "version": 1,
        "provider": "auditkit",
        "packager": "auditkit",
        "objects": {
            "framework": {
                "urn": f"urn:auditkit:risk:framework:{edition.id}",
                "ref_id": edition.id,
                "name": edition.name,
                "description": edition.shape.title,
                "requirement_nodes": [_node(library, node) for node in edition.nodes],
            }
        },
    }


def as_text(library: Library, edition: Edition) -> str:
    """The library file as YAML."""
    return yaml.safe_dump(library_of(library, edition), allow_unicode=True, sort_keys=False, width=110)


def _node(library: Library, node: Node) -> dict[str, Any]:
    items = [item for item in library.items_for(node.ref) if item.clauses[0] == node.ref]
    found: dict[str, Any] = {"urn": _urn(node.ref), "assessable": node.auditable, "depth": node.level}
    if node.parent:
        found["parent_urn"] = _urn(node.parent)
    found |= {"ref_id": node.id, "name": node.title}
    if node.text:
        found["description"] = node.text
    if items:
        found["annotation"] = "\n".join(f"- {item.question} ({item.id})" for item in items)
        found["typical_evidence"] = "\n".join(dict.fromkeys(f"- {item.evidence}" for item in items))
    return found


def _urn(ref: str) -> str:
    edition, _colon, node_id = ref.partition(":")
    return f"urn:auditkit:risk:req_node:{edition}:{node_id.lower()}"
