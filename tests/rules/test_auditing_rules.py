"""Findings counted by hand: two audits, five findings, three clauses, two places."""

from datetime import UTC, datetime
from typing import Any

import pytest

from auditkit.audits.rules import Grade
from auditkit.insights.auditing import rules
from auditkit.insights.auditing.rules import By, Counted, Effect, FindingFact, Round


def day(number: int) -> datetime:
    return datetime(2026, 3, number, 12, tzinfo=UTC)


def fact(number: int, grade: Grade, clause: str, *, settled: int | None = None, **more: Any) -> FindingFact:
    return FindingFact(
        id=number,
        number=f"F-{number}",
        audit="A-1",
        statement="",
        grade=grade,
        clause=clause,
        principles=more.get("principles", ()),
        places=more.get("places", ("North",)),
        raised_at=day(1),
        settled_at=day(settled) if settled else None,
        repeat=more.get("repeat", False),
    )


FACTS = [
    fact(1, Grade.MAJOR, "7.2", settled=11, principles=("TIM", "ACC")),
    fact(2, Grade.MINOR, "7.2", settled=21, principles=("TIM",), repeat=True),
    fact(3, Grade.MINOR, "7.10", places=("North", "South")),
    fact(4, Grade.OPPORTUNITY, "7.2", places=()),
    fact(5, Grade.OBSERVATION, "8.5", settled=2),
]


def test_by_clause() -> None:
    assert rules.counted(FACTS, By.CLAUSE) == [
        Counted("7.2", 1, 1, 1, 1),
        Counted("7.10", 0, 1, 0, 0),
        Counted("8.5", 0, 0, 1, 0),
    ]


def test_from_audit_to_audit_in_the_order_of_their_reports_those_without_findings_too() -> None:
    later, first = Round("A-1", "Spring", day(9), 80, 10), Round("A-0", "Winter", day(2), None, 0)
    assert rules.trend([later, first], FACTS) == [
        (first, Counted("A-0", 0, 0, 0, 0)),
        (later, Counted("A-1", 1, 2, 2, 1)),
    ]


def test_by_principle_a_finding_counts_under_each() -> None:
    found = {one.word: one.all for one in rules.counted(FACTS, By.PRINCIPLE)}
    assert found == {"TIM": 2, "ACC": 1, "": 3}


def test_by_place_and_crossed() -> None:
    assert {one.word: one.all for one in rules.counted(FACTS, By.PLACE)} == {"North": 4, "South": 1, "": 1}
    places, rows = rules.crossed(FACTS)
    assert set(places) == {"", "North", "South"}
    found = {(clause, place): n for clause, row in rows for place, n in zip(places, row, strict=True)}
    assert [clause for clause, _row in rows] == ["7.2", "7.10", "8.5"]
    assert found["7.2", "North"] == 2
    assert found["7.10", "South"] == 1
    assert found["7.2", ""] == 1


def test_days_to_settle_leave_out_what_needs_no_answer_and_count_what_waits() -> None:
    found = rules.durations(FACTS, day(31))
    assert found.settled == (10, 20)
    assert found.waiting == (30,)
    assert found.middle == 15
    assert rules.durations([], day(31)).middle is None


def test_repeats_and_effect() -> None:
    assert rules.repeated(FACTS) == (1, 5)
    assert rules.effect([(1, 0), (0, 2), (1, 1)]) == Effect(2, 5)


@pytest.mark.parametrize(
    ("moments", "last"),
    [([], None), ([day(2), day(5)], day(5)), ([day(2), None], None)],
)
def test_settled_when_everything_is(moments: list[datetime | None], last: datetime | None) -> None:
    assert rules.latest(moments) == last
