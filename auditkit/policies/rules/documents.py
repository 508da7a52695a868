"""Decisions about policies: who may approve, what is missing, which version is in force. Pure.

Clauses 5.2 and 5.3 of ISO 10002:2018: a policy set by top management, documented, available, reviewed.
tests/rules/test_policies_rules.py holds all of it.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditkit.base.errors import BadInput, Conflict, NotFound, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_, SEMICOLON, _, enumerated
from auditkit.content.blanks import blanks_in, stray_braces

STARTED = event("policy:started", N_("Policy started from the library"))
ANSWERED = event("policy:answered", N_("Questions of the policy answered"))
EDITED = event("policy:edited", N_("Section of the policy edited"))
APPROVED = event("policy:approved", N_("Policy version approved"))
PUBLISHED = event("policy:published", N_("Policy version published"))
WITHDRAWN = event("policy:withdrawn", N_("Policy version withdrawn"))

COMPLAINTS_POLICY = "complaints-handling-policy"
"""The policy that the public page shows."""

MAX_TITLE = 200
MAX_TEXT = 8_000
MAX_ANSWER = 500
MAX_NOTE = 2_000

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_DAYS = re.compile(r"[1-9][0-9]{0,3}")


class State(StrEnum):
    """What a version is. The draft is no version yet; `superseded` is not stored but follows from the dates."""

    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATE_TITLES = {
    State.APPROVED: N_("Approved, not published"),
    State.PUBLISHED: N_("Published"),
    State.WITHDRAWN: N_("Withdrawn"),
}
STATE_TONES = {State.APPROVED: "info", State.PUBLISHED: "good", State.WITHDRAWN: "neutral"}

# Which state an act may start from.
MAY_PUBLISH = frozenset({State.APPROVED})
MAY_WITHDRAW = frozenset({State.APPROVED, State.PUBLISHED})


class AlreadyStarted(RuleBroken):
    message = N_("This policy was started already. Open it and edit its draft")


class NoSuchSection(NotFound):
    message = N_("This policy has no section %(id)s")


class DraftChanged(Conflict):
    message = N_(
        "Somebody else changed the draft meanwhile. Your text is below; compare it with theirs, then save again"
    )


class DocumentTitleMissing(RuleBroken):
    message = N_("Enter the title of the document")


class DocumentEmpty(RuleBroken):
    message = N_("The document has no text yet. Add a section")


class TitleMissing(RuleBroken):
    message = N_("Enter a heading for the section")


class TextMissing(RuleBroken):
    message = N_("Enter the text of the section")


class TextTooLong(RuleBroken):
    message = N_("The text has %(length)s characters; at most %(limit)s fit. Shorten it")


class BracesStray(RuleBroken):
    message = N_("Write a blank as {{name}}, in small letters; this is not one: %(near)s")


class BlankUnknown(RuleBroken):
    message = N_("There is no question for the blank {{%(name)s}}. There are: %(known)s")


class AnswerMalformed(BadInput):
    message = N_("Enter %(wanted)s")


class AnswersMalformed(AnswerMalformed):
    """Several answers cannot be taken; `faults` is blank name -> error."""

    def __init__(self, faults: Mapping[str, AnswerMalformed]) -> None:
        super().__init__()
        self.faults = dict(faults)

    def __str__(self) -> str:
        return enumerated((f"{name}: {fault}" for name, fault in self.faults.items()), SEMICOLON)


class FieldsUnanswered(RuleBroken):
    """`names` are the blanks, in the order of the questions."""

    message = N_("Answer these questions before the policy is approved: %(questions)s")

    def __init__(self, names: Sequence[str], questions: Sequence[str]) -> None:
        super().__init__(questions=" · ".join(questions))
        self.names = tuple(names)


class NothingChanged(RuleBroken):
    message = N_("The draft is the same as version %(number)s. Change it before you approve it again")


class ReasonMissing(RuleBroken):
    message = N_("Enter the reason, in a sentence that an outsider understands")


class ReviewNotAhead(RuleBroken):
    message = N_("The day of the next review lies in the past. Enter a day to come")


class ApproverIsEditor(RuleBroken):
    message = N_("You changed the draft last, so somebody else must approve it: %(others)s")


class ApproverUnknown(RuleBroken):
    message = N_("A policy is approved by a person. Sign in as somebody who may approve it")


class NotApproved(RuleBroken):
    message = N_("Version %(number)s cannot be published: it is %(state)s")


class NotWithdrawable(RuleBroken):
    message = N_("Version %(number)s was withdrawn already")


class EffectiveTooEarly(RuleBroken):
    message = N_("A version cannot be in force before it was approved (%(approved)s). Enter that day or a later one")


class NewerPublished(RuleBroken):
    message = N_("Version %(newer)s is published already; version %(number)s cannot follow it. Approve a new version")


class BeforeOneBefore(RuleBroken):
    message = N_("Version %(before)s comes into force on %(day)s; this one cannot come before it. Enter a later day")


@dataclass(frozen=True)
class Question:
    """A fact that the text needs. `kind` as in the library: text, days, email, telephone, address."""

    name: str
    question: str
    kind: str = "text"
    required: bool = True


@dataclass(frozen=True)
class Dates:
    """What decides whether a version is in force. Days are inclusive; `withdrawn` is the first day without it."""

    number: int
    effective: date | None
    withdrawn: date | None = None

    def came(self, on: date) -> bool:
        """Whether it had come into force by a day; one withdrawn before its time never does."""
        if self.effective is None or self.effective > on:
            return False
        return self.withdrawn is None or self.withdrawn > self.effective


def checked_answer(question: Question, value: str) -> str:
    """An answer, stripped; empty is allowed and means "not answered". Raises AnswerMalformed."""
    answer = " ".join(value.split())
    if not answer:
        return ""
    if len(answer) > MAX_ANSWER:
        raise AnswerMalformed(wanted=_("at most 500 characters"))
    if question.kind == "email" and not _EMAIL.fullmatch(answer):
        raise AnswerMalformed(wanted=_("an e-mail address such as name@example.org"))
    if question.kind == "address" and not _ADDRESS.fullmatch(answer):
        raise AnswerMalformed(wanted=_("a web address that begins with https://"))
    if question.kind == "days" and not _DAYS.fullmatch(answer):
        raise AnswerMalformed(wanted=_("a whole number of days"))
    return answer


def checked_heading(title: str) -> str:
    """The title of a document, stripped. Raises DocumentTitleMissing."""
    title = " ".join(title.split())[:MAX_TITLE].rstrip()
    if not title:
        raise DocumentTitleMissing
    return title


def checked_section(title: str, text: str, known: Collection[str]) -> tuple[str, str]:
    """Heading and Markdown of a section, stripped; `known` are the blanks it may use.

    Raises TitleMissing, TextMissing, TextTooLong, BracesStray, BlankUnknown.
    """
    title = " ".join(title.split())[:MAX_TITLE]
    text = text.replace("\r\n", "\n").strip()
    if not title:
        raise TitleMissing
    if not text:
        raise TextMissing
    if len(text) > MAX_TEXT:
        raise TextTooLong(length=len(text), limit=MAX_TEXT)
    near = stray_braces(text)
    if near:
        raise BracesStray(near=near)
    for name in blanks_in(text):
        if name not in known:
            raise BlankUnknown(name=name, known=sorted(known) or "-")
    return title, text


def unanswered(questions: Iterable[Question], answers: Mapping[str, str], texts: Iterable[str]) -> list[Question]:
    """The required questions that some text needs and nobody answered, in the order asked."""
    used = {name for text in texts for name in blanks_in(text)}
    return [one for one in questions if one.required and one.name in used and not answers.get(one.name, "").strip()]


def require_answers(questions: Iterable[Question], answers: Mapping[str, str], texts: Iterable[str]) -> None:
    """Raises FieldsUnanswered, naming every question that still needs an answer."""
    open_ones = unanswered(questions, answers, texts)
    if open_ones:
        raise FieldsUnanswered([one.name for one in open_ones], [one.question for one in open_ones])


def approval_alone(approver: int | None, editor: int | None, approvers: Mapping[int, str]) -> bool:
    """Whether one person edited and approves, because nobody else can; that is recorded with the version.

    `approvers` are all who may approve, id -> name. Raises ApproverUnknown, ApproverIsEditor (names the others).
    """
    if approver is None:
        raise ApproverUnknown
    if approver != editor:
        return False
    others = sorted(name for person, name in approvers.items() if person != approver)
    if others:
        raise ApproverIsEditor(others=others)
    return True


def checked_reason(text: str) -> str:
    """A reason or note of approval or withdrawal. Raises ReasonMissing."""
    reason = text.strip()[:MAX_NOTE]
    if not reason:
        raise ReasonMissing
    return reason


def checked_review(review_by: date | None, today: date) -> date | None:
    """The day by which the version is to be reviewed, or None. Raises ReviewNotAhead."""
    if review_by is not None and review_by <= today:
        raise ReviewNotAhead
    return review_by


def require_publishable(number: int, state: State, approved: date, effective: date, others: Sequence[Dates]) -> None:
    """Whether version `number` may be published from `effective` on; `others` are the policy's versions.

    Raises NotApproved, EffectiveTooEarly, NewerPublished, BeforeOneBefore.
    """
    if state not in MAY_PUBLISH:
        raise NotApproved(number=number, state=_(STATE_TITLES[state]).lower())
    if effective < approved:
        raise EffectiveTooEarly(approved=approved)
    for other in others:
        if other.effective is None or not other.came(other.effective):
            continue
        if other.number > number:
            raise NewerPublished(newer=other.number, number=number)
        if other.effective > effective:
            raise BeforeOneBefore(before=other.number, day=other.effective)


def require_withdrawable(number: int, state: State) -> None:
    """Raises NotWithdrawable."""
    if state not in MAY_WITHDRAW:
        raise NotWithdrawable(number=number)


def in_force(versions: Iterable[Dates], on: date) -> int | None:
    """The number of the version in force on a day, None where there is none.

    The newest that has come into force counts. Where it was withdrawn, none does: an older one never comes back.
    """
    came = [one for one in versions if one.came(on)]
    if not came:
        return None
    newest = max(came, key=lambda one: one.number)
    return None if newest.withdrawn is not None and newest.withdrawn <= on else newest.number


def in_force_during(versions: Sequence[Dates], start: date, end: date) -> list[int]:
    """The numbers of the versions in force on any day from `start` to `end` (both inclusive), oldest first."""
    days = {start, *(one.effective for one in versions if one.effective and start < one.effective <= end)}
    return sorted({number for day in days if (number := in_force(versions, day)) is not None})


def is_superseded(versions: Iterable[Dates], number: int, on: date) -> bool:
    """Whether a newer version than `number` has come into force by a day."""
    return any(one.number > number and one.came(on) for one in versions)
