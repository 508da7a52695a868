"""What may happen to a complaint, and when. Pure: values in, values or a named error out.

Stages, the gates between them, references and search words. The tables repeat the gates as CHECK constraints.
Clause 7 of ISO 10002:2018 stands behind the stages; checked by tests/rules/test_complaints_rules.py.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_, _

REGISTERED = event("complaint:registered", N_("Complaint registered"))
RECEIVED = event("complaint:received", N_("Complaint received from the public form"))
ACKNOWLEDGED = event("complaint:acknowledged", N_("Complaint acknowledged"))
DECIDED = event("complaint:decided", N_("Decision given"))
DECISION_ACCEPTED = event("complaint:decision-accepted", N_("Complainant accepted the decision"))
DECISION_REFUSED = event("complaint:decision-refused", N_("Complainant refused the decision; the case stays open"))
CLOSED = event("complaint:closed", N_("Complaint closed"))
IDENTITY_READ = event("complaint:identity-read", N_("Identity of the complainant read"), about_records=False)


class Stage(StrEnum):
    """Where a complaint stands. The finer stages of clause 7 come between these; the words are stored."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    CLOSED = "closed"


class Kind(StrEnum):
    """What the feedback is."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    REQUEST = "request"
    COMPLIMENT = "compliment"
    CONCERN = "concern"
    DISPUTE = "dispute"


class Channel(StrEnum):
    """Channels offered when registering by hand. An imported complaint keeps its file's own word instead."""

    PHONE = "phone"
    IN_PERSON = "in-person"
    EMAIL = "e-mail"
    WEB = "web"
    POST = "post"
    APP = "app"
    SOCIAL_MEDIA = "social-media"
    PARTNER = "partner"
    OTHER = "other"


class Severity(StrEnum):
    """How bad it is; empty in the table means not assessed yet."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Category(StrEnum):
    """The default list of problems. An imported complaint keeps its file's own word instead."""

    DELIVERY = "delivery"
    PRODUCT = "product-quality"
    SERVICE = "service"
    STAFF = "staff-behaviour"
    INFORMATION = "information"
    PRICE = "price-billing"
    CONTRACT = "contract"
    GUARANTEE = "guarantee"
    PAYMENT = "payment-refund"
    ACCESS = "access"
    PRIVACY = "privacy"
    HANDLING = "complaint-handling"
    OTHER = "other"


class Outcome(StrEnum):
    """What was decided."""

    UPHELD = "upheld"
    PARTLY = "partly-upheld"
    REJECTED = "rejected"


