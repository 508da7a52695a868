"""Findings and actions counted. Pure; tests/rules/test_auditing_rules.py counts small sets by hand.

A finding with several principles counts under each of them, one of an audit at several places at each place, so
columns may add up to more than there are findings; the pages say so.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import median

from auditkit.audits.rules import NONCONFORMITIES, Grade


class By(StrEnum):
    """What findings are counted by."""

    CLAUSE = "clause"
    PRINCIPLE = "principle"
    PLACE = "place"
    AUDIT = "audit"


class Gravity(StrEnum):
    """How grave a finding is, as the bars part them; a nonconformity is of either grade."""

    MAJOR = "major"
    MINOR = "minor"
    OTHER = "other"
    NONCONFORMITY = "nonconformity"


@dataclass(frozen=True, slots=True)
class FindingFact:
    """A finding as it is counted. `settled_at`: when the effect of everything that answers it was verified."""

    id: int
    number: str
    audit: str
    statement: str
    grade: Grade
    clause: str
    principles: tuple[str, ...]
    places: tuple[str, ...]
    raised_at: datetime
    settled_at: datetime | None
    repeat: bool

    @property
    def nonconformity(self) -> bool:
        """Whether it has to be answered."""
        return self.grade in NONCONFORMITIES

    @property
    def gravity(self) -> Gravity:
        """The part of a bar it stands in."""
        return {Grade.MAJOR: Gravity.MAJOR, Grade.MINOR: Gravity.MINOR}.get(self.grade, Gravity.OTHER)

    def weighs(self, gravity: Gravity) -> bool:
        """Whether it is that grave."""
        return self.nonconformity if gravity is Gravity.NONCONFORMITY else self.gravity is gravity

    def under(self, by: By) -> tuple[str, ...]:
        """The words it counts under; empty text where none is known."""
        if by in (By.CLAUSE, By.AUDIT):
            return (self.clause if by is By.CLAUSE else self.audit,)
        return (self.principles if by is By.PRINCIPLE else self.places) or ("",)


@dataclass(frozen=True, slots=True)
class Counted:
    """Findings under one word, by gravity; `repeats` of them came again."""

    word: str
    major: int
    minor: int
    other: int
    repeats: int

    @property
    def all(self) -> int:
        """Of any grade."""
        return self.major + self.minor + self.other


@dataclass(frozen=True, slots=True)
class Round:
    """An audit that was reported in the period. `percent`: conformity of the `answered` questions; None of none."""

    audit: str
    title: str
    reported_at: datetime
    percent: int | None
    answered: int


@dataclass(frozen=True, slots=True)
class Durations:
    """Whole days from raising to settling of nonconformities that are settled; how long the others have waited."""

    settled: tuple[int, ...]
    waiting: tuple[int, ...]

    @property
    def middle(self) -> float | None:
        """Median days of those settled; None without any. It leaves out what waits: read it with the curve."""
        return float(median(self.settled)) if self.settled else None


@dataclass(frozen=True, slots=True)
class Effect:
    """Judgements of effects: how many found it, of how many."""

    effective: int
    judged: int


def counted(facts: Iterable[FindingFact], by: By) -> list[Counted]:
    """Findings by what is asked, the most first, then by word."""
    grades: dict[str, Counter[str]] = {}
    for fact in facts:
        for word in fact.under(by):
            tally = grades.setdefault(word, Counter())
            tally[fact.gravity.value] += 1
            tally["repeats"] += fact.repeat
    found = [
        Counted(word, tally["major"], tally["minor"], tally["other"], tally["repeats"])
        for word, tally in grades.items()
    ]
    return sorted(found, key=lambda one: (-one.all, natural(one.word)))


def trend(rounds: Sequence[Round], facts: Iterable[FindingFact]) -> list[tuple[Round, Counted]]:
    """Each audit with its findings, in the order of their reports; those without a finding as well."""
    found = {one.word: one for one in counted(facts, By.AUDIT)}
    nothing = [(one, Counted(one.audit, 0, 0, 0, 0)) for one in sorted(rounds, key=lambda one: one.reported_at)]
    return [(one, found.get(one.audit, none)) for one, none in nothing]


def crossed(facts: Sequence[FindingFact]) -> tuple[list[str], list[tuple[str, tuple[int, ...]]]]:
    """(places, rows): for every clause the number of findings at each place, clauses in their order."""
    places = sorted({place for fact in facts for place in fact.under(By.PLACE)}, key=natural)
    cells = Counter((fact.clause, place) for fact in facts for place in fact.under(By.PLACE))
    clauses = sorted({fact.clause for fact in facts}, key=natural)
    return places, [(clause, tuple(cells[clause, place] for place in places)) for clause in clauses]


def natural(word: str) -> list[tuple[bool, str]]:
    """The order of clauses: 7.2 before 7.10, words after numbers."""
    return [(not part.isdecimal(), part.zfill(4)) for part in word.split(".")]


def durations(facts: Iterable[FindingFact], now: datetime) -> Durations:
    """How long nonconformities took, and have taken so far."""
    asked = [fact for fact in facts if fact.nonconformity]
    settled = [(fact.settled_at - fact.raised_at).days for fact in asked if fact.settled_at is not None]
    waiting = [(now - fact.raised_at).days for fact in asked if fact.settled_at is None]
    return Durations(tuple(sorted(settled)), tuple(sorted(waiting)))


def repeated(facts: Iterable[FindingFact]) -> tuple[int, int]:
    """(findings that repeat an earlier one, all)."""
    every = list(facts)
    return sum(fact.repeat for fact in every), len(every)


def effect(judgements: Iterable[tuple[int, int]]) -> Effect:
    """All judgements together; each is (found effective, found without effect)."""
    every = list(judgements)
    effective = sum(one for one, _without in every)
    return Effect(effective, effective + sum(without for _effective, without in every))


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """The last of several moments; None where one has not come, or there are none."""
    every = list(moments)
    known = [one for one in every if one is not None]
    return max(known) if every and len(known) == len(every) else None
