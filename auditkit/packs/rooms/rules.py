"""Decisions about rooms: who may still come in, what a judgement and a request need, the events. Pure.

Checked by tests/rules/test_packs_rooms_rules.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from auditkit.base.errors import BadInput, NotFound, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

OPENED = event("room:opened", N_("Room for a reviewer opened"), about_records=False)
REVOKED = event("room:revoked", N_("Room for a reviewer closed by us"), about_records=False)
ENTERED = event("room:entered", N_("Reviewer entered the room"), about_records=False)
TAKEN = event("room:file-taken", N_("Reviewer took a file"), about_records=False)
JUDGED = event("room:judged", N_("Reviewer judged a clause"), about_records=False)
ITEM_JUDGED = event("room:item-judged", N_("Reviewer judged a file"), about_records=False)
COMMENTED = event("room:commented", N_("Comment in the room of a reviewer"), about_records=False)
ASKED = event("room:asked", N_("Reviewer asked for something"), about_records=False)
ANSWERED = event("room:answered", N_("Request of a reviewer answered"), about_records=False)
CONCLUDED = event("room:concluded", N_("Reviewer concluded"), about_records=False)

MAX_DAYS = 366
MAX_TEXT = 4_000
DAYS_OFFERED = 30


class Verdict(StrEnum):
    """What a reviewer says of what a pack shows for a clause."""

    ACCEPTED = "accepted"
    QUESTION = "question"
    NOT_SUFFICIENT = "not-sufficient"


VERDICT_TITLES = {
    Verdict.ACCEPTED: N_("Accepted"),
    Verdict.QUESTION: N_("Question"),
    Verdict.NOT_SUFFICIENT: N_("Not sufficient"),
}


@dataclass(frozen=True)
class Tally:
    """How the items behind a clause were judged. It stands beside the reviewer's own word on the clause and never
    takes its place: whether a clause is met is not the sum of its files."""

    accepted: int = 0
    question: int = 0
    not_sufficient: int = 0
    not_judged: int = 0

    @property
    def all(self) -> int:
        """How many items there are."""
        return self.accepted + self.question + self.not_sufficient + self.not_judged


class Standing(StrEnum):
    """Whether a reviewer comes in."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"
    CONCLUDED = "concluded"


STANDING_TITLES = {
    Standing.OPEN: N_("Open"),
    Standing.EXPIRED: N_("Expired"),
    Standing.REVOKED: N_("Closed by us"),
    Standing.CONCLUDED: N_("Concluded"),
}


class NoSuchRoom(NotFound):
    message = N_("This link opens no room. It has expired or was taken back; ask the organisation for another")


class ReviewerMissing(BadInput):
    message = N_("Enter the reviewer's name, or choose a person with an account")


class NotAReviewer(RuleBroken):
    message = N_("This person is no external reviewer of this organisation. Give them that role under People first")


class LastDayWrong(BadInput):
    message = N_("Choose a last day from today to a year from now")


class CommentMissing(RuleBroken):
    message = N_("Say what the question is, or what is not sufficient")


class ConcernWithoutDoubt(RuleBroken):
    message = N_("Only what you find not sufficient could become a nonconformity; choose that, or take the mark away")


class CommentEmpty(RuleBroken):
    message = N_("Write the comment")


class RequestEmpty(RuleBroken):
    message = N_("Say what you ask for")


class AnswerEmpty(RuleBroken):
    message = N_("Write an answer, or attach what was asked for")


class AnsweredAlready(RuleBroken):
    message = N_("This request is answered already")


class OutcomeMissing(RuleBroken):
    message = N_("Write what the review came to")


class RoomConcluded(RuleBroken):
    message = N_("The review is concluded; nothing is added to it any more")


class NotInThePack(NotFound):
    message = N_("The pack holds no such file or clause")


class PackUnreadable(NotFound):
    message = N_(
        "The file of this pack is damaged or cannot be read, so nothing of it is shown. What was said in the room is "
        "kept. Put the file back from a backup, or build the pack again and open a room for it"
    )


class PackElsewhere(RuleBroken):
    message = N_("Only a pack that is kept here can be shown in a room. Build it here")


def standing(last_day: date, revoked_at: datetime | None, concluded_at: datetime | None, today: date) -> Standing:
    """How a room stands today. A concluded room stays open for reading until its last day."""
    if revoked_at is not None:
        return Standing.REVOKED
    if today > last_day:
        return Standing.EXPIRED
    return Standing.CONCLUDED if concluded_at is not None else Standing.OPEN


def may_enter(where: Standing) -> bool:
    """Whether the link leads in."""
    return where in (Standing.OPEN, Standing.CONCLUDED)


def check_last_day(last_day: date, today: date) -> None:
    """Raises LastDayWrong."""
    if not today <= last_day <= today + timedelta(days=MAX_DAYS):
        raise LastDayWrong


def check_judgement(verdict: Verdict, comment: str, concern: bool = False) -> None:
    """Raises CommentMissing: whoever does not accept says why; ConcernWithoutDoubt."""
    if verdict is not Verdict.ACCEPTED and not comment.strip():
        raise CommentMissing
    if concern and verdict is not Verdict.NOT_SUFFICIENT:
        raise ConcernWithoutDoubt


def tally(items: Iterable[str], said: Mapping[str, Verdict]) -> Tally:
    """How these items were judged; each is counted once, also where a clause names it twice."""
    verdicts = [said.get(one) for one in dict.fromkeys(items)]
    return Tally(
        verdicts.count(Verdict.ACCEPTED),
        verdicts.count(Verdict.QUESTION),
        verdicts.count(Verdict.NOT_SUFFICIENT),
        verdicts.count(None),
    )


def changes(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Paths that came, went and changed between two packs, each given as path -> digest."""
    came, went = sorted(after.keys() - before.keys()), sorted(before.keys() - after.keys())
    return came, went, sorted(path for path in after.keys() & before.keys() if after[path] != before[path])


class Fate(StrEnum):
    """What became, in a later pack, of what an earlier one showed for a clause or as an item."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    WITHHELD = "withheld"


FATE_TITLES = {
    Fate.SAME: N_("As it was"),
    Fate.CHANGED: N_("Changed"),
    Fate.NEW: N_("New"),
    Fate.GONE: N_("Gone"),
    Fate.WITHHELD: N_("Cannot be compared: withheld"),
}


def fate(before: Mapping[str, str] | None, after: Mapping[str, str] | None) -> Fate:
    """What became of it, each given as path -> digest (empty where withheld), None where the pack does not show it.

    What one of the packs withholds is told from neither its coming nor its digest; other files of a clause are.
    """
    if after is None:
        return Fate.GONE
    if before is None:
        return Fate.NEW
    both = before.keys() & after.keys()
    told = {path for path in both if before[path] and after[path]}
    if before.keys() != after.keys() or any(before[path] != after[path] for path in told):
        return Fate.CHANGED
    return Fate.SAME if told == both else Fate.WITHHELD
