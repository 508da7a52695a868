"""Step 1: procedures, recording, times and solutions as they are now, by a gap analysis over real records."""

from datetime import timedelta

from auditkit.audits.queries import run
from auditkit.audits.wording import Wording
from auditkit.base.text import _
from auditkit.complaints.queries import figures
from auditkit.content.shapes import Use
from auditkit.home.stage1.looking import Look, audit_line, missing_audit, newest_and_open
from auditkit.home.stage1.rules import Line, Part, Standing, Step
from auditkit.web.languages import day

YEAR = timedelta(days=365)


def step(look: Look) -> Step:
    """The step as it stands."""
    lines: list[Line] = []
    if look.actor.may("audits.read"):
        lines += _gap_analysis(look)
    if look.actor.may("complaints.read"):
        lines.append(_records(look))
    return Step(Part.ANALYSIS, tuple(lines), look.lacks("audits.read", "complaints.read"))


def _gap_analysis(look: Look) -> list[Line]:
    title = _("Gap analysis")
    found = newest_and_open(look.run_here(Use.GAP))
    if not found:
        return [missing_audit(title, _("Nobody has planned one. Plan an audit with the checklist for the first visit"))]
    lines: list[Line] = []
    for audit in found:
        lines.append(audit_line(look, title, audit))
        lines += [
            Line(
                _("Part of the gap analysis"),
                Standing.DONE if part.settled == part.total else Standing.UNDER_WAY,
                _("%(answered)s of %(rows)s questions answered", answered=part.settled, rows=part.total),
                ("audits.run", {"number": audit.number}),
                part.title,
                None if audit.ended else audit.planned_to,
                look.team(audit),
            )
            for part in Wording(look.library).progress(run.progress(look.tx, audit.id), audit.checklist_id)
        ]
    return lines


def _records(look: Look) -> Line:
    """Without records of complaints there is nothing whose times and solutions could be looked at."""
    since = look.today - YEAR
    number = figures.period_counts(look.tx, since, look.today).received
    said = _("%(count)s received since %(day)s", count=number, day=day(since))
    standing = Standing.DONE if number else Standing.MISSING
    return Line(_("Complaints on record"), standing, said, ("complaints.index", {}))
