"""Verbs about findings after they were raised: what the auditee says, how a dispute ends, repeats, own words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from auditkit.audits.findings import queries, rules
from auditkit.audits.findings.models import FindingRepeat, FindingResolution, FindingResponse
from auditkit.audits.findings.rules import REPEAT_JUDGED, RESOLVED, RESPONDED, WORDED, Outcome, ResponseKind, Verdict
from auditkit.audits.models import Finding, GradeWord
from auditkit.audits.queries import findings as findings_of
from auditkit.audits.queries import grades as grade_words
from auditkit.audits.rules import GRADE_TITLES, Grade
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import Conflict, NotFound
from auditkit.base.text import _
from auditkit.base.verbs import verb
from auditkit.journal.service import record

SUBJECT = findings_of.SUBJECT


@dataclass(frozen=True)
class Respond:
    """`said_by` empty: the person who writes it said it. `in_meeting`: in the closing meeting."""

    number: str
    kind: ResponseKind
    text: str = ""
    said_by: str = ""
    in_meeting: bool = False


@dataclass(frozen=True)
class Resolve:
    response_id: int
    outcome: Outcome
    text: str


@dataclass(frozen=True)
class JudgeRepeat:
    """Whether the finding `number` repeats the earlier one."""

    number: str
    earlier: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True)
class WordGrades:
    """Own words by grade; an empty one goes back to the shipped word.

    `seen`: the stamp of the words the person looked at, None where nobody did.
    """

    words: dict[Grade, str]
    seen: str | None = None


def _finding(tx: Session, number: str) -> Finding:
    found = tx.execute(select(Finding).where(Finding.number == number).with_for_update()).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


@verb("audits.respond", leaves=RESPONDED)
def respond(tx: Session, command: Respond, now: datetime, actor: Actor) -> int:
    """Keep what the auditee says to a finding; its id. Raises NotFound, ResponseEmpty, SpeakerMissing."""
    finding = _finding(tx, command.number)
    said_by = command.said_by.strip() or actor.name
    rules.check_response(command.kind, command.text, said_by)
    own = said_by == actor.name
    made = FindingResponse(
        finding_id=finding.id,
        kind=command.kind,
        text=command.text.strip(),
        said_by=said_by[:200],
        person_id=actor.person_id if own else None,
        in_meeting=command.in_meeting,
        responded_at=now,
        recorded_by=actor.person_id,
    )
    tx.add(made)
    tx.flush()
    record(
        tx,
        RESPONDED,
        now=now,
        actor=actor,
        subject=(SUBJECT, finding.id),
        facts={"number": finding.number, "kind": command.kind.value, "in_meeting": command.in_meeting},
        personal={"said_by": said_by},
    )
    return int(made.id)


@verb("audits.run", leaves=RESOLVED)
def resolve(tx: Session, command: Resolve, now: datetime, actor: Actor) -> None:
    """Say how a dispute ended. Raises NotFound, NotADispute, AlreadyResolved, ResolutionEmpty."""
    number, view = queries.response(tx, command.response_id)
    finding = _finding(tx, number)
    rules.check_resolution(view.kind, resolved=view.outcome is not None, text=command.text)
    tx.add(
        FindingResolution(
            response_id=command.response_id,
            outcome=command.outcome,
            text=command.text.strip(),
            resolved_at=now,
            resolved_by=actor.person_id,
        )
    )
    facts = {"number": number, "response": command.response_id, "outcome": command.outcome.value}
    record(tx, RESOLVED, now=now, actor=actor, subject=(SUBJECT, finding.id), facts=facts)


@verb("audits.run", leaves=REPEAT_JUDGED)
def judge_repeat(tx: Session, command: JudgeRepeat, now: datetime, actor: Actor) -> None:
    """Confirm or reject that a finding repeats an earlier one of another audit. Raises NotFound, NotEarlier."""
    view = findings_of.by_number(tx, command.number)
    earlier = findings_of.by_number(tx, command.earlier)
    if earlier.id >= view.id or earlier.audit_id == view.audit_id:
        raise rules.NotEarlier(number=command.earlier)
    seen = {one.id: one.likeness for one in queries.alike(tx, view)}
    tx.execute(delete(FindingRepeat).where(FindingRepeat.finding_id == view.id, FindingRepeat.earlier_id == earlier.id))
    tx.add(
        FindingRepeat(
            finding_id=view.id,
            earlier_id=earlier.id,
            verdict=command.verdict,
            reason=command.reason.strip(),
            likeness=seen.get(earlier.id, 0),
            judged_at=now,
            judged_by=actor.person_id,
        )
    )
    facts = {"number": view.number, "earlier": earlier.number, "verdict": command.verdict.value}
    record(tx, REPEAT_JUDGED, now=now, actor=actor, subject=(SUBJECT, view.id), facts=facts)


@verb("organisation.manage", leaves=WORDED)
def word_grades(tx: Session, command: WordGrades, now: datetime, actor: Actor) -> None:
    """Set what grades are called here, from now on everywhere.

    Raises WordTooLong, SameWordTwice, and Conflict when somebody else set other words since they were `seen`.
    """
    if command.seen is not None and command.seen != grade_words.stamp(grade_words.own_words(tx)):
        raise Conflict
    own = {grade: word.strip() for grade, word in command.words.items() if word.strip()}
    rules.check_words({grade.value: own.get(grade) or _(title) for grade, title in GRADE_TITLES.items()})
    tx.execute(delete(GradeWord).where(GradeWord.organisation_id == actor.organisation_id))
    for grade, word in own.items():
        tx.add(GradeWord(grade=grade, word=word))
    facts = {grade.value: word for grade, word in own.items()}
    record(tx, WORDED, now=now, actor=actor, subject=("organisation", actor.organisation_id), facts={"words": facts})
