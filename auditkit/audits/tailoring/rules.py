"""Which questions of a checklist an audit asks, and what a question of its own needs. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from auditkit.base.errors import BadInput, RuleBroken
from auditkit.base.events import event
from auditkit.base.text import N_

TAILORED = event("audit:tailored", N_("Questions of the audit tailored"))
QUESTION_ADDED = event("audit:question-added", N_("Question added to this audit"))
INTERVIEWEE_NAMED = event("audit:interviewee-named", N_("Whom questions are put to"))

WEIGHTS = {
    1: N_("Every weight"),
    2: N_("Weight 2 and more: what matters more than most"),
    3: N_("Weight 3 and more: what hurts when it fails"),
    4: N_("Weight 4 and more: what the whole depends on"),
    5: N_("Weight 5 only"),
}


class Why(StrEnum):
    """Why a question is not asked."""

    SECTION = "section"
    WEIGHT = "weight"
    SPARED = "spared"


WHY_TITLES = {
    Why.SECTION: N_("Clause not chosen for this audit"),
    Why.WEIGHT: N_("Weight below what was chosen"),
    Why.SPARED: N_("Left out as a single question"),
}


class TailoringReasonMissing(BadInput):
    message = N_("Write down why not everything is asked: it stands in the report of the audit")


class NothingLeft(RuleBroken):
    message = N_("Nothing is left to ask. Choose more clauses or questions, or a lower weight")


class NotAProfile(BadInput):
    message = N_("The checklist %(id)s does not build on the planned one. Choose one of the list")


class NoSuchPrevious(BadInput):
    message = N_("This audit has not started yet, so nothing can be carried over from it. Choose one of the list")


class NoSuchQuestion(BadInput):
    message = N_("The checklist has no such question: %(ids)s")


class QuestionMissing(BadInput):
    message = N_("Write the question")


class SectionUnknown(BadInput):
    message = N_("Choose the clause the question belongs to")


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides over a question: its section, its weight."""

    item: str
    section: str
    weight: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What to ask: sections (none: all), the least weight, all that is not `spared`, what failed last time anyway."""

    sections: tuple[str, ...] = ()
    least_weight: int = 1
    keep_failed: bool = True
    spared: frozenset[str] = frozenset()

    @property
    def narrows(self) -> bool:
        """Whether anything is left out on purpose."""
        return bool(self.sections or self.spared) or self.least_weight > 1


def split(
    questions: Iterable[Asked], wish: Wish, failed: Collection[str] = ()
) -> tuple[list[str], list[tuple[str, Why]]]:
    """(ids of the questions asked, in their order; the others with why). `failed` did not conform last time."""
    asked: list[str] = []
    left_out: list[tuple[str, Why]] = []
    for one in questions:
        why = _why_not(one, wish)
        if why is None or (wish.keep_failed and one.item in failed):
            asked.append(one.item)
        else:
            left_out.append((one.item, why))
    return asked, left_out


def _why_not(one: Asked, wish: Wish) -> Why | None:
    if wish.sections and one.section not in wish.sections:
        return Why.SECTION
    if one.item in wish.spared:
        return Why.SPARED
    return Why.WEIGHT if one.weight < wish.least_weight else None


def check_wish(wish: Wish, reason: str) -> None:
    """Whether what is left out has a reason. Raises TailoringReasonMissing."""
    if wish.narrows and not reason.strip():
        raise TailoringReasonMissing


def covers(clauses: str, clause: str) -> bool:
    """Whether a timetable's clauses (`7.2, 7.3; 8`) include a clause (`7.2.1`): itself or one above it."""
    named = clauses.replace(";", ",").replace(" ", ",").split(",")
    return any(one and (clause == one or clause.startswith(f"{one.rstrip('.')}.")) for one in map(str.strip, named))
