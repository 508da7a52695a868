"""What probes read, each source once for the whole matrix, however many probes look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from auditkit.accounts.queries import Member, members
from auditkit.actions.queries import showing as of_actions
from auditkit.audits.queries import showing as of_audits
from auditkit.base.db import SCOPE, Session
from auditkit.complaints.checking import machine, showing
from auditkit.complaints.checking.machine import Check, Result
from auditkit.complaints.checking.populations import Part
from auditkit.evidence import queries as evidence
from auditkit.insights.freezing import counting as of_figures
from auditkit.journal import queries as of_journal
from auditkit.policies import showing as of_documents
from auditkit.readiness.rules import Period, Reading
from auditkit.registers import showing as of_registers
from auditkit.reviews import counting as of_reviews

MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Named:
    """An exception, or a record that was counted, by what people call it. `kind` says where it is shown."""

    kind: str
    key: str
    label: str
    text: str = ""


@dataclass
class Reads:
    """The records of the session's organisation over a period, as they stand `now`."""

    tx: Session
    period: Period
    now: datetime

    @cached_property
    def complaints(self) -> showing.Shown:
        """Complaints received in the period, and what is settled about handling."""
        return showing.shown(self.tx, self.period.first, self.period.last, self.period.months, self.now)

    @cached_property
    def checks(self) -> dict[Check, Result]:
        """What the machine tests say of those complaints."""
        return {one.test: one for one in machine.run(self.tx, self.part, self.now)}

    @property
    def part(self) -> Part:
        """The part of the register that the period covers."""
        return Part(self.period.first, self.period.last)

    @cached_property
    def registers(self) -> dict[str, of_registers.Shown]:
        """How each register stood at the end of the period."""
        return of_registers.shown(self.tx, self.period.first, self.period.last)

    @cached_property
    def documents(self) -> list[of_documents.Shown]:
        """The documents in force at the end of the period."""
        return of_documents.shown(self.tx, self.period.last)

    @cached_property
    def readers(self) -> list[of_documents.Read]:
        """How far the readers of these documents are."""
        return of_documents.read(self.tx, self.documents, self.members)

    @cached_property
    def members(self) -> list[Member]:
        """The members of the organisation."""
        return members(self.tx)

    @cached_property
    def audits(self) -> tuple[list[of_audits.Head], list[of_audits.Asked]]:
        """The audits of the period, and what they asked."""
        return of_audits.asked(self.tx, self.period.first, self.period.last)

    @cached_property
    def findings(self) -> list[of_audits.Found]:
        """Findings of the period, and all that are open."""
        return of_audits.found(self.tx, self.period.first, self.period.last)

    @cached_property
    def programmes(self) -> int:
        """Years of the period with an audit programme."""
        return of_audits.programmes(self.tx, self.period.first, self.period.last)

    @cached_property
    def actions(self) -> of_actions.Shown:
        """The actions alive in the period."""
        return of_actions.shown(self.tx, self.period.first, self.period.last)

    @cached_property
    def waiting(self) -> dict[int, list[of_actions.Waiting]]:
        """The actions on each finding that are not settled, by its id."""
        return of_actions.waiting(self.tx, of_audits.FINDING, self.period.first, self.period.last)

    @cached_property
    def reviews(self) -> of_reviews.Counted:
        """The management reviews held in the period."""
        return of_reviews.counted(self.tx, self.period.first, self.period.last)

    @cached_property
    def figures(self) -> of_figures.Counted:
        """The figures frozen in the period."""
        return of_figures.counted(self.tx, self.period.first, self.period.last)

    @cached_property
    def tagged(self) -> list[evidence.Tagged]:
        """Evidence of the period that names clauses."""
        return evidence.tagged(self.tx, self.period.first, self.period.last)

    @cached_property
    def journal(self) -> int:
        """How many entries the journal has up to the newest about records: reading this does not change it."""
        head = of_journal.head_about_records(self.tx, int(self.tx.info[SCOPE]), self.now)
        return head.seq if head else 0

    def within(self, day: date | None) -> date | None:
        """A day as the period knows it: what happened after its end is not its newest record."""
        return min(day, self.period.last) if day is not None else None


@dataclass(frozen=True)
class Probe:
    """How a probe is counted, and how what it found fault with is named; at most so many."""

    count: Callable[[Reads], Reading]
    exceptions: Callable[[Reads, int], list[Named]] | None = None
