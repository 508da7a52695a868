"""The blueprint of readiness, what its address asks for, and the words of cells and parts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, current_app, request, url_for

from auditkit.audits.rules import GRADE_TITLES, Grade
from auditkit.base import clock
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.text import N_, _, ngettext
from auditkit.content.shapes import ProbesShape
from auditkit.library.here import library
from auditkit.readiness import queries, rules
from auditkit.readiness.probing import Named
from auditkit.readiness.rules import (
    COLUMN_TITLES,
    STATE_TITLES,
    WHY_TITLES,
    Cell,
    Column,
    Part,
    PartKind,
    Period,
    Reading,
    State,
    Why,
)
from auditkit.web.access import may

bp = Blueprint("readiness", __name__, url_prefix="/readiness", template_folder="../templates")

REFUSALS = (RuleBroken, BadInput, Conflict)
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
    usual = rules.year_to(clock.now().date())
    return rules.check_period(Period(_day("from") or usual.first, _day("to") or usual.last))


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise rules.PeriodUnfit() from None


def address(period: Period) -> dict[str, str]:
    """The period for an address; nothing for the usual one, so that a kept address moves along."""
    usual = rules.year_to(clock.now().date())
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
    return _SAID[cell.column](cell, months)


def _documents(cell: Cell, _months: int) -> str:
    if not cell.parts:
        return _("None expected") if cell.why is Why.NO_DOCUMENT_EXPECTED else _("None in force")
    return ngettext("%(num)s document", "%(num)s documents", len(cell.parts))


def _records(cell: Cell, _months: int) -> str:
    if not cell.parts:
        return _("Nothing to count")
    worst = next((part for part in cell.parts if part.kind is PartKind.PROBE and part.state is State.GAP), None)
    if worst is not None:
        return _("%(what)s: %(counted)s", what=_probe_title(worst.id), counted=counted(worst))
    told = [ngettext("%(num)s kind of record", "%(num)s kinds of record", len(cell.parts))]
    if cell.exceptions:
        told.append(ngettext("%(num)s exception", "%(num)s exceptions", cell.exceptions))
    return " · ".join(told)


def _probe_title(probe_id: str) -> str:
    probes = (one for group in library().probe_sets.values() for one in group.probes)
    return next(one.title for one in probes if one.id == probe_id)


def _audit(cell: Cell, _months: int) -> str:
    last = rules.last_looked(cell.parts)
    if last is None:
        carried = any(part.kind is PartKind.CARRIED for part in cell.parts)
        return _("Carried over") if carried else _(_SHORT.get(cell.why, N_("Not looked at")))
    told = [_("%(looked)s of %(all)s questions", looked=last.found, all=last.of or 0)]
    if last.exceptions:
        told.append(_("%(number)s below full conformity", number=last.exceptions))
    return " · ".join(told)


_SHORT = {
    Why.NOT_ASKED: N_("Not audited"),
    Why.PLANNED: N_("Planned"),
    Why.RUNNING: N_("Under way"),
    Why.SKIPPED: N_("Not looked at"),
    Why.EXAMINE_AGAIN: N_("Examine again"),
}


def _findings(cell: Cell, _months: int) -> str:
    waiting = cell.exceptions
    if waiting:
        return ngettext("%(num)s open nonconformity", "%(num)s open nonconformities", waiting)
    return _("None open") if cell.computed is State.FOUND else _("Nobody looked")


def _freshness(cell: Cell, months: int) -> str:
    if cell.newest is None:
        return _("No day")
    if cell.months is None:
        return ""
    return _("%(months)s of %(all)s months", months=cell.months, all=months)


_SAID: dict[Column, Callable[[Cell, int], str]] = {
    Column.DOCUMENTS: _documents,
    Column.RECORDS: _records,
    Column.AUDIT: _audit,
    Column.FINDINGS: _findings,
    Column.FRESHNESS: _freshness,
}


def counted(part: Part | Reading) -> str:
    """What was counted, in words: "42 of 45, 3 exceptions, 2 not checked"."""
    told = [str(part.found) if part.of is None else _("%(found)s of %(of)s", found=part.found, of=part.of)]
    if part.exceptions:
        told.append(ngettext("%(num)s exception", "%(num)s exceptions", part.exceptions))
    if part.unseen:
        told.append(_("%(number)s not checked", number=part.unseen))
    return ", ".join(told)


def part_title(part: Part, probes: ProbesShape) -> str:
    """What a part is called where content or the product has the word; records bring their own."""
    if part.kind is PartKind.PROBE:
        return next(one.title for one in probes.probes if one.id == part.id)
    if part.kind is PartKind.EVIDENCE:
        return _("Evidence that names this clause")
    if part.kind is PartKind.CARRIED:
        return _("Carried over from the older edition")
    if part.kind is PartKind.FINDING:
        return _(GRADE_TITLES[Grade(part.label)])
    return ""


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
