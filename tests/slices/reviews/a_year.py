"""A small house in March and April 2026 whose every number can be counted on the fingers, for the inputs of a review.

The review looks at April; the period before it, as long, is 2 to 31 March. The clock starts on 2 March.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from auditkit.actions import queries as actions_read
from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.audits.queries import findings as findings_read
from auditkit.audits.rules import Grade
from auditkit.audits.service import StartAudit, start
from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.complaints.models import Complaint
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.content import library
from auditkit.content.library import Library
from auditkit.policies import service as policies
from auditkit.policies.rules import COMPLAINTS_POLICY
from auditkit.registers import queries as registers_read
from auditkit.registers import service as registers
from tests.conftest import House
from tests.slices.audits import doing as audits
from tests.slices.insights.registers import closed, written
from tests.slices.reviews import doing

FIRST, LAST = date(2026, 4, 1), date(2026, 4, 30)
WRITTEN: dict[str, dict[str, Any]] = {
    "risks": {"title": "Calls get lost", "kind": "risk", "consequence": "Patterns stay hidden", "likelihood": "likely",
              "impact": "serious", "treatment": "reduce", "what": "Write them down"},
    "changes": {"change": "A second branch", "why": "Growth", "effect": "Two more people", "state": "planned"},
    "context-issues": {"issue": "More sales through partners", "where": "external", "effect": "We hear late"},
    "legal-duties": {"duty": "Answer in writing", "basis": "Our law", "kind": "law", "met": "Due dates"},
    "resources": {"resource": "Hours of handlers", "kind": "people", "needed": "180", "available": "150",
                  "enough": "tight"},
    "competence": {"competence": "Listening", "role": "contact", "reached": "training", "from": "2026-01-05",
                   "result": "open"},
    "outsourced": {"partner": "Evening call centre", "kind": "call-centre", "task": "Calls", "agreed": "Same evening"},
    "objectives": {"objective": "Acknowledged on time", "measure": "Share on time", "target": "95", "unit": "%",
                   "better": "higher", "by": "2026-12-31"},
}  # fmt: skip


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def go(clock: FrozenClock, month: int, day: int) -> None:
    """The clock stands on this day, at nine."""
    clock.at = at(month, day)


def entered(house: House, register: str, **changes: Any) -> str:
    values = {**WRITTEN[register], **changes}
    if register == "competence":
        values["person"] = house.person("staff")
    command = registers.WriteEntry(library.shared().register(register), values)
    return str(doing.act(house, registers.write, command))


def changed(house: House, register: str, number: str, **changes: Any) -> None:
    now = clocks.now()
    entry = registers_read.entry(reading(house.system), register, number, now.date())
    shape = library.shared().register(register)
    doing.act(house, registers.change, registers.ChangeEntry(shape, number, entry.version, {**entry.values, **changes}))


def retired(house: House, register: str, number: str) -> None:
    doing.act(house, registers.retire, registers.RetireEntry(register, number, "It fell through"))


def measured(house: House, number: str, on: date, value: str) -> None:
    shape = library.shared().register("objectives")
    doing.act(house, registers.measure, registers.MeasureEntry(shape, number, on, Decimal(value)))


def opened(house: House, title: str, due: date, origin: tuple[str, int] = ("improvement", 1)) -> str:
    command = actions.OpenAction(
        kind=Kind.CORRECTIVE,
        title=title,
        origin=origin,
        origin_title="Where it comes from",
        owner_id=house.person("staff"),
        due_on=due,
        cause="The hinge",
        cause_required=False,
    )
    return str(doing.act(house, actions.open_action, command, "staff"))


def done(house: House, number: str) -> None:
    """By its owner, be it the staff member or the one to whom a decision was given."""
    found = actions_read.by_number(reading(house.system), number)
    owner = "staff" if found.owner_id == house.person("staff") else "complaint-handler"
    doing.act(house, actions.complete, actions.CompleteAction(number, found.version, "New hinge"), owner)


def judged(house: House, number: str, *, effective: bool) -> None:
    version = actions_read.by_number(reading(house.system), number).version
    command = actions.VerifyAction(number, version, effective, "Looked")
    doing.act(house, actions.verify, command, "internal-auditor")


def published(house: House) -> int:
    """The complaints-handling policy, in force from today, to be reviewed by 1 May; two must read it, one has."""
    answers = {blank.name: blank.example for blank in library.shared().policy(COMPLAINTS_POLICY).fields}
    policy = int(doing.act(house, policies.start, policies.Start(), library=library.shared()))
    doing.act(house, policies.answer, policies.AnswerQuestions(policy, answers))
    doing.act(house, policies.approve, policies.Approve(policy, "First version", date(2026, 5, 1)), "administrator")
    doing.act(house, policies.publish, policies.Publish(policy, 1, clocks.now().date()), "administrator")
    readers = policies.SetReaders(policy, ("staff",), (house.person("internal-auditor"),))
    doing.act(house, policies.set_readers, readers)
    doing.act(house, policies.confirm, policies.Confirm(policy, 1, True), "staff")
    return policy


def surveyed(house: House, closed_on: datetime, scores: list[int | None]) -> None:
    """Surveys of the cases closed at a moment; None: asked and not answered."""
    with transaction(house.system) as tx:
        cases = tx.execute(select(Complaint.id).where(Complaint.closed_at == closed_on).order_by(Complaint.id))
        for case, score in zip(list(cases.scalars()), scores, strict=False):
            answer = {"answered_at": closed_on, "process_score": score, "outcome_score": 4} if score else {}
            survey = ComplaintSurvey(
                complaint_id=case, state="answered" if score else "sent", planned_at=closed_on, sent_at=closed_on,
                expires_at=closed_on, secret_digest=f"{case:064}", **answer,
            )  # fmt: skip
            tx.add(survey)


def received(house: House) -> None:
    """March: 20 closed on the 20th, 5 of them upheld, and a suggestion. April: 24 closed on the 20th, 12 upheld, 6 of
    another category; 4 open; 2 suggestions. All of April's were acknowledged at once but for the 4."""
    march = [closed(at(3, 10), 10, "upheld" if place < 5 else "rejected", category="delivery") for place in range(20)]
    april = [
        closed(at(4, 10), 10, "upheld" if place < 12 else "rejected", category="service" if place < 6 else "delivery")
        for place in range(24)
    ]
    waiting = [{"received_at": at(4, 28), "category": "delivery"}] * 4
    said = [{"received_at": at(month, 15), "kind": "suggestion", "category": "price"} for month in (3, 4, 4)]
    written(house, [{"kind": "complaint", **one} for one in (*march, *april, *waiting, *said)])
    surveyed(house, at(3, 20), [None, None])
    surveyed(house, at(4, 20), [5] * 8 + [3] * 4 + [None] * 3)


