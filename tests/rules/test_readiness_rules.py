"""Cells, the number, what stops, periods: each computed by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from auditkit.readiness import rules
from auditkit.readiness.rules import (
    Asked,
    Cell,
    Column,
    Matrix,
    Override,
    Part,
    PartKind,
    Period,
    Reading,
    Row,
    Score,
    State,
    Weights,
    Why,
)
from auditkit.readiness.transition.rules import decide
from auditkit.readiness.visits.rules import since

WEIGHTS = Weights(documents=1, records=3, audit=2, findings=2, stale_months=12, fewest_months=3)
YEAR = Period(date(2025, 4, 1), date(2026, 3, 31))


def part(state=State.FOUND, found=1, **more):
    return Part(PartKind.PROBE, "p", state, found, **more)


@pytest.mark.parametrize(
    ("reading", "least", "absent", "state"),
    [
        (Reading(3), 100, State.GAP, State.FOUND),
        (Reading(0), 100, State.GAP, State.GAP),
        (Reading(0), 100, State.NOT_CHECKED, State.NOT_CHECKED),
        (Reading(9, 10, 1), 90, State.GAP, State.FOUND),
        (Reading(9, 10, 1), 91, State.GAP, State.GAP),
        (Reading(0, 0), 90, State.GAP, State.GAP),
        (Reading(0, 0, unseen=5), 90, State.NOT_CHECKED, State.NOT_CHECKED),
        (Reading(999, 1000, 1), 100, State.GAP, State.GAP),
    ],
)
def test_a_reading_is_judged(reading, least, absent, state):
    assert rules.judge(reading, least, absent) is state


def test_documents():
    late = replace(part(State.GAP), kind=PartKind.DOCUMENT)
    assert rules.documents([], expected=True) == Cell(Column.DOCUMENTS, State.GAP, Why.NO_DOCUMENT)
    assert rules.documents([], expected=False).why is Why.NO_DOCUMENT_EXPECTED
    assert rules.documents([part()], expected=True).state is State.FOUND
    assert rules.documents([part(), late], expected=True).why is Why.OVERDUE_REVIEW


def test_records():
    assert rules.records([]).why is Why.NO_PROBE
    assert rules.records([part(State.NOT_CHECKED, 0)]).why is Why.NOTHING_TO_CHECK
    assert rules.records([part(), part(State.NOT_CHECKED, 0)]).state is State.FOUND
    assert rules.records([part(), part(State.GAP, 0)]).state is State.GAP


def asked(**more):
    usual = {"audit": "A-1", "begun": True, "done": True, "questions": 4, "looked": 4, "below": 0, "points": 700,
             "weight": 7, "newest": date(2026, 1, 1)}  # fmt: skip
    return Asked(**{**usual, **more})


@pytest.mark.parametrize(
    ("given", "state", "why"),
    [
        ([], State.NOT_CHECKED, Why.NOT_ASKED),
        ([asked(begun=False, done=False, looked=0)], State.NOT_CHECKED, Why.PLANNED),
        ([asked(done=False)], State.NOT_CHECKED, Why.RUNNING),
        ([asked(looked=0)], State.NOT_CHECKED, Why.SKIPPED),
        ([asked()], State.FOUND, Why.NONE),
        ([asked(), asked(audit="A-2", below=1, points=650)], State.GAP, Why.BELOW),
        ([asked(below=1), asked(audit="A-2", newest=date(2026, 2, 1))], State.FOUND, Why.NONE),
        ([asked(audit="A-2", newest=date(2026, 2, 1)), asked(below=1)], State.FOUND, Why.NONE),
        ([asked(below=1), asked(audit="A-2", newest=date(2026, 2, 1), looked=0)], State.GAP, Why.BELOW),
    ],
)
def test_audits(given, state, why):
    cell = rules.audit(given)
    assert (cell.state, cell.why) == (state, why)


def test_conformity_of_a_clause_is_weighted():
    assert rules.audit([asked(points=650, below=1)]).parts[0].percent == 93
    assert rules.audit([asked(looked=0, points=0, weight=0)]).parts[0].percent is None


def test_findings():
    assert rules.findings([], audited=False).state is State.NOT_CHECKED
    assert rules.findings([], audited=True).state is State.FOUND
    assert rules.findings([part()], audited=True).state is State.FOUND
    assert rules.findings([part(State.GAP)], audited=True).why is Why.OPEN_FINDINGS


def months(*which):
    return tuple(number in which for number in range(12))


@pytest.mark.parametrize(
    ("parts", "state", "why", "count"),
    [
        ([], State.NOT_CHECKED, Why.NO_DATES, None),
        ([part(found=0, newest=date(2026, 3, 1))], State.NOT_CHECKED, Why.NO_DATES, None),
        ([part(newest=date(2025, 3, 31))], State.FOUND, Why.NONE, None),
        ([part(newest=date(2025, 3, 30))], State.GAP, Why.STALE, None),
        ([part(newest=date(2026, 3, 1), months=months(10, 11))], State.GAP, Why.FEW_MONTHS, 2),
        ([part(newest=date(2026, 3, 1), months=months(10, 11)), part(newest=date(2026, 1, 1), months=months(9))],
         State.FOUND, Why.NONE, 3),
    ],
)  # fmt: skip
def test_freshness(parts, state, why, count):
    cell = rules.freshness(parts, YEAR, WEIGHTS)
    assert (cell.state, cell.why, cell.months) == (state, why, count)


def row(*states, ref="e:1", why=Why.NONE):
    cells = tuple(Cell(column, state, why if state is not State.FOUND else Why.NONE)
                  for column, state in zip(Column, states, strict=True))  # fmt: skip
    return Row(ref, ref.partition(":")[2], "Title", False, cells)


F, G, N = State.FOUND, State.GAP, State.NOT_CHECKED


@pytest.mark.parametrize(
    ("states", "whole"),
    [((F, F, F, F, F), F), ((F, F, F, F, G), G), ((N, N, N, N, N), N), ((N, N, N, F, F), N), ((F, N, N, N, N), F)],
)
def test_a_row_is_as_its_cells(states, whole):
    assert row(*states).state is whole


def test_the_number_by_hand():
    # 1 + 3 + 0 + 2 of 8, and 0 + 3 + 2 + 0 of 8: 11 of 16 points are 68.75 per cent, rounded down
    found = rules.score([row(F, F, G, F, N), row(N, F, F, N, F)], WEIGHTS)
    assert found == Score(points=11, most=16, checked=6, cells=8)
    assert (found.percent, found.checked_percent) == (68, 75)


def test_a_document_nobody_expects_is_left_out_of_the_number():
    expected_none = row(N, F, F, F, F, why=Why.NO_DOCUMENT_EXPECTED)
    assert rules.score([expected_none], WEIGHTS) == Score(points=7, most=7, checked=3, cells=3)
    assert rules.score([], WEIGHTS).percent == 0


def override(state, cell):
    return Override(1, state, "Seen on paper", datetime(2026, 3, 1, tzinfo=UTC), 7, cell.computed, cell.digest)


def test_an_override_holds_and_what_was_computed_stays_beside_it():
    before = row(F, G, F, F, F)
    cell = before.cell(Column.RECORDS)
    after = rules.overridden(before, {("e:1", Column.RECORDS): override(State.FOUND, cell)})
    held = after.cell(Column.RECORDS)
    assert (held.state, held.computed, after.state) == (F, G, F)
    assert not held.changed_since
    assert replace(held, why=Why.EXCEPTIONS).changed_since, "other records than those it was made over"
    assert held.plain()["override"]["reason"] == "Seen on paper"
    assert rules.score([after], WEIGHTS).points == 8


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_override_needs_a_reason(reason):
    with pytest.raises(rules.ReasonMissing):
        rules.check_override(computed=G, state=F, reason=reason)


def test_what_the_records_say_is_not_overridden():
    with pytest.raises(rules.NothingOverridden):
        rules.check_override(computed=G, state=G, reason="Because")


def test_stops_worst_first():
    rows = [row(F, F, F, F, F, ref="e:1"), row(G, F, F, F, F, ref="e:2")]
    made = [
        rules.stop("mild", 2, {"p": (G, 1)}, rows, (), {"p": ("e:1",)}),
        rules.stop("unknown", 5, {"p": (N, 0)}, rows, (), {}),
        rules.stop("grave", 5, {}, rows, ("e:2",), {}),
        rules.stop("fine", 5, {"p": (F, 0), "q": (N, 0)}, rows, (), {}),
    ]
    ordered = rules.worst_first(made)
    assert [(one.id, one.state) for one in ordered] == [("grave", G), ("mild", G), ("unknown", N), ("fine", F)]
    assert ordered[1].refs == ("e:1",)
    assert ordered[1].exceptions == 1


def test_the_digest_is_of_the_records_not_of_words_or_readings_order():
    made = Matrix("e", YEAR, (row(F, G, F, F, F),), {}, "0" * 64, Score(1, 2, 1, 1), ())
    assert made.digest == replace(made, rows=(replace(made.rows[0], title="Titel"),)).digest
    assert made.digest != replace(made, rows=(row(F, F, F, F, F),)).digest
    assert len(made.digest) == 64


def test_a_year_has_twelve_months_whatever_its_first_day():
    assert len(rules.year_to(date(2026, 11, 22)).months) == 12
    assert rules.year_to(date(2024, 2, 29)) == Period(date(2023, 3, 1), date(2024, 2, 29))
    spans = Period(date(2025, 1, 31), date(2025, 4, 15)).months
    assert spans == (
        (date(2025, 1, 31), date(2025, 2, 27)), (date(2025, 2, 28), date(2025, 3, 30)),
        (date(2025, 3, 31), date(2025, 4, 15)),
    )  # fmt: skip


@pytest.mark.parametrize(
    "period", [Period(date(2026, 1, 2), date(2026, 1, 1)), Period(date(2020, 1, 1), date(2026, 1, 1))]
)
def test_periods_that_cannot_be(period):
    with pytest.raises(rules.PeriodUnfit):
        rules.check_period(period)


def found_by(audit, state):
    return Part(PartKind.AUDIT, audit, state, 3, 3)


@pytest.mark.parametrize(
    ("links", "parts", "verdict", "because"),
    [
        ([((), "new", "It is new")], [], "new", "new"),
        ([(("o:1",), "same", "As before")], [found_by("A-1", F)], "carried", "same"),
        ([(("o:1",), "same", "As before")], [], "again", "not-audited"),
        ([(("o:1",), "same", "As before")], [found_by("A-1", N)], "again", "not-audited"),
        ([(("o:1",), "same", "As before")], [found_by("A-1", F), found_by("A-2", G)], "again", "gap"),
        ([(("o:1",), "widened", "More")], [found_by("A-1", F)], "again", "wider"),
        ([(("o:1",), "same", "As before"), (("o:2",), "partial", "In part")], [found_by("A-1", F)], "again", "wider"),
        ([(("o:1",), "same", "As before"), ((), "new", "A part is new")], [found_by("A-1", F)], "again", "wider"),
    ],
)
def test_what_becomes_of_a_clause(links, parts, verdict, because):
    made = decide("n:1", links, parts)
    assert (made.verdict.value, made.because.value) == (verdict, because)
    assert made.reason.startswith(links[0][2])


def test_what_changed_since_a_visit():
    rows = (row(F, F, F, F, F, ref="e:1"), row(G, F, F, F, F, ref="e:2"), row(F, F, F, F, F, ref="e:3"))
    stopped = rules.stop("stop-b", 3, {"p": (G, 1)}, rows, (), {"p": ("e:2",)})
    made = Matrix("e", YEAR, rows, {}, "0" * 64, Score(6, 8, 1, 1), (stopped,))
    changed = since({"e:1": "gap", "e:2": "found", "e:9": "gap"}, ["stop-a"], 60, made)
    assert (changed.better, changed.worse) == (("e:1",), ("e:2",))
    assert (changed.stops_gone, changed.stops_come, changed.percent) == (("stop-a",), ("stop-b",), 15)
    assert not changed.nothing
    same = since({one.ref: one.state.value for one in rows}, ["stop-b"], 75, made)
    assert same.nothing
