"""The way of one complaint and what a machine can say about it, from its captured record. Pure.

Each fact belongs to a question of the checklist and says what is recorded, what was computed, and whether that is in
order; what needs judgement is told without a verdict. tests/slices/audits_filetest/test_file_tests.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from auditkit.base.calendar.spans import day_of
from auditkit.base.errors import BadInput, Conflict, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.complaints.checking.recomputing import Beside, DueRecount
from auditkit.complaints.clock.rules import TARGET_TITLES, Ended, Target
from auditkit.complaints.rules import OUT_OF_REFUSAL, Outcome, Stage

CHECKLIST = "complaint-file-test"
FACTS_FORMAT = "auditkit/file-facts/1"
SUBJECT, ANSWER_SUBJECT = "audit-file-test", "audit-file-answer"
SWIFT = timedelta(minutes=5)
"""Stages entered closer together were probably filled in afterwards."""

FILE_ANSWERED = event("audit:file-answered", N_("Questions on a complaint's file answered"))
FILE_TESTED = event("audit:file-tested", N_("File of a complaint tested"))
FILE_REOPENED = event("audit:file-reopened", N_("Test of a file opened again"))

Value = str | int | bool | datetime | date | timedelta | tuple[str, ...] | None


class Verdict(StrEnum):
    """What a fact comes to. `NOT_CHECKED`: there was nothing to check it with; `TOLD`: for a person to judge."""

    IN_ORDER = "in-order"
    EXCEPTION = "exception"
    NOT_CHECKED = "not-checked"
    TOLD = "told"


VERDICT_TITLES = {
    Verdict.IN_ORDER: N_("in order"),
    Verdict.EXCEPTION: N_("exception"),
    Verdict.NOT_CHECKED: N_("not checked"),
    Verdict.TOLD: N_("for you to judge"),
}


class FileTestNotRunning(RuleBroken):
    message = N_("Files are tested while the audit is running")


class FileTestFinished(RuleBroken):
    message = N_("This file is tested. Open its test again to change an answer")


class FileNotFinished(RuleBroken):
    message = N_("%(count)s questions wait for an answer. Answer “not checked” with a note where you cannot look")


class FileNothingSaid(BadInput):
    message = N_("Nothing was answered: choose an answer, or write a note")


class FileAnswerChanged(Conflict):
    message = N_(
        "Somebody else answered a question of this section meanwhile. Nothing was overwritten: reload the page "
        "and try again"
    )


class FileTestMissing(RuleBroken):
    message = N_("The library has no checklist “%(checklist)s”, so there is nothing to ask. Restore it in the library")


@dataclass(frozen=True)
class Step:
    """A step of the way: planned for (the first due date, and whose), done, late or not; `late` None: no due date."""

    title: str
    done: datetime | date | None
    planned: datetime | None = None
    framework: str = ""
    late: bool | None = None
    missing: bool = False


@dataclass(frozen=True)
class Fact:
    """Something computed for the question `item`. `recorded` and `computed` stand beside each other."""

    item: str
    label: str
    computed: Value
    verdict: Verdict
    recorded: Value = None
    says: str = ""

    def plain(self) -> dict[str, Any]:
        """As plain JSON, for the captured facts."""
        return {
            "item": self.item,
            "label": self.label,
            "recorded": _plain(self.recorded),
            "computed": _plain(self.computed),
            "verdict": self.verdict.value,
            "says": self.says,
        }


@dataclass(frozen=True)
class File:
    """A captured complaint as the test reads it; `zone`: by whose clocks its days are told."""

    record: Mapping[str, Any]
    beside: Beside
    zone: ZoneInfo

    def at(self, name: str) -> datetime | None:
        """A moment of the record; a day alone counts from its midnight."""
        return _moment(self.record.get(name))

    def done(self, kind: str) -> list[dict[str, Any]]:
        """What was done of a kind (assessments, decisions ...), oldest first."""
        return list(self.record.get("handling", {}).get(kind, []))

    @property
    def decision(self) -> dict[str, Any] | None:
        """The newest decision that stands."""
        return next((one for one in reversed(self.done("decisions")) if one["state"] == "decided"), None)

    def due(self, *targets: Target) -> DueRecount | None:
        """The first due date of these targets that was not dropped."""
        found = [one for one in self.beside.dues if one.target in targets and one.state != Ended.DROPPED]
        return min(found, key=lambda one: one.recomputed or one.recorded, default=None)


def trace(file: File) -> list[Step]:
    """The way from receipt to closing with planned and done dates."""
    decision, investigations = file.decision or {}, file.done("investigations")
    assessments = file.done("assessments")
    steps = [
        Step(N_("Received"), _day_or_moment(file, "received_at", "received_is_day")),
        Step(N_("Recorded"), file.at("recorded_at")),
        _step(file, N_("Acknowledged"), file.at("acknowledged_at"), Target.ACKNOWLEDGE),
        _step(file, N_("Assessed"), _moment(assessments[0]["assessed_at"]) if assessments else None, Target.ASSESS),
        Step(N_("Investigation begun"), _moment(investigations[0]["begun_at"]) if investigations else None),
        Step(N_("Investigation ended"), _moment(investigations[-1]["ended_at"]) if investigations else None),
        Step(N_("Decided"), file.at("decided_at")),
        _step(file, N_("Decision told"), _moment(decision.get("told_at")), Target.DECIDE, Target.DECIDE_LATEST),
        _step(file, N_("Answered by the complainant"), file.at("answered_at")),
        _step(file, N_("Remedy delivered"), _day(decision.get("delivered_on")), Target.ACT),
        *_remedy_checked(file, decision),
        _step(file, N_("Closed"), _day_or_moment(file, "closed_at", "closed_is_day"), Target.CLOSE),
    ]
    last = max((number for number, one in enumerate(steps) if one.done), default=0)
    return [
        Step(one.title, one.done, one.planned, one.framework, one.late, one.done is None and number < last)
        for number, one in enumerate(steps)
    ]


def _remedy_checked(file: File, decision: Mapping[str, Any]) -> Iterator[Step]:
    """That the delivered remedy was checked: a step where there was a remedy, and the last check found all of it."""
    checks = file.done("remedy_checks")
    if decision.get("delivered_on") or checks:
        kept = checks and checks[-1]["found"] == "as-promised"
        yield Step(N_("Remedy checked"), _day(checks[-1]["checked_on"]) if kept else None)


def _step(file: File, title: str, done: datetime | date | None, *targets: Target) -> Step:
    due = file.due(*targets) if targets else None
    if due is None:
        return Step(title, done)
    planned = due.recomputed or due.recorded
    late = done > planned if isinstance(done, datetime) else None
    if isinstance(done, date) and not isinstance(done, datetime):
        late = done > day_of(planned, file.zone)
    return Step(title, done, planned, due.framework, late)


def facts(file: File) -> list[Fact]:
    """Everything that can be computed, in the order of the checklist."""
    return [*_receipt(file), *_times(file), *_handling(file), *_deciding(file), *_telling(file), *_ending(file)]


def _receipt(file: File) -> Iterator[Fact]:
    received, recorded = file.at("received_at"), file.at("recorded_at")
    lag = recorded - received if received and recorded else None
    day_only = bool(file.record.get("received_is_day"))
    yield Fact("file-received-1", N_("From receipt to the entry in the register"), lag, Verdict.TOLD, recorded)
    yield Fact(
        "file-recorded-1",
        N_("Recorded on the day of receipt or the next"),
        None if lag is None else lag <= timedelta(days=2 if day_only else 1),
        Verdict.NOT_CHECKED if lag is None else Verdict.TOLD,
        recorded,
    )
    wanted = {
        "description": N_("description"),
        "happened_on": N_("day of the event"),
        "product": N_("product or service"),
        "wanted_remedy": N_("remedy wanted"),
    }
    lacking = tuple(title for name, title in wanted.items() if not file.record.get(name))
    yield _fact("file-recorded-2", N_("Missing in the record"), lacking, not lacking)
    changes = file.done("reclassifications")
    yield Fact(
        "file-recorded-3", N_("Changes of the kind of feedback"), len(changes), Verdict.TOLD, file.record.get("kind")
    )
    swift = _swift(file)
    yield _fact("file-recorded-4", N_("Stages entered within five minutes of each other"), swift, not swift)
    yield Fact("file-recorded-4", N_("Entries of the journal on this complaint"), file.beside.entries, Verdict.TOLD)


def _times(file: File) -> Iterator[Fact]:
    received, acknowledged = file.at("received_at"), file.at("acknowledged_at")
    taken = acknowledged - received if received and acknowledged else None
    yield Fact("file-acknowledged-1", N_("From receipt to acknowledgement"), taken, Verdict.TOLD, acknowledged)
    yield _on_time(file, "file-acknowledged-1", acknowledged, Target.ACKNOWLEDGE)
    for due in file.beside.dues:
        title = TARGET_TITLES[Target(due.target)]
        verdict = {True: Verdict.IN_ORDER, False: Verdict.EXCEPTION, None: Verdict.NOT_CHECKED}[due.agrees]
        yield Fact("file-assessed-2", title, due.recomputed, verdict, due.recorded, due.framework)
    if not file.beside.dues:
        yield Fact("file-assessed-2", N_("Due dates"), None, Verdict.NOT_CHECKED)


def _handling(file: File) -> Iterator[Fact]:
    assessments, investigations = file.done("assessments"), file.done("investigations")
    first = _moment(assessments[0]["assessed_at"]) if assessments else None
    begun = _moment(investigations[0]["begun_at"]) if investigations else None
    if begun is None:
        yield Fact("file-assessed-1", N_("Assessed before the investigation"), None, Verdict.NOT_CHECKED, first)
    else:
        before = first is not None and first <= begun
        yield _fact("file-assessed-1", N_("Assessed before the investigation"), before, before, first)
    flagged = bool(assessments and assessments[-1].get("safety"))
    yield Fact("file-assessed-3", N_("Flagged for safety"), flagged if assessments else None, _told(assessments))
    investigator = investigations[-1].get("investigator_id") if investigations else None
    if investigator is None:
        yield Fact("file-investigated-2", N_("Investigator not complained about"), None, Verdict.NOT_CHECKED)
    else:
        free = investigator not in file.beside.parties
        yield _fact("file-investigated-2", N_("Investigator not complained about"), free, free)
    yield Fact(
        "file-investigated-4", N_("Linked earlier complaints of the same matter"), file.beside.repeats, Verdict.TOLD
    )


def _deciding(file: File) -> Iterator[Fact]:
    decision = file.decision
    decided = file.at("decided_at")
    if decision is None:
        verdict = Verdict.NOT_CHECKED
        yield Fact("file-decided-1", N_("Remedy within authority"), None, verdict, file.record.get("outcome"))
        yield Fact("file-decided-1", N_("Decided by somebody not complained about"), None, verdict)
    else:
        amount, limit = decision.get("amount"), decision.get("limit_amount")
        another = decision.get("settled_by") != decision.get("proposed_by")
        within = amount is None or limit is None or amount <= limit or another
        yield _fact("file-decided-1", N_("Remedy within authority"), within, within, _money(decision))
        free = decision.get("settled_by") not in file.beside.parties
        yield _fact("file-decided-1", N_("Decided by somebody not complained about"), free, free)
    wanted = str(file.record.get("wanted_remedy") or "")
    yield Fact(
        "file-decided-2", N_("Remedy wanted, and given"), str(file.record.get("remedy") or ""), Verdict.TOLD, wanted
    )
    told = _moment((decision or {}).get("told_at")) or file.at("answered_at") or decided
    received = file.at("received_at")
    yield Fact("file-decided-4", N_("From receipt to decision"), decided - received if decided and received else None,
               Verdict.TOLD, decided)  # fmt: skip
    yield _on_time(file, "file-decided-4", told if decided else None, Target.DECIDE, Target.DECIDE_LATEST)


def _telling(file: File) -> Iterator[Fact]:
    decided, decision = file.at("decided_at"), file.decision
    told = _moment((decision or {}).get("told_at"))
    if decided is None:
        yield Fact("file-informed-1", N_("From decision to telling it"), None, Verdict.NOT_CHECKED)
    elif told is None:
        yield Fact("file-informed-1", N_("From decision to telling it"), N_("never told"), Verdict.EXCEPTION, decided)
    else:
        yield Fact("file-informed-1", N_("From decision to telling it"), told - decided, Verdict.TOLD, told)
    if not file.record.get("outcome"):
        yield Fact("file-informed-2", N_("Reasons given"), None, Verdict.NOT_CHECKED)
    else:
        given = bool(file.record.get("decision"))
        yield _fact("file-informed-2", N_("Reasons given"), given, given)
    if decision is None or file.record.get("outcome") == Outcome.UPHELD:
        yield Fact("file-informed-3", N_("Further ways named"), None, Verdict.NOT_CHECKED)
    else:
        named = bool(decision.get("options"))
        yield _fact("file-informed-3", N_("Further ways named"), named, named)


def _ending(file: File) -> Iterator[Fact]:
    decision = file.decision or {}
    promised, delivered = _day(decision.get("promised_on")), _day(decision.get("delivered_on"))
    if promised is None:
        yield Fact("file-acted-1", N_("Remedy delivered by the day promised"), None, Verdict.NOT_CHECKED, delivered)
    else:
        kept = delivered is not None and delivered <= promised
        yield _fact("file-acted-1", N_("Remedy delivered by the day promised"), kept, kept, delivered)
    if not decision:
        yield Fact("file-acted-2", N_("Looked whether others are affected"), None, Verdict.NOT_CHECKED)
    else:
        looked = decision.get("others") in ("yes", "no")
        yield _fact("file-acted-2", N_("Looked whether others are affected"), looked, looked, decision.get("others"))
    answered, decided = file.at("answered_at"), file.at("decided_at")
    waited = answered - decided if answered and decided else None
    yield Fact("file-accepted-1", N_("From decision to the complainant's answer"), waited, Verdict.TOLD,
               str(file.record.get("answer") or ""))  # fmt: skip
    yield _refusal(file)
    yield _order(file)
    yield Fact("file-closed-2", N_("Closed by somebody other than who decided"), _other_closed(file), Verdict.TOLD)
    readers = len(file.beside.identity_read_by)
    yield Fact("file-closed-4", N_("Persons who opened the complainant's identity"), readers, Verdict.TOLD)


def _refusal(file: File) -> Fact:
    label = N_("Kept open after the refusal")
    refused = [one for one in file.done("decisions") if one.get("answer") == "refused"]
    if not refused and file.record.get("answer") != "refused":
        return Fact("file-accepted-2", label, None, Verdict.NOT_CHECKED, says=N_("no refusal is recorded"))
    closed = file.record.get("stage") == Stage.CLOSED
    later = file.record.get("answer") == "accepted" or file.record.get("closing_ground") in OUT_OF_REFUSAL
    return _fact("file-accepted-2", label, not closed or later, not closed or later, file.record.get("closing_ground"))


def _order(file: File) -> Fact:
    label = N_("Decision, answer and closing in this order")
    closed = file.at("closed_at")
    if closed is None:
        return Fact("file-closed-1", label, None, Verdict.NOT_CHECKED, file.record.get("closing_ground"))
    moments = [one for one in (file.at("received_at"), file.at("decided_at"), file.at("answered_at")) if one]
    if file.record.get("closed_is_day"):
        last = day_of(closed, file.zone)
        good = all(day_of(one, file.zone) <= last for one in moments) and moments == sorted(moments)
    else:
        good = [*moments, closed] == sorted([*moments, closed])
    return _fact("file-closed-1", label, good, good, file.record.get("closing_ground"))


def _other_closed(file: File) -> bool | None:
    decision = file.decision
    if decision is None or file.beside.closed_by is None:
        return None
    return bool(decision.get("settled_by") != file.beside.closed_by)


def _on_time(file: File, item: str, done: datetime | None, *targets: Target) -> Fact:
    """Whether it was done by the due date as computed; the recorded verdict stands beside it."""
    due = file.due(*targets)
    if due is None:
        return Fact(item, N_("By its due date"), None, Verdict.NOT_CHECKED)
    limit = due.recomputed or due.recorded
    label = N_("By its due date")
    if done is None:
        return Fact(item, label, N_("not done"), Verdict.EXCEPTION if due.state == Ended.MET else Verdict.TOLD, limit)
    return _fact(item, label, done <= limit, done <= limit, limit, due.framework)


def _fact(item: str, label: str, computed: Value, good: bool, recorded: Value = None, says: str = "") -> Fact:
    return Fact(item, label, computed, Verdict.IN_ORDER if good else Verdict.EXCEPTION, recorded, says)


def _told(found: Sequence[Any]) -> Verdict:
    return Verdict.TOLD if found else Verdict.NOT_CHECKED


def _swift(file: File) -> tuple[str, ...]:
    """Pairs of later stages that were entered within five minutes of each other."""
    entered = [
        (N_("Acknowledged"), file.at("acknowledged_at")),
        *((N_("Assessed"), _moment(one["assessed_at"])) for one in file.done("assessments")[:1]),
        *((N_("Investigation ended"), _moment(one["ended_at"])) for one in file.done("investigations")[-1:]),
        (N_("Decided"), file.at("decided_at")),
        (N_("Closed"), None if file.record.get("closed_is_day") else file.at("closed_at")),
    ]
    known = [(title, at) for title, at in entered if at is not None]
    return tuple(after[0] for before, after in pairwise(known) if timedelta() <= after[1] - before[1] < SWIFT)


def _money(decision: Mapping[str, Any]) -> str | None:
    amount = decision.get("amount")
    return None if amount is None else f"{amount / 100:.2f} {decision.get('currency', '')}"


def _day_or_moment(file: File, name: str, flag: str) -> datetime | date | None:
    at = file.at(name)
    return day_of(at, file.zone) if at and file.record.get(flag) else at


def _moment(text: Any) -> datetime | None:
    if not text:
        return None
    if len(text) == len("2026-01-31"):
        text += "T00:00:00Z"
    return datetime.fromisoformat(text)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Value) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return {"seconds": int(value.total_seconds())}
    return list(value) if isinstance(value, tuple) else value