class Answer(StrEnum):
    """What the complainant said to the decision; empty in the table means nothing yet."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class Ground(StrEnum):
    """Why a complaint may be closed. The last two are the only ways out of a refused decision."""

    ACCEPTED = "accepted"
    NO_ANSWER = "no-answer"
    DECIDED_EXTERNALLY = "decided-externally"
    EXHAUSTED = "exhausted"


STAGE_TITLES = {
    Stage.RECEIVED: N_("Received"),
    Stage.ACKNOWLEDGED: N_("Acknowledged"),
    Stage.DECIDED: N_("Decided"),
    Stage.CLOSED: N_("Closed"),
}
KIND_TITLES = {
    Kind.COMPLAINT: N_("Complaint"),
    Kind.SUGGESTION: N_("Suggestion"),
    Kind.REQUEST: N_("Request"),
    Kind.COMPLIMENT: N_("Compliment"),
    Kind.CONCERN: N_("Concern"),
    Kind.DISPUTE: N_("Dispute"),
}
CHANNEL_TITLES = {
    Channel.PHONE: N_("Phone"),
    Channel.IN_PERSON: N_("In person"),
    Channel.EMAIL: N_("E-mail"),
    Channel.WEB: N_("Web form"),
    Channel.POST: N_("Post"),
    Channel.APP: N_("App"),
    Channel.SOCIAL_MEDIA: N_("Social media"),
    Channel.PARTNER: N_("Partner"),
    Channel.OTHER: N_("Other"),
}
SEVERITY_TITLES = {
    Severity.LOW: N_("Low"),
    Severity.MEDIUM: N_("Medium"),
    Severity.HIGH: N_("High"),
    Severity.CRITICAL: N_("Critical"),
}
CATEGORY_TITLES = {
    Category.DELIVERY: N_("Delivery"),
    Category.PRODUCT: N_("Product quality or safety"),
    Category.SERVICE: N_("Service"),
    Category.STAFF: N_("Staff behaviour"),
    Category.INFORMATION: N_("Information, advertising or advice"),
    Category.PRICE: N_("Price, fees or billing"),
    Category.CONTRACT: N_("Contract terms or cancellation"),
    Category.GUARANTEE: N_("Guarantee or after-sales"),
    Category.PAYMENT: N_("Payment or refund delay"),
    Category.ACCESS: N_("Access or digital channel"),
    Category.PRIVACY: N_("Privacy or personal data"),
    Category.HANDLING: N_("How a complaint was handled"),
    Category.OTHER: N_("Other"),
}
OUTCOME_TITLES = {
    Outcome.UPHELD: N_("Upheld"),
    Outcome.PARTLY: N_("Partly upheld"),
    Outcome.REJECTED: N_("Rejected"),
}
ANSWER_TITLES = {
    Answer.ACCEPTED: N_("Accepted"),
    Answer.REFUSED: N_("Refused"),
}
GROUND_TITLES = {
    Ground.ACCEPTED: N_("The complainant accepted the decision"),
    Ground.NO_ANSWER: N_("The complainant did not answer"),
    Ground.DECIDED_EXTERNALLY: N_("An external body decided"),
    Ground.EXHAUSTED: N_("Every internal and external step was offered and is exhausted"),
}

# Longest texts, in characters. PostgreSQL would refuse longer ones with an error nobody understands.
LONGEST = {
    "reference": 40,
    "external_reference": 100,
    "channel": 100,
    "complainant_name": 200,
    "complainant_email": 254,
    "complainant_phone": 60,
    "complainant_street": 200,
    "complainant_postcode": 40,
    "complainant_city": 100,
    "complainant_region": 100,
    "complainant_country": 100,
    "subject": 200,
    "description": 100_000,
    "product": 200,
    "category": 200,
    "site": 200,
    "wanted_remedy": 2_000,
    "source_status": 200,
    "decision": 20_000,
    "remedy": 2_000,
    "closing_note": 2_000,
}
TEXT_TITLES = {
    "reference": N_("Reference"),
    "external_reference": N_("Reference elsewhere"),
    "channel": N_("Channel"),
    "complainant_name": N_("Name"),
    "complainant_email": N_("E-mail"),
    "complainant_phone": N_("Phone"),
    "complainant_street": N_("Street and number"),
    "complainant_postcode": N_("Postcode"),
    "complainant_city": N_("Town"),
    "complainant_region": N_("Region"),
    "complainant_country": N_("Country"),
    "subject": N_("What it is about"),
    "description": N_("What happened"),
    "product": N_("Product or service"),
    "category": N_("Category"),
    "site": N_("Site or unit"),
    "wanted_remedy": N_("What would put it right"),
    "source_status": N_("State in the source"),
    "decision": N_("Decision and its reasons"),
    "remedy": N_("Remedy"),
    "closing_note": N_("Note"),
}
IDENTITY = (
    "complainant_name",
    "complainant_email",
    "complainant_phone",
    "complainant_street",
    "complainant_postcode",
    "complainant_city",
    "complainant_region",
    "complainant_country",
)


class AlreadyAcknowledged(RuleBroken):
    message = N_("This complaint was acknowledged before")


class NotAcknowledged(RuleBroken):
    message = N_("Acknowledge the complaint before you decide it")


class DecidedAlready(RuleBroken):
    message = N_("A decision stands and was not refused. Record the complainant's answer first")


class NoDecisionToAnswer(RuleBroken):
    message = N_("There is no decision yet that the complainant could accept or refuse")


class AnsweredAlready(RuleBroken):
    message = N_("The complainant's answer to this decision is on record")


class ClosedBeforeDecision(RuleBroken):
    message = N_("Record the decision and its reasons before you close the complaint")


class RefusalKeepsOpen(RuleBroken):
    message = N_(
        "The complainant refused the decision, so the case stays open. Decide anew, or close it once an external body "
        "decided or every step is exhausted"
    )


class NotAccepted(RuleBroken):
    message = N_("The complainant's acceptance is not on record. Record it, or choose another ground")


class NeverRefused(RuleBroken):
    message = N_("This ground is only for a decision that the complainant refused")


class ClosedAlready(RuleBroken):
    message = N_("This complaint is closed")


class ReasonsMissing(RuleBroken):
    message = N_("Give the reasons of the decision")


class NoteMissing(RuleBroken):
    message = N_("Say which external body decided, or which steps were offered")


class ReceivedInFuture(BadInput):
    message = N_("Enter a date of receipt that is not in the future")


class HappenedAfterReceipt(BadInput):
    message = N_("Enter a day it happened that is not after the complaint was received")


class SubjectMissing(BadInput):
    message = N_("Enter in a few words what the complaint is about")


class TextRefused(BadInput):
    """A text that cannot be stored; `column` is its field in LONGEST."""

    def __init__(self, column: str) -> None:
        super().__init__(field=_(TEXT_TITLES[column]), longest=LONGEST[column])
        self.column = column


class TextTooLong(TextRefused):
    message = N_("%(field)s is longer than %(longest)s characters. Shorten it")


class TextNotStorable(TextRefused):
    message = N_("%(field)s holds a character that cannot be stored (NUL or half a character pair). Remove it")


class UnknownWord(BadInput):
    message = N_("%(word)r is none of: %(known)s")


@dataclass(frozen=True)
class Standing:
    """What the gates look at. Empty `answer`: the complainant has not answered the decision."""

    stage: Stage
    answer: str = ""


def may_acknowledge(standing: Standing) -> None:
    """Raise AlreadyAcknowledged unless the complaint still waits for its acknowledgement (7.4)."""
    if standing.stage != Stage.RECEIVED:
        raise AlreadyAcknowledged


def may_decide(standing: Standing, reasons: str) -> None:
    """A decision needs an acknowledged complaint and reasons (7.7, 7.8); a refused decision may be replaced.

    Raises NotAcknowledged, ClosedAlready, DecidedAlready or ReasonsMissing.
    """
    if standing.stage == Stage.RECEIVED:
        raise NotAcknowledged
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready
    if standing.stage == Stage.DECIDED and standing.answer != Answer.REFUSED:
        raise DecidedAlready
    if not reasons.strip():
        raise ReasonsMissing


def may_answer(standing: Standing) -> None:
    """The complainant answers a standing decision once. Raises NoDecisionToAnswer, AnsweredAlready or ClosedAlready."""
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready
    if standing.stage != Stage.DECIDED:
        raise NoDecisionToAnswer
    if standing.answer:
        raise AnsweredAlready


def may_close(standing: Standing, ground: Ground, note: str) -> None:
    """Closing needs a decision, and refusal of the decision keeps the case open (7.9).

    A refused decision is left only by an external decision or by exhaustion, with a note saying which. Raises
    ClosedAlready, ClosedBeforeDecision, RefusalKeepsOpen, NotAccepted, NeverRefused or NoteMissing.
    """
    if standing.stage == Stage.CLOSED:
        raise ClosedAlready
    if standing.stage != Stage.DECIDED:
        raise ClosedBeforeDecision
    out_of_refusal = ground in (Ground.DECIDED_EXTERNALLY, Ground.EXHAUSTED)
    if standing.answer == Answer.REFUSED:
        if not out_of_refusal:
            raise RefusalKeepsOpen
        if not note.strip():
            raise NoteMissing
    elif out_of_refusal:
        raise NeverRefused
    elif ground == Ground.ACCEPTED and standing.answer != Answer.ACCEPTED:
        raise NotAccepted


_AFTER_ANSWER = {"": "answer", Answer.ACCEPTED: "close", Answer.REFUSED: "decide"}


def next_act(standing: Standing) -> str | None:
    """The one obvious next act: `acknowledge`, `decide`, `answer` or `close`; None for a closed complaint."""
    if standing.stage == Stage.DECIDED:
        return _AFTER_ANSWER[standing.answer]
    return {Stage.RECEIVED: "acknowledge", Stage.ACKNOWLEDGED: "decide"}.get(standing.stage)


def check_dates(received_at: datetime, happened_on: date | None, now: datetime) -> None:
    """Receipt is not in the future, and what happened did not happen after it.

    A day of slack for what happened: the complainant's day may already be tomorrow in UTC.
    Raises ReceivedInFuture or HappenedAfterReceipt.
    """
    if received_at > now:
        raise ReceivedInFuture
    if happened_on and happened_on > received_at.date() + timedelta(days=1):
        raise HappenedAfterReceipt


def check_text(field: str, value: str) -> str:
    """`value` when the field `field` of LONGEST can store it. Raises TextTooLong or TextNotStorable."""
    if len(value) > LONGEST[field]:
        raise TextTooLong(field)
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise TextNotStorable(field)
    return value


def known_word(word: str, among: type[StrEnum], *, empty: bool = False) -> str:
    """`word` when it is one of `among` (or empty, where that is allowed). Raises UnknownWord, naming them all."""
    if (empty and not word) or word in list(among):
        return word
    raise UnknownWord(word=word, known=", ".join(among))


def reference(year: int, number: int) -> str:
    """The reference of the `number`-th complaint recorded in `year`: `C-2026-000123`."""
    return f"C-{year:04d}-{number:06d}"


def closes_before_received(
    received_at: datetime, received_is_day: bool, closed_at: datetime | None, closed_is_day: bool
) -> bool:
    """Whether a source says the complaint was closed before it came in. Where one is only a day, days are compared."""
    if closed_at is None:
        return False
    if received_is_day or closed_is_day:
        return closed_at.date() < received_at.date()
    return closed_at < received_at


# Search words carry whose they are, so that one index serves all organisations and a search never walks another's
# records; words of a complainant's identity carry another mark, so that only those who may know it can find by it.
_OPEN_MARK = "·"
_IDENTITY_MARK = "¤"
_LONGEST_WORD = 64
_MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"\b([^\W\d_]+)-(\d{4})-(\d+)\b")


def _folded(text: str) -> str:
    # Folding would make letters of the numero sign and glue them to the number: №4512 is to be found by 4512.
    return fold(text.replace("№", " "))


# Importing asks for the words of hundreds of thousands of rows: plain text is split without a regular expression.
_SPLITTING = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)) + bytes(128)
_PERHAPS_NUMBERED = re.compile(r"-\d{4}-\d")


def _words(folded: str) -> list[str]:
    if folded.isascii():
        return folded.encode("ascii").translate(_SPLITTING).decode("ascii").split()
    return _WORD.findall(folded)


def _marked(organisation_id: int, mark: str, found: Iterable[str]) -> str:
    """Each of the words once, cut, and with its mark in front."""
    words: Iterable[str] = dict.fromkeys(found)
    if max(map(len, words), default=0) > _LONGEST_WORD:
        words = [word[:_LONGEST_WORD] for word in words]
    prefix = f"{organisation_id}{mark}"
    return prefix + f" {prefix}".join(words)


def search_words(organisation_id: int, reference: str, texts: Iterable[str], identity: Iterable[str]) -> str:
    """What the search index stores of a complaint: its folded words, once each, with their marks.

    `texts` are the fields of SEARCHED in any order, `identity` those of SEARCHED_IDENTITY. A number such as
    C-2026-000123 is one word; our own is also found by its last part, with and without its zeros.
    """
    text = _folded("\n".join(texts))
    own = _words(fold(reference))
    found = ["".join(own), own[-1], own[-1].lstrip("0"), *_words(text)]
    if _PERHAPS_NUMBERED.search(text):
        found += ("".join(parts) for parts in _NUMBERED.findall(text))
    named = _words(_folded("\n".join(identity)))
    marked = _marked(organisation_id, _OPEN_MARK, found)
    return f"{marked} {_marked(organisation_id, _IDENTITY_MARK, named)}" if named else marked


def wanted_words(organisation_id: int, typed: str, *, identity: bool) -> list[tuple[str, ...]]:
    """What a search box asks for: for each word the forms of which one must be there; the last word is a beginning.

    `identity` says whether words of a complainant's identity may be found. Empty when nothing was typed; words after
    the twelfth are left out.
    """
    marks = (_OPEN_MARK, _IDENTITY_MARK) if identity else (_OPEN_MARK,)
    found = dict.fromkeys(_WORD.findall(_NUMBERED.sub(r"\1\2\3", _folded(typed))))
    return [
        tuple(f"{organisation_id}{mark}{word[:_LONGEST_WORD]}" for mark in marks) for word in list(found)[:_MOST_WORDS]
    ]


SEARCHED = (
    "external_reference",
    "subject",
    "description",
    "product",
    "category",
    "site",
    "wanted_remedy",
    "source_status",
)
SEARCHED_IDENTITY = ("complainant_name", "complainant_email", "complainant_phone", "complainant_city")
