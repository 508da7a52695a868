"""The blueprint of readiness, what its address asks for, and the words of cells and parts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, current_app, request, url_for

from auditkit.base import clock
from auditkit.base.text import N_, _
from auditkit.content.shapes import ProbesShape
from auditkit.library.here import library
from auditkit.readiness import queries, rules, telling
from auditkit.readiness.probing import Named
from auditkit.readiness.rules import COLUMN_TITLES, STATE_TITLES, WHY_TITLES, Cell, Column, Period, State
from auditkit.readiness.telling import counted, part_title
from auditkit.web.access import may
from auditkit.web.acting import REFUSALS
from auditkit.web.languages import day_there

__all__ = [
    "FIRST",
    "REFUSALS",
    "address",
    "bp",
    "counted",
    "edition_asked",
    "names",
    "part_title",
    "period_asked",
    "probes_of",
    "said",
    "url_of",
    "words",
]

bp = Blueprint("readiness", __name__, url_prefix="/readiness", template_folder="../templates")
FIRST = "iso10002-2018"
TONES = {State.FOUND: "good", State.GAP: "bad", State.NOT_CHECKED: "neutral"}
ICONS = {State.FOUND: "check-circle", State.GAP: "exclamation-triangle", State.NOT_CHECKED: "question-circle"}
RELATION_TITLES = {
    "same": N_("the same"),
    "widened": N_("widened"),
    "narrowed": N_("narrowed"),
    "partial": N_("in part"),
    "supports": N_("supports it"),
}


def names() -> dict[int, str]:
    """Person id -> name."""
    found: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return found


def edition_asked() -> str:
    """The edition that the address asks for, else the first."""
    wanted = request.args.get("edition", "")
    known = [one.id for one in queries.editions(library())]
    return wanted if wanted in known else FIRST if FIRST in known else known[0]


def period_asked() -> Period:
    """The days that the address asks for; without them the twelve months up to today. Raises PeriodUnfit."""
    usual = rules.year_to(day_there(clock.now()))
    return rules.check_period(Period(_day("from") or usual.first, _day("to") or usual.last))


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise rules.PeriodUnfit() from None


def address(period: Period) -> dict[str, str]:
    """The period for an address; nothing for the usual one, so that a kept address moves along."""
    usual = rules.year_to(day_there(clock.now()))
    return {} if period == usual else {"from": period.first.isoformat(), "to": period.last.isoformat()}


def probes_of(made: rules.Matrix) -> ProbesShape:
    """What content says of the probes of a matrix, in the language of content."""
    return queries.counting(library(), made.edition).probes


def words() -> dict[str, Any]:
    """Titles, tones and icons that every page of readiness shows."""
    return {
        "State": State,
        "Column": Column,
        "STATE_TITLES": STATE_TITLES,
        "STATE_TONES": TONES,
        "STATE_ICONS": ICONS,
        "COLUMN_TITLES": COLUMN_TITLES,
        "column_titles": [_(title) for title in COLUMN_TITLES.values()],
        "WHY_TITLES": WHY_TITLES,
        "RELATION_TITLES": RELATION_TITLES,
        "said": said,
        "counted": counted,
        "names": names(),
    }


def said(cell: Cell, months: int) -> str:
    """What a cell says in a few words; `months` are those of the period."""
    probes = (one for group in library().probe_sets.values() for one in group.probes)
    return telling.said(cell, months, lambda probe_id: next(one.title for one in probes if one.id == probe_id))


def url_of(named: Named) -> str:
    """Where a record is shown; empty where the person may not see it or it has no page."""
    permission, build = _PLACES.get(named.kind, ("", None))
    return build(named.key) if build is not None and may(permission) else ""


_PLACES: dict[str, tuple[str, Callable[[str], str]]] = {
    "complaint": ("complaints.read", lambda key: url_for("complaints.show", reference=key)),
    "register-entry": (
        "registers.read",
        lambda key: url_for("registers.show", register=key.partition("/")[0], number=key.partition("/")[2]),
    ),
    "action": ("actions.read", lambda key: url_for("actions.show", number=key)),
    "finding": ("audits.read", lambda key: url_for("audits.finding", number=key)),
    "audit": ("audits.read", lambda key: url_for("audits.show", number=key)),
    "review": ("reviews.read", lambda key: url_for("reviews.show", number=key)),
    "policy": ("policies.read", lambda key: url_for("policies.show", policy_id=int(key))),
    "evidence": ("evidence.read", lambda key: url_for("evidence.show", digest=key)),
}
