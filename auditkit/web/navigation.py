"""The main navigation, by permission. `app.py` says what stands in it."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from flask import Flask, current_app, g, request, url_for

from auditkit.base.text import _
from auditkit.web.access import may
from auditkit.web.languages import locale


@dataclass(frozen=True)
class Item:
    """One entry: `title` is a message id, `icon` a Bootstrap icon, `permission` who sees it, `unless` who does not.

    `group` is the heading it stands under (a message id), empty for those above all headings.
    """

    title: str
    endpoint: str
    icon: str
    permission: str
    unless: str = ""
    group: str = ""


class Entry(NamedTuple):
    """An entry as it is shown; `current` on the pages of its slice."""

    title: str
    url: str
    icon: str
    blueprint: str
    group: str = ""
    current: bool = False


def address(endpoint: str) -> str:
    """The address of a page that needs no values but its organisation. Built once: every page shows many of them."""
    return _built(id(current_app.url_map), request.script_root, g.get("organisation_slug"), endpoint)


@lru_cache(maxsize=4096)
def _built(_map: int, _root: str, _slug: str | None, endpoint: str) -> str:
    return url_for(endpoint)


def items() -> tuple[Entry, ...]:
    """The entries the current actor may use, ready for the template."""
    if "actor" not in g or g.actor.person_id is None:
        return ()
    entries: tuple[Item, ...] = current_app.extensions["auditkit.navigation"]
    kept = _entries(entries, g.actor.permissions, locale(), address("home.show"))
    here = request.blueprint
    return tuple([entry._replace(current=True) if entry.blueprint == here else entry for entry in kept])


@lru_cache(maxsize=1024)
def _entries(entries: tuple[Item, ...], _permissions: frozenset[str], _language: str, _home: str) -> list[Entry]:
    # Made once for each set of permissions, language and organisation: every page shows it.
    return [
        Entry(
            _(item.title), address(item.endpoint), item.icon, item.endpoint.split(".")[0], item.group and _(item.group)
        )
        for item in entries
        if may(item.permission) and not (item.unless and may(item.unless))
    ]


def init_app(app: Flask, entries: list[Item]) -> None:
    """Give `app` its navigation."""
    app.extensions["auditkit.navigation"] = tuple(entries)
    app.jinja_env.globals.update(navigation=items, address=address)
