"""The programme: when audits are due, and a coverage matrix computed by hand beside the one that is computed."""

from contextlib import nullcontext
from datetime import date

import pytest

from auditkit.audits.programme import rules
from auditkit.audits.programme.rules import Cell, Cover, Fact, Side


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2027, 10, 31), 4, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 3, 1), -12, date(2025, 3, 1)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 5), 36, date(2029, 5, 5)),
    ],
)
def test_months_are_added_without_drifting(day, months, expected):
    assert rules.shifted(day, months) == expected


@pytest.mark.parametrize(
    ("first", "every", "last", "until", "expected"),
    [
        ("2026-01-31", 0, None, "2030-01-01", ["2026-01-31"]),
        ("2026-01-31", 0, None, "2026-01-30", []),
        ("2026-01-31", 1, None, "2026-04-30", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("2026-01-31", 1, "2026-03-01", "2026-04-30", ["2026-01-31", "2026-02-28"]),
        ("2026-02-15", 3, None, "2026-08-15", ["2026-02-15", "2026-05-15", "2026-08-15"]),
        ("2026-02-15", 12, None, "2028-02-14", ["2026-02-15", "2027-02-15"]),
        ("2026-02-15", 36, None, "2029-02-15", ["2026-02-15", "2029-02-15"]),
    ],
)
def test_periods_count_from_the_first(first, every, last, until, expected):
    found = rules.periods(
        date.fromisoformat(first), every, date.fromisoformat(last) if last else None, date.fromisoformat(until)
    )
    assert [day.isoformat() for day in found] == expected


def test_what_was_slept_through_is_due_and_what_is_made_is_not():
    found = rules.due(date(2026, 1, 1), 3, None, 30, date(2026, 9, 5), {date(2026, 4, 1)})
    assert found == [date(2026, 1, 1), date(2026, 7, 1), date(2026, 10, 1)]
    assert rules.due(date(2026, 1, 1), 3, None, 0, date(2025, 12, 31), set()) == []
    assert rules.due(date(2026, 1, 1), 3, None, 1, date(2025, 12, 31), set()) == [date(2026, 1, 1)]


FACTS = [
    # 2026: a finished audit looked at 7.4.1 (twice) and 7.4.2, and left 8.2 out; one is planned for 7.
    Fact("A-1", 2026, "s:7.4.1", Cover.DONE, 1, ((100, 1),), 1),
    Fact("A-1", 2026, "s:7.4.1", Cover.DONE, 1, ((50, 2),)),
    Fact("A-1", 2026, "s:7.4.2", Cover.DONE, 1),  # does not apply
    Fact("A-1", 2026, "s:8.2", Cover.SKIPPED),
    Fact("A-2", 2026, "s:7.4", Cover.PLANNED),
    # 2027: one is running, with an answer that must not count as a result yet.
    Fact("A-3", 2027, "s:7.4", Cover.RUNNING, 1, ((0, 1),)),
    # 2028: to come by the programme.
    Fact("", 2028, "s:8.2", Cover.PLANNED),
    # Outside the cycle.
    Fact("A-0", 2025, "s:9", Cover.DONE, 1, ((100, 1),)),
]


def test_the_coverage_is_what_one_counts_by_hand():
    lines = [
        ("s:7.4", "7.4", ("s:7.4",)),
        ("s:8.2", "8.2", ("s:8.2",)),
        ("s:9", "9", ("s:9",)),
        ("p", "Receipt and analysis", ("s:7", "s:8.2")),
    ]
    receipt, analysis, never, process = rules.coverage(lines, FACTS, 2026)
    assert receipt.cells == (
        Cell(Cover.DONE, ("A-1", "A-2"), 3, 66, 1),  # (100 * 1 + 50 * 2) / 3, rounded down
        Cell(Cover.RUNNING, ("A-3",), 1, None, 0),
        Cell(Cover.NEVER),
    )
    assert receipt.cover is Cover.DONE
    assert [cell.cover for cell in analysis.cells] == [Cover.SKIPPED, Cover.NEVER, Cover.PLANNED]
    assert analysis.cover is Cover.PLANNED
    assert (never.cover, {cell.cover for cell in never.cells}) == (Cover.NEVER, {Cover.NEVER})
    assert process.cells[0] == Cell(Cover.DONE, ("A-1", "A-2"), 3, 66, 1)
    assert [cell.cover for cell in process.cells] == [Cover.DONE, Cover.RUNNING, Cover.PLANNED]


def test_what_a_crosswalk_leads_to_shows_that_somebody_looked_and_no_more():
    lines = [("s:7", "7", ("s:7",)), ("s:8", "8", ("s:8",))]
    # one question of another edition leads to two clauses of the same row, and to one of the other row
    led = [Fact("A-4", 2026, clause, Cover.DONE, 1, ((0, 1),), 1, 40, "o") for clause in ("s:7.1", "s:7.2", "s:8")]
    both, only = rules.coverage(lines, [*led, Fact("A-1", 2026, "s:7.1", Cover.DONE, 1, ((100, 1),), 0, 41)], 2026)
    assert both.cells[0] == Cell(Cover.DONE, ("A-1", "A-4"), 2, 100, 1)
    assert only.cells[0] == Cell(Cover.DONE, ("A-4",), 1, None, 1, ("o",))


def test_a_clause_is_not_covered_by_its_neighbour():
    assert not rules.belongs("s:7.10", ["s:7.1"])
    assert rules.belongs("s:7.1.0", ["s:7.1"])


def test_risks_are_read_as_they_are_written():
    text = "- No second auditor -> train Ada\n\n+ New system → audit it early\nNo sign -> is a risk"
    found = rules.read_risks(text)
    assert found == [
        (Side.RISK, "No second auditor", "train Ada"),
        (Side.OPPORTUNITY, "New system", "audit it early"),
        (Side.RISK, "No sign", "is a risk"),
    ]
    assert rules.read_risks(rules.write_risks(found)) == found


@pytest.mark.parametrize("line", ["- only a risk", "- a risk ->", "-> only an answer", "+ -> "])
def test_half_a_risk_is_refused_with_its_line(line):
    with pytest.raises(rules.RiskHalf) as refusal:
        rules.read_risks(f"- a -> b\n{line}")
    assert refusal.value.params["line"] == 2


@pytest.mark.parametrize(
    ("year", "cycle", "objectives", "refusal"),
    [
        (2026, 2026, "See", None),
        (2026, 2024, "See", None),
        (2026, 2023, "See", rules.YearOutsideCycle),
        (2026, 2027, "See", rules.YearOutsideCycle),
        (2026, 2026, " ", rules.ProgrammeObjectivesMissing),
    ],
)
def test_what_a_programme_must_say(year, cycle, objectives, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_programme(year=year, cycle_from=cycle, objectives=objectives)


@pytest.mark.parametrize(
    ("held", "conclusions", "refusal"),
    [
        (date(2026, 3, 2), "Fit", None),
        (date(2026, 3, 3), "Fit", rules.HeldInFuture),
        (date(2026, 3, 2), " ", rules.ConclusionsMissing),
    ],
)
def test_a_review_was_held_and_concluded_something(held, conclusions, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_review(held_on=held, today=date(2026, 3, 2), conclusions=conclusions)


ITEM = {
    "title": "Yearly",
    "first_on": date(2026, 3, 2),
    "last_on": None,
    "every_months": 12,
    "days": 2,
    "ahead": 30,
    "today": date(2026, 3, 2),
}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"title": " "}, rules.ItemTitleMissing),
        ({"first_on": date(2025, 3, 2)}, None),
        ({"first_on": date(2025, 3, 1)}, rules.FirstTooEarly),
        ({"last_on": date(2026, 3, 1)}, rules.ItemDatesReversed),
        ({"every_months": 5}, rules.EveryUnknown),
        ({"days": 0}, rules.ItemSpanUnfit),
        ({"days": 61}, rules.ItemSpanUnfit),
        ({"ahead": -1}, rules.AheadUnfit),
        ({"ahead": 366}, rules.AheadUnfit),
    ],
)
def test_what_an_audit_of_the_programme_must_say(change, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_item(**{**ITEM, **change})
