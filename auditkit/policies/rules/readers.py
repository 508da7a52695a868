"""Who must read which version, who has, and when to remind. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_
from auditkit.policies.rules.documents import Dates, in_force

READERS_SET = event("policy:readers-set", N_("Those who must read the document set"))
CONFIRMED = event("policy:confirmed", N_("Document read and understood"))
NOTICED = event("policy:noticed", N_("Mail about a document"), about_records=False)

REMIND_AFTER = timedelta(days=7)
REVIEW_AHEAD = timedelta(days=30)


class Notice(StrEnum):
    """What a mail about a version is for; each goes to a person once."""

    ASKED = "asked"
    REMINDER = "reminder"
    REVIEW_SOON = "review-soon"
    REVIEW_OVER = "review-over"


class ReaderUnknown(BadInput):
    message = N_("Choose those who must read it from the roles and members of the organisation")


class NotToBeRead(RuleBroken):
    message = N_("Version %(number)s is not in force and not about to be. Confirm the version in force")


class ReadAlready(RuleBroken):
    message = N_("You confirmed this version already")


class ReadingNotTicked(RuleBroken):
    message = N_("Tick that you have read the text and understood it")


@dataclass(frozen=True)
class Reader:
    """Somebody who could have to read: a member with the role held now."""

    person_id: int
    name: str
    role: str


@dataclass(frozen=True)
class Coverage:
    """How many of those who must read a version have confirmed it."""

    read: int
    asked: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means everybody; None where nobody is asked."""
        return self.read * 100 // self.asked if self.asked else None


def must_read(members: Iterable[Reader], roles: Collection[str], people: Collection[int]) -> list[Reader]:
    """Those who must read, each once, in the order of `members`."""
    return [one for one in members if one.role in roles or one.person_id in people]


def to_be_read(versions: Sequence[Dates], on: date) -> list[int]:
    """The numbers of the versions that readers are asked for: the one in force, and what is published to follow it."""
    now = in_force(versions, on)
    coming = [
        one.number
        for one in versions
        if one.effective is not None and one.effective > on and one.came(one.effective) and one.number > (now or 0)
    ]
    return [*([now] if now is not None else []), *coming]


def coverage(readers: Sequence[Reader], confirmed: Collection[int]) -> Coverage:
    """How far the readers are with a version."""
    return Coverage(sum(one.person_id in confirmed for one in readers), len(readers))


def coverage_by_role(readers: Sequence[Reader], confirmed: Collection[int]) -> dict[str, Coverage]:
    """The same for each role, in the order in which roles occur."""
    roles = dict.fromkeys(one.role for one in readers)
    return {role: coverage([one for one in readers if one.role == role], confirmed) for role in roles}


def notice_for_reader(sent: Mapping[Notice, date], today: date) -> Notice | None:
    """What a reader who has not confirmed is to be mailed now: the request, and once a reminder a week later."""
    asked = sent.get(Notice.ASKED)
    if asked is None:
        return Notice.ASKED
    return Notice.REMINDER if Notice.REMINDER not in sent and today >= asked + REMIND_AFTER else None


def notice_of_review(review_by: date | None, sent: Collection[Notice], today: date) -> Notice | None:
    """What the owner is to be mailed about the review: that it comes within 30 days, and that its day has passed."""
    if review_by is None:
        return None
    if today > review_by:
        return None if Notice.REVIEW_OVER in sent else Notice.REVIEW_OVER
    due = today >= review_by - REVIEW_AHEAD
    return Notice.REVIEW_SOON if due and not {Notice.REVIEW_SOON, Notice.REVIEW_OVER} & set(sent) else None


def require_to_be_read(versions: Sequence[Dates], number: int, on: date) -> None:
    """Raises NotToBeRead."""
    if number not in to_be_read(versions, on):
        raise NotToBeRead(number=number)
