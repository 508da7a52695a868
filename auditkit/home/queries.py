"""What the start page reads: the work that waits in each slice, for what the person may see."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.accounts.queries import today_of_house, zone_of_house
from auditkit.actions import queries as actions
from auditkit.actions.queries import ActionLine, StepLine
from auditkit.actions.rules import State
from auditkit.audits.queries import findings, plans
from auditkit.audits.queries.findings import FindingView
from auditkit.base.actor import Actor
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import Session
from auditkit.complaints.clock import queries as clock
from auditkit.complaints.clock.queries import QueueWanted
from auditkit.complaints.queries import figures, mentions_of, oldest_open
from auditkit.complaints.queries.cases import Case
from auditkit.complaints.rules import Stage
from auditkit.packs import queries as packs
from auditkit.policies import queries as policies
from auditkit.reviews import queries as reviews

SHOWN = 5


@dataclass(frozen=True)
class Waiting:
    """An open complaint and the calendar days (UTC) it has waited, as the register counts them."""

    case: Case
    days: int


@dataclass(frozen=True)
class Complaints:
    """Open complaints, how many nobody acknowledged yet, those that wait longest, and how many are overdue."""

    open: int
    unacknowledged: int
    oldest: list[Waiting]
    overdue: int

    @property
    def overdue_shown(self) -> str:
        """The number of overdue ones as it is shown."""
        return clock.counted(self.overdue)


@dataclass(frozen=True)
class Due:
    """What waits. A part is None where the person may not read that slice: not counted is not the same as none.

    `mentions` are (reference, subject, when) of notes that mention the person, who has not seen them.
    """

    complaints: Complaints | None
    audits: plans.Counts | None
    findings: list[FindingView] | None
    actions: actions.Counts | None
    my_actions: list[ActionLine]
    review: reviews.Next | None
    unsigned: list[reviews.Head]
    my_steps: list[StepLine]
    mentions: list[tuple[str, str, datetime]]


@dataclass(frozen=True)
class Beginnings:
    """Which of the first steps this organisation has taken."""

    complaint: bool
    policy: bool
    audit: bool
    pack: bool

    @property
    def all(self) -> bool:
        """Whether nothing is left to begin."""
        return self.complaint and self.policy and self.audit and self.pack


def due(tx: Session, actor: Actor, now: datetime) -> Due:
    """What waits in the organisation of `actor` at `now`, as far as the person may read it."""
    may_read_audits, today = actor.may("audits.read"), today_of_house(tx, now)
    return Due(
        complaints=_complaints(tx, now) if actor.may("complaints.read") else None,
        audits=plans.counts(tx, today) if may_read_audits else None,
        findings=findings.unsettled(tx) if may_read_audits else None,
        actions=actions.counts(tx, today) if actor.may("actions.read") else None,
        my_actions=_mine(tx, actor) if actor.may("actions.read") else [],
        review=reviews.next_review(tx, today) if actor.may("reviews.read") else None,
        unsigned=reviews.to_sign(tx, actor.person_id) if actor.may("reviews.sign") else [],
        my_steps=_steps(tx, actor) if actor.may("actions.read") else [],
        mentions=_mentions(tx, actor) if actor.may("complaints.read") else [],
    )


def _complaints(tx: Session, now: datetime) -> Complaints:
    stages = figures.stage_counts(tx)
    still_open = sum(number for stage, number in stages.items() if stage != Stage.CLOSED)
    today, zone = today_of_house(tx, now), zone_of_house(tx)
    oldest = [Waiting(case, (today - day_of(case.received_at, zone)).days) for case in oldest_open(tx, SHOWN)]
    overdue = clock.counts(tx, QueueWanted(), now)["overdue"]
    return Complaints(still_open, stages[Stage.RECEIVED], oldest, overdue)


def _mentions(tx: Session, actor: Actor) -> list[tuple[str, str, datetime]]:
    return mentions_of(tx, actor.person_id, SHOWN) if actor.person_id is not None else []


def _mine(tx: Session, actor: Actor) -> list[ActionLine]:
    wanted = actions.Filter(owner_id=actor.person_id, state=State.OPEN)
    return actions.listing(tx, wanted)[0][:SHOWN]


def _steps(tx: Session, actor: Actor) -> list[StepLine]:
    return actions.steps_of(tx, actor.person_id, SHOWN) if actor.person_id is not None else []


def beginnings(tx: Session) -> Beginnings:
    """The first steps taken so far."""
    return Beginnings(
        complaint=sum(figures.stage_counts(tx).values()) > 0,
        policy=policies.complaints_policy(tx) is not None,
        audit=bool(plans.listing(tx)[0]),
        pack=bool(packs.page(tx)[0]),
    )