def told(house: House, clock: FrozenClock, folder: Path) -> Mapping[str, str]:
    """Everything of March and April, by verbs on its days; the numbers of what later changes touch."""
    books = audits.own_library(folder)
    known: dict[str, str] = {"policy": str(published(house))}
    first = doing.planned(house)
    doing.frozen(house, first)
    doing.attended(house, first)
    doing.held(house, first)
    doing.written(house, first)
    doing.decided(house, first, "Train a second auditor", days=60)  # due on 1 May
    doing.decided(house, first, "Buy a second line", days=20)  # due on 22 March
    doing.signed(house, first)
    risk, kept = entered(house, "risks"), entered(house, "risks", title="Nobody answers", likelihood="rare")
    known |= {"risk": risk, "kept-risk": kept, "objective": entered(house, "objectives")}
    measured(house, known["objective"], date(2026, 3, 2), "88")
    gone = {name: entered(house, name) for name in ("changes", "context-issues", "legal-duties", "resources")}
    go(clock, 3, 9)
    audits.reported(house, books, Grade.MINOR)  # one finding of March, open ever since
    known["late-action"] = opened(house, "Oil the hinge", date(2026, 4, 10))
    closes = opened(house, "Change the lock", date(2026, 4, 20))
    go(clock, 4, 6)
    second = audits.planned(house, books, title="Round in April", planned_from=FIRST, planned_to=date(2026, 4, 2))
    running = begun(house, books)
    major = audits.raised(house, running, books, Grade.MAJOR)
    settles = opened(house, "Mend the door", date(2026, 4, 30), _origin(house, major))
    improves = opened(house, "Sell blue ones", date(2026, 6, 1), ("suggestion", 1))
    go(clock, 4, 10)
    for number in (closes, settles):
        done(house, number)
    go(clock, 4, 16)
    judged(house, settles, effective=True)
    judged(house, closes, effective=False)
    changed(house, "risks", risk, **{"likelihood-after": "unlikely", "impact-after": "minor"})
    entered(house, "risks", title="The phone is dead")
    for register in ("changes", "context-issues", "legal-duties", "resources"):
        entered(house, register)
    retired(house, "changes", gone["changes"])
    changed(house, "resources", gone["resources"], available="180", enough="yes")
    entered(house, "competence")
    entered(house, "outsourced")
    measured(house, known["objective"], date(2026, 4, 16), "92")
    go(clock, 5, 4)
    received(house)
    return known | {"first": first, "audit": second, "running": running, "improves": improves, "closes": closes,
                    "major": major}  # fmt: skip


def begun(house: House, books: Library) -> str:
    """An audit of 6 and 7 April that is running."""
    days = {"planned_from": date(2026, 4, 6), "planned_to": date(2026, 4, 7)}
    number, actor = audits.planned(house, books, title="Round at Easter", **days), house.actor("internal-auditor")
    with transaction(actor) as tx:
        start(tx, StartAudit(number), clocks.now(), actor, library=books)
    return number


def _origin(house: House, finding: str) -> tuple[str, int]:
    return findings_read.SUBJECT, findings_read.by_number(reading(house.system), finding).id


def reviewed(house: House) -> str:
    """The number of the review of April, its inputs frozen today."""
    today = clocks.now().date()
    assert today - timedelta(days=4) == LAST
    number = doing.planned(house, title="Review of April", period_from=FIRST, period_to=LAST)
    doing.frozen(house, number)
    return number
