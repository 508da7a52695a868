"""What the parts of the path look with: the session of one organisation, who looks, its library, and the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from auditkit.accounts.queries import today_of_house
from auditkit.audits.queries import briefs, plans
from auditkit.audits.queries.briefs import Brief
from auditkit.audits.queries.plans import TeamMember
from auditkit.audits.rules import AuditKind, State
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.text import _
from auditkit.content.library import Library
from auditkit.content.shapes import Use
from auditkit.home.stage1.rules import Line, Standing, each_once
from auditkit.registers import queries as registers
from auditkit.web.languages import day


@dataclass
class Look:
    """`tx` is bound to the organisation of `actor`; `library` is that organisation's."""

    tx: Session
    actor: Actor
    library: Library
    now: datetime

    @property
    def today(self) -> date:
        """The day of the look, where the organisation is."""
        return today_of_house(self.tx, self.now)

    def lacks(self, *permissions: str) -> tuple[str, ...]:
        """Those of these permissions that the reader does not carry."""
        return tuple(one for one in permissions if not self.actor.may(one))

    @cached_property
    def audits(self) -> list[Brief]:
        """Every audit, latest planned first; none for a reader who may not read audits."""
        return briefs.briefs(self.tx) if self.actor.may("audits.read") else []

    @cached_property
    def _teams(self) -> Mapping[int, list[TeamMember]]:
        return plans.teams(self.tx, [one.id for one in self.audits])

    def team(self, audit: Brief) -> tuple[int, ...]:
        """The people of an audit, its lead first."""
        return each_once([one.person_id for one in self._teams.get(audit.id, [])])

    def use_of(self, audit: Brief) -> Use:
        """What its checklist is for: as the library says, else as the audit keeps it, else an ordinary audit."""
        known = self.library.checklists.get(audit.checklist_id) or plans.checklist(self.tx, audit.id)
        return known.use if known is not None else Use.AUDIT

    @cached_property
    def register_counts(self) -> dict[str, registers.Counts]:
        """How each register with entries stands."""
        return registers.counts(self.tx, self.today)

    @cached_property
    def register_days(self) -> dict[str, registers.Waiting]:
        """What of each register is looked at next."""
        return registers.next_looked_at(self.tx)

    def run_here(self, *uses: Use) -> list[Brief]:
        """The audits run here on checklists for these uses."""
        return [one for one in self.audits if one.kind is not AuditKind.OUTSIDE and self.use_of(one) in uses]


def audit_line(look: Look, title: str, audit: Brief) -> Line:
    """How an audit stands: planned, running with its questions, or reported."""
    place: tuple[str, dict[str, Any]] = ("audits.show", {"number": audit.number})
    who, name = look.team(audit), f"{audit.number} {audit.title}"
    if audit.ended:
        said = _("Reported on %(day)s", day=day(audit.reported_on)) if audit.reported_on else _("Reported")
        return Line(title, Standing.DONE, said, place, name, None, who)
    if audit.state is State.PLANNED:
        said = _("Planned, not begun")
    elif audit.kind is AuditKind.OUTSIDE:
        said = _("Its findings are being recorded")
    else:
        said = _("%(answered)s of %(rows)s questions answered", answered=audit.answered, rows=audit.rows)
    return Line(title, Standing.UNDER_WAY, said, place, name, audit.planned_to, who)


def missing_audit(title: str, said: str) -> Line:
    """An audit that nobody has planned."""
    return Line(title, Standing.MISSING, said, ("audits.new", {}))


def newest_and_open(found: list[Brief]) -> list[Brief]:
    """The audits that are not ended, and of those that are the newest."""
    ended = [one for one in found if one.ended]
    return [one for one in found if not one.ended] + ended[:1]
