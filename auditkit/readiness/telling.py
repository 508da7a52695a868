"""What cells of the clause matrix and what they count are called in the language of the moment, for pages and packs."""

from collections.abc import Callable

from auditkit.actions.rules import STATE_TITLES as ACTION_STATES
from auditkit.actions.rules import State as ActionState
from auditkit.audits.rules import GRADE_TITLES, Grade
from auditkit.base.text import N_, _, ngettext
from auditkit.content.shapes import ProbesShape
from auditkit.readiness import rules
from auditkit.readiness.rules import Cell, Column, Part, PartKind, Reading, State, Why

Titles = Callable[[str], str]


def said(cell: Cell, months: int, title_of: Titles) -> str:
    """What a cell says in a few words; `months` are those of the period, `title_of` gives the words of a probe."""
    return _SAID[cell.column](cell, months, title_of)


def _documents(cell: Cell, _months: int, _title_of: Titles) -> str:
    if not cell.parts:
        return _("None expected") if cell.why is Why.NO_DOCUMENT_EXPECTED else _("None in force")
    return ngettext("%(num)s document", "%(num)s documents", len(cell.parts))


def _records(cell: Cell, _months: int, title_of: Titles) -> str:
    if not cell.parts:
        return _("Nothing to count")
    worst = next((part for part in cell.parts if part.kind is PartKind.PROBE and part.state is State.GAP), None)
    if worst is not None:
        return _("%(what)s: %(counted)s", what=title_of(worst.id), counted=counted(worst))
    told = [ngettext("%(num)s kind of record", "%(num)s kinds of record", len(cell.parts))]
    if cell.exceptions:
        told.append(ngettext("%(num)s exception", "%(num)s exceptions", cell.exceptions))
    return " · ".join(told)


def _audit(cell: Cell, _months: int, _title_of: Titles) -> str:
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


def _findings(cell: Cell, _months: int, _title_of: Titles) -> str:
    told = []
    waiting = sum(part.exceptions for part in cell.parts if part.kind is PartKind.FINDING)
    if waiting:
        told.append(ngettext("%(num)s open nonconformity", "%(num)s open nonconformities", waiting))
    actions = [part for part in cell.parts if part.kind is PartKind.ACTION]
    if actions:
        told.append(ngettext("%(num)s open action", "%(num)s open actions", len(actions)))
    overdue = sum(part.exceptions for part in actions)
    if overdue:
        told.append(_("%(number)s overdue", number=overdue))
    return " · ".join(told) or (_("None open") if cell.computed is State.FOUND else _("Nobody looked"))


def _freshness(cell: Cell, months: int, _title_of: Titles) -> str:
    if cell.newest is None:
        return _("No day")
    if cell.months is None:
        return ""
    return _("%(months)s of %(all)s months", months=cell.months, all=months)


_SAID: dict[Column, Callable[[Cell, int, Titles], str]] = {
    Column.DOCUMENTS: _documents,
    Column.RECORDS: _records,
    Column.AUDIT: _audit,
    Column.FINDINGS: _findings,
    Column.FRESHNESS: _freshness,
}


def counted(part: Part | Reading) -> str:
    """What was counted, in words: "42 of 45, 3 exceptions, 2 not checked"."""
    if isinstance(part, Part) and part.kind is PartKind.ACTION:
        return (
            _("Overdue") if part.exceptions else _(ACTION_STATES[ActionState.DONE if part.unseen else ActionState.OPEN])
        )
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
    if part.kind is PartKind.ACTION:
        return _("Action")
    return ""
