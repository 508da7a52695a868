"""The room of a pack: one page that opens from a memory stick, without a network, under its own content policy.

Style and script stand in the page and nothing else may run: their hashes are the policy. Every text is escaped, so
that a file's name cannot become markup. tests/slices/packs/test_formats.py tries the strings that break such pages,
and tests/browser/test_offline_room.py opens it.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from auditkit.base.jalali import persian_digits
from auditkit.base.text import N_, _, language_written
from auditkit.content.texts import direction_of
from auditkit.documents.contexts.facts import Picture
from auditkit.journal.queries import Line
from auditkit.packs.contents import Contents
from auditkit.packs.gathering import Item
from auditkit.packs.gathering.found import day
from auditkit.packs.making import Made
from auditkit.packs.rules import CLAUSE_STATE_TITLES, ClauseState
from auditkit.packs.signer import Signer
from auditkit.web.languages import day_there

FILE = "index.html"
NOTHING = "–"
PIECES = 500  # pieces of the template that are written at once


def names(languages: Sequence[str]) -> dict[str, str]:
    """Language -> file of the room in it; the first is `index.html`, which people open."""
    return {one: FILE if one == languages[0] else f"index.{one}.html" for one in languages}


TONES = {ClauseState.FOUND: "good", ClauseState.GAP: "bad", ClauseState.NOT_CHECKED: ""}
NAMES = {"en": "English", "fa": "فارسی"}
KINDS = {
    "missing": N_("Missing"),
    "not_required": N_("Not required"),
    "omitted": N_("Omitted"),
    "withheld": N_("Withheld"),
}


def room(
    contents: Contents,
    own: list[Made],
    trail: tuple[Line, ...],
    dated: datetime,
    signer: Signer,
    how_to_check: str,
    languages: Mapping[str, str],
) -> Iterator[bytes]:
    """The page in pieces. `own`: files of this form alone; `trail`: the extract of the journal, oldest first.

    `languages`: language -> the file in which this room stands in it.
    """
    draft = contents.draft
    style, script = _part("room.css"), _part("room.js")
    told = contents.omissions()
    hrefs = {one.path: quote(one.path) for one in (*contents.made.values(), *own)}
    pieces = template().generate(
        style=Markup(style),  # noqa: S704 - ours, and no value stands in it
        script=Markup(script),  # noqa: S704 - the same
        style_hash=_hash(style),
        script_hash=_hash(script),
        language=draft.language,
        direction=direction_of(draft.language),
        languages=[(NAMES[one], one, file) for one, file in languages.items() if one != draft.language],
        title=contents.hide(draft.title),
        organisation=draft.organisation.name,
        logo=_address_of(draft.logo),
        purpose=" ".join(draft.definition.purpose.split()),
        standard=draft.edition.name,
        start=day(draft.start),
        end=day(draft.end),
        dated=f"{_moment(dated, '%H:%M')} UTC",
        redacted=contents.form == "redacted",
        totals=[
            (state, _(title), sum(line.state is state for line in contents.lines))
            for state, title in CLAUSE_STATE_TITLES.items()
        ],
        lines=[
            {
                "number": line.number,
                "title": line.title,
                "state": _(CLAUSE_STATE_TITLES[line.state]),
                "tone": TONES[line.state],
                "why": contents.hide(line.why),
                "files": [_link(contents, item, hrefs) for item in line.items],
            }
            for line in contents.lines
        ],
        matrix=_matrix(contents),
        columns=[cell.title for cell in contents.standing.rows[0].cells]
        if contents.standing and contents.standing.rows
        else [],
        files=_files(contents, own, hrefs),
        accepted=told["accepted"],
        missing=[
            {"kind": _(title), "clauses": ", ".join(one.get("clauses", ())), "what": one["what"], "why": one["why"]}
            for kind, title in KINDS.items()
            for one in told[kind]
        ],
        trail=[
            {
                "seq": _number(entry.seq),
                "at": _moment(entry.at, "%H:%M:%S"),
                "event": entry.event,
                "subject": f"{entry.subject_kind}/{entry.subject_id}",
                "role": entry.role,
                "hash": entry.hash,
            }
            for entry in trail
        ],
        how_to_check=how_to_check,
        key=signer.fingerprint,
        head=draft.head.seq if draft.head else None,
    )
    while written := "".join(islice(pieces, PIECES)):
        yield written.encode()


def _address_of(picture: Picture) -> str:
    """A picture as an address that holds it; empty for none. A logo names nobody: it stands in both forms."""
    kind = "png" if base64.b64decode(picture[:8]).startswith(b"\x89PNG") else "jpeg"  # there is no third
    return f"data:image/{kind};base64,{picture}" if picture else ""


def _matrix(contents: Contents) -> dict[str, Any]:
    """The clause matrix for the page: its rows, and what is said where there is none."""
    told = contents.matrix()
    rows = [
        {
            "number": line.number,
            "title": line.title,
            "cells": [
                {
                    "state": _(CLAUSE_STATE_TITLES[cell.state]),
                    "tone": TONES[cell.state],
                    "said": cell.said,
                    "why": cell.why,
                    "computed": _(CLAUSE_STATE_TITLES[cell.computed]),
                    "override": cell.override,
                    "parts": cell.parts,
                }
                for cell in line.cells
            ],
        }
        for line in contents.lines
        if line.cells
    ]
    counted_on = day_there(contents.standing.as_of) if contents.standing and told["counted"] else None
    return {**told, "rows": rows, "day": day(counted_on)}


def _moment(at: datetime, clock: str) -> str:
    """A moment in UTC as the language of the page writes it."""
    at = at.astimezone(UTC)
    hour = at.strftime(clock)
    return f"{day(at.date())}، {persian_digits(hour)}" if language_written() == "fa" else f"{day(at.date())}, {hour}"


def _number(value: object) -> str:
    """A number in the digits of the language of the page."""
    return persian_digits(str(value)) if language_written() == "fa" else str(value)


def _apart(words: str | None) -> str:
    """Somebody's words within a sentence of the page: in their own direction, and the sentence ends but once."""
    return f"\u2068{words.rstrip(' .')}\u2069" if words else ""


def _link(contents: Contents, item: Item, hrefs: Mapping[str, str]) -> dict[str, str]:
    one = contents.made[item.path]
    return {"title": one.title, "href": hrefs[one.path] if isinstance(one, Made) else ""}


def _files(contents: Contents, own: list[Made], hrefs: Mapping[str, str]) -> list[dict[str, Any]]:
    items = {item.path: item for item in contents.draft.items}
    held = [(one, contents.original_name(items[path])) for path, one in contents.made.items() if isinstance(one, Made)]
    held += [(one, None) for one in own]
    days = cache(day)  # many files are of one day
    return [
        {
            "href": hrefs[one.path],
            "title": one.title,
            "path": one.path,
            "original": original or NOTHING,
            "date": days(one.date) or NOTHING,
            "size": _number(one.source.size),
            "sha256": one.source.sha256,
        }
        for one, original in sorted(held, key=lambda pair: pair[0].path)
    ]


@cache
def _part(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8").strip()


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def template() -> jinja2.Template:
    """What the room is made from. Compiling it takes a megabyte for a moment."""
    # Not the application's environment: its globals and its policy belong to pages that a server hands out.
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.globals["_"] = _
    environment.filters.update(day=day, number=_number, apart=_apart)
    return environment.from_string(_part("room.html"))
