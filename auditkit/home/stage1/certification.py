"""Step 4: readiness, the evidence handed over, the certification body's audits and nonconformities, the certificate."""

from typing import Any

from auditkit.actions import queries as actions
from auditkit.actions.queries import NcView
from auditkit.actions.rules import State
from auditkit.audits.rules import AuditKind
from auditkit.base.text import _, ngettext
from auditkit.complaints.clock import queries as clock
from auditkit.complaints.clock.queries import QueueWanted
from auditkit.content.shapes import Use
from auditkit.home.stage1.looking import Look, audit_line, missing_audit, newest_and_open
from auditkit.home.stage1.registers import certificate_lines
from auditkit.home.stage1.rules import Line, Part, Standing, Step, each_once, earliest
from auditkit.packs import queries as packs
from auditkit.web.languages import day, day_there


def step(look: Look) -> Step:
    """The step as it stands."""
    lines: list[Line] = []
    if look.actor.may("audits.read"):
        lines += _readiness(look)
    if look.actor.may("complaints.read"):
        lines.append(_in_time(look))
    if look.actor.may("packs.read"):
        lines.append(_pack(look))
    if look.actor.may("audits.read"):
        lines += _from_outside(look)
    if look.actor.may("actions.read"):
        lines += [_nonconformity(one) for one in actions.nonconformities(look.tx)]
    if look.actor.may("registers.read"):
        lines += certificate_lines(look)
    needed = ("audits.read", "complaints.read", "packs.read", "actions.read", "registers.read")
    return Step(Part.CERTIFICATION, tuple(lines), look.lacks(*needed))


def _readiness(look: Look) -> list[Line]:
    title = _("Readiness for stage 1")
    found = newest_and_open(look.run_here(Use.READINESS))
    said = _("Nobody has planned the check of what a certification body asks for first")
    return [audit_line(look, title, one) for one in found] or [missing_audit(title, said)]


def _in_time(look: Look) -> Line:
    """The certification body looks at the process at work, so what is late now counts."""
    late = clock.counts(look.tx, QueueWanted(), look.now)["overdue"]
    place = ("complaints_due.index", {"whose": "all", "state": "overdue"})
    said = _("%(count)s overdue now", count=clock.counted(late))
    return Line(_("Complaints answered in time"), Standing.UNDER_WAY if late else Standing.DONE, said, place)


def _pack(look: Look) -> Line:
    title = _("Evidence pack")
    found, _more = packs.page(look.tx)
    if not found:
        return Line(title, Standing.MISSING, _("None is built yet"), ("packs.new", {}))
    newest = found[0]
    place: tuple[str, dict[str, Any]] = ("packs.show", {"number": newest.id})
    if newest.gap_count:
        gaps = ngettext("%(num)s gap is named in it", "%(num)s gaps are named in it", newest.gap_count)
        return Line(title, Standing.UNDER_WAY, gaps, place, newest.title, None, each_once([newest.built_by_id]))
    said = _("Built on %(day)s without gaps", day=day(day_there(newest.built_at)))
    return Line(title, Standing.DONE, said, place, newest.title, None, each_once([newest.built_by_id]))


def _from_outside(look: Look) -> list[Line]:
    title = _("Audit by the certification body")
    found = [one for one in look.audits if one.kind is AuditKind.OUTSIDE]
    return [audit_line(look, title, one) for one in found] or [missing_audit(title, _("No date is recorded yet"))]


def _nonconformity(one: NcView) -> Line:
    """What the body raised: done when every action that answers it is closed."""
    place = ("actions.nonconformity", {"nc_id": one.id})
    who, name = each_once([answer.owner_id for answer in one.answers]), f"{one.body} {one.number}"
    title = _("Nonconformity of the certification body")
    if one.state is State.CLOSED:
        return Line(title, Standing.DONE, _("Closed"), place, name, None, who)
    if not one.answers:
        due = earliest([one.plan_due_on, one.evidence_due_on])
        return Line(title, Standing.MISSING, _("No action answers it yet"), place, name, due)
    planned = all(answer.plan_ready for answer in one.answers)
    said = _("Answered, not closed yet") if planned else _("The plan is not ready yet")
    due = one.evidence_due_on if planned else earliest([one.plan_due_on, one.evidence_due_on])
    return Line(title, Standing.UNDER_WAY, said, place, name, due, who)
