"""How answers become figures. Pure; the page prints the formula that stands here.

    conformity = sum(percent of the answer x weight of the question) / sum(weight of the question), rounded down

over the questions that were answered. Questions that do not apply, and those nobody looked at, count for nothing on
either side: leaving out is neutral, and so is shown beside each figure. tests/rules/test_audit_scores.py.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditkit.audits.rules import AnswerState, conformity_percent

_LEVEL = re.compile(r"level-(\d+)")


@dataclass(frozen=True, slots=True)
class Counted:
    """What a figure is made of: one question. `conformity` in percent for answers that count."""

    item: str
    clause: str
    clause_label: str
    principles: tuple[str, ...]
    weight: int
    answer: str
    state: AnswerState
    conformity: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with what it was made of. `percent` None: nothing was answered. `maturity`: mean level in tenths.

    `previous` is the same figure of the last audit on the same checklist, None where there is none.
    """

    key: str
    title: str
    percent: int | None
    answered: int
    excluded: int
    not_looked_at: int
    maturity: int | None = None
    previous: int | None = None

    @property
    def total(self) -> int:
        """All questions of it."""
        return self.answered + self.excluded + self.not_looked_at

    @property
    def change(self) -> int | None:
        """Points more (or less) than last time, None where either figure is missing."""
        return None if self.percent is None or self.previous is None else self.percent - self.previous


def has_levels(answer_ids: Iterable[str]) -> bool:
    """Whether the scale grades maturity by levels (`level-0`, `level-1` ...)."""
    return any(_LEVEL.fullmatch(one) for one in answer_ids)


def score(key: str, title: str, rows: Sequence[Counted], *, previous: int | None = None) -> Score:
    """The figure over `rows`."""
    counted = [(row.conformity, row.weight) for row in rows if row.conformity is not None]
    return Score(
        key=key,
        title=title,
        percent=conformity_percent(counted),
        answered=len(counted),
        excluded=sum(row.state is AnswerState.EXCLUDED for row in rows),
        not_looked_at=sum(row.state is AnswerState.OPEN for row in rows),
        maturity=_maturity(rows),
        previous=previous,
    )


def _maturity(rows: Sequence[Counted]) -> int | None:
    """Mean level by weight in tenths, rounded down (37 is 3.7); None where no answer is a level."""
    levels = [(int(found[1]), row.weight) for row in rows if (found := _LEVEL.fullmatch(row.answer))]
    weight = sum(one for _level, one in levels)
    return sum(level * one * 10 for level, one in levels) // weight if weight else None


def by_clause(rows: Sequence[Counted]) -> dict[str, list[Counted]]:
    """Rows under the clause they count for, in the order asked."""
    grouped: dict[str, list[Counted]] = {}
    for row in rows:
        grouped.setdefault(row.clause, []).append(row)
    return grouped


def by_principle(rows: Sequence[Counted]) -> dict[str, list[Counted]]:
    """Rows under every principle they name; one that names two counts for both."""
    grouped: dict[str, list[Counted]] = {}
    for row in rows:
        for code in row.principles:
            grouped.setdefault(code, []).append(row)
    return grouped
