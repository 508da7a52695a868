"""The main navigation, by permission. `app.py` says what stands in it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for

from auditkit.base.text import _
from auditkit.web.access import may


@dataclass(frozen=True)
class Item:
    """One entry: `title` is a message id, `icon` a Bootstrap icon, `permission` who sees it."""

    title: str
    endpoint: str
    icon: str
    permission: str


def address(endpoint: str) -> str:
    """The address of a page that needs no values but its organisation. Built once: every page shows many of them."""
    return _built(id(current_app.url_map), request.script_root, g.get("organisation_slug"), endpoint)


@lru_cache(maxsize=4096)
def _built(_map: int, _root: str, _slug: str | None, endpoint: str) -> str:
    return url_for(endpoint)


def items() -> list[dict[str, Any]]:
    """The entries the current actor may use, ready for the template."""
    if "actor" not in g or g.actor.person_id is None:
        return []
    here = request.blueprint
    return [
        {
            "title": _(item.title),
            "url": address(item.endpoint),
            "icon": item.icon,
            "current": here == item.endpoint.split(".")[0],
        }
        for item in current_app.extensions["auditkit.navigation"]
        if may(item.permission)
    ]


def init_app(app: Flask, entries: list[Item]) -> None:
    """Give `app` its navigation."""
    app.extensions["auditkit.navigation"] = entries
    app.jinja_env.globals.update(navigation=items, address=address)
