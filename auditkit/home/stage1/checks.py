"""Step 3: internal audits, the analysis of risks, findings and the actions that answer them."""

from typing import Any

from auditkit.actions import queries as actions
from auditkit.actions.queries import ActionLine
from auditkit.actions.rules import State
from auditkit.audits.programme import queries as programme
from auditkit.audits.queries import findings, grades
from auditkit.audits.queries.findings import FindingView
from auditkit.audits.rules import FINDING_STATE_TITLES
from auditkit.base.text import _, ngettext
from auditkit.content.shapes import Use
from auditkit.home.stage1.looking import Look, audit_line, missing_audit, newest_and_open
from auditkit.home.stage1.registers import register_line, registers_of_risks
from auditkit.home.stage1.rules import Line, Part, Standing, Step, each_once, earliest

INTERNAL = (Use.AUDIT, Use.SHORT, Use.PROFILE, Use.PRINCIPLES)


def step(look: Look) -> Step:
    """The step as it stands."""
    lines: list[Line] = []
    raised: list[FindingView] = []
    if look.actor.may("audits.read"):
        raised = findings.unsettled(look.tx)
        lines += [_programme(look), *_audits(look)]
    if look.actor.may("registers.read"):
        lines += [register_line(look, _("Analysis of risks"), one) for one in registers_of_risks(look)]
    lines += _findings(look, raised)
    if look.actor.may("actions.read"):
        lines += _actions(look, raised)
    return Step(Part.CHECKS, tuple(lines), look.lacks("audits.read", "registers.read", "actions.read"))


def _programme(look: Look) -> Line:
    year = look.today.year
    found = programme.of_year(look.tx, year)
    title, place = _("Audit programme"), ("audit_programme.show", {"year": year})
    if found is None:
        return Line(title, Standing.MISSING, _("None for %(year)s", year=str(year)), place)
    said = _("Written for %(year)s", year=str(year))
    return Line(title, Standing.DONE, said, place, "", None, each_once([found.responsible_id]))


def _audits(look: Look) -> list[Line]:
    title = _("Internal audit")
    found = newest_and_open(look.run_here(*INTERNAL))
    return [audit_line(look, title, one) for one in found] or [missing_audit(title, _("None is planned"))]


def _findings(look: Look, raised: list[FindingView]) -> list[Line]:
    titles = grades.titles(look.tx) if raised else {}
    lines = []
    for one in raised:
        open_actions = [action for action in one.actions if action.state is not State.CLOSED]
        lines.append(
            Line(
                titles[one.grade],
                Standing.UNDER_WAY if one.actions else Standing.MISSING,
                _(FINDING_STATE_TITLES[one.state]) if one.actions else _("No action answers it yet"),
                ("audits.finding", {"number": one.number}),
                f"{one.number} {one.statement}"[:200],
                earliest(action.due_on for action in open_actions if action.state is State.OPEN),
                each_once([action.owner_id for action in open_actions]),
            )
        )
    return lines


def _actions(look: Look, raised: list[FindingView]) -> list[Line]:
    """The actions that are not closed and answer no finding named above; those beyond the page are counted."""
    named = {action.number for one in raised for action in one.actions}
    lines: list[Line] = []
    for state in (State.OPEN, State.DONE, State.VERIFIED):
        found, more = actions.listing(look.tx, actions.Filter(state=state))
        lines += [_action(one) for one in found if one.number not in named]
        if more is not None:
            said = _("Further actions are not listed here. The list of actions has them all")
            lines.append(Line(_("Actions"), Standing.UNDER_WAY, said, ("actions.index", {"state": state.value})))
    closed = actions.counts(look.tx, look.today).closed
    if closed:
        said = ngettext("%(num)s action is closed", "%(num)s actions are closed", closed)
        lines.append(Line(_("Actions"), Standing.DONE, said, ("actions.index", {"state": State.CLOSED.value})))
    return lines


def _action(one: ActionLine) -> Line:
    place: tuple[str, dict[str, Any]] = ("actions.show", {"number": one.number})
    said = {
        State.OPEN: _("Open"),
        State.DONE: _("Done, its effect is not verified yet"),
        State.VERIFIED: _("Effect verified, to be closed"),
    }[one.state]
    due = one.due_on if one.state is State.OPEN else None
    return Line(_("Action"), Standing.UNDER_WAY, said, place, f"{one.number} {one.title}", due, (one.owner_id,))
