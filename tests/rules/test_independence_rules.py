"""Independence and competence as tables: what bars, from when to when, and what an exception must say."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest

from auditkit.audits.independence import rules
from auditkit.audits.independence.rules import Days, Way
from auditkit.audits.rules import TeamRole

AUDIT = Days(date(2026, 3, 9), date(2026, 3, 10))
FIRST = AUDIT.first
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "until", "bars"),
    [
        (date(2020, 1, 1), None, True),
        (FIRST, FIRST, True),
        (date(2026, 3, 10), None, True),
        (date(2026, 3, 11), None, False),
        (date(2020, 1, 1), FIRST - YEAR, True),
        (date(2020, 1, 1), FIRST - YEAR - DAY, False),
    ],
)
def test_an_ownership_bars_in_the_audit_and_for_a_year_after_it_ended(since, until, bars):
    assert rules.counts(Days(since, until), AUDIT) is bars


def test_an_audit_that_runs_over_its_plan_lasts_until_today():
    assert rules.audited_days(AUDIT.first, AUDIT.last, date(2026, 3, 1)).last == AUDIT.last
    assert rules.audited_days(AUDIT.first, AUDIT.last, date(2026, 4, 1)).last == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("process", "question", "covers"),
    [
        (["s:7.4"], {"s:7.4"}, True),
        (["s:7"], {"s:7.4"}, True),
        (["s:7"], {"s:7.4.1", "s:4.2"}, True),
        (["s:7.4"], {"s:7"}, False),
        (["s:7.1"], {"s:7.10"}, False),
        (["s:7"], {"t:7.4"}, False),
        (["s:1", "s:8.5"], {"s:8.5"}, True),
        ([], {"s:7"}, False),
        (["s:7"], set(), False),
    ],
)
def test_a_process_stands_for_its_clauses_and_those_below(process, question, covers):
    assert rules.stands_for(process, question) is covers


@pytest.mark.parametrize(
    ("valid", "first_gap"),
    [
        ([], FIRST),
        ([(FIRST, date(2026, 3, 10))], None),
        ([(date(2020, 1, 1), date(2030, 1, 1))], None),
        ([(date(2020, 1, 1), FIRST)], date(2026, 3, 10)),
        ([(date(2020, 1, 1), date(2026, 3, 8))], FIRST),
        ([(date(2026, 3, 10), date(2030, 1, 1))], FIRST),
        ([(date(2020, 1, 1), FIRST), (date(2026, 3, 10), date(2030, 1, 1))], None),
        ([(date(2026, 3, 10), date(2030, 1, 1)), (date(2020, 1, 1), FIRST)], None),
    ],
)
def test_each_day_of_an_audit_needs_a_valid_record(valid, first_gap):
    assert rules.first_uncovered(AUDIT, [Days(*one) for one in valid]) == first_gap


@pytest.mark.parametrize(
    ("kind", "standard", "edition", "applies"),
    [
        ("", "", "iso10002-2018", True),
        ("internal", "", "iso10002-2018", True),
        ("supplier", "", "iso10002-2018", False),
        ("", "iso10002", "iso10002-2018", True),
        ("", "iso1000", "iso10002-2018", False),
        ("", "iso9001", "iso10002-2018", False),
        ("internal", "iso10002", "iso10002-2014", True),
    ],
)
def test_a_record_is_for_a_kind_of_audit_and_a_standard(kind, standard, edition, applies):
    assert rules.applies(kind, standard, "internal", edition) is applies


def test_only_the_lead_and_the_auditors_answer():
    assert {role for role in TeamRole if role in rules.ANSWERING} == {TeamRole.LEAD, TeamRole.AUDITOR}


@pytest.mark.parametrize(
    ("way", "reason", "instead", "own", "refusal"),
    [
        (Way.OVERRIDE, "Illness", "", False, None),
        (Way.OVERRIDE, " ", "", False, rules.ReasonMissing),
        (Way.OVERRIDE, "Illness", "", True, rules.OwnException),
        (Way.MITIGATION, "Alone", "Outside review", False, None),
        (Way.MITIGATION, "Alone", "Outside review", True, None),
        (Way.MITIGATION, "Alone", " ", True, rules.InsteadMissing),
        (Way.MITIGATION, "", "Outside review", False, rules.ReasonMissing),
    ],
)
def test_what_an_exception_must_say(way, reason, instead, own, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_exception(way, reason=reason, instead=instead, own=own)


@pytest.mark.parametrize(
    ("name", "clauses", "refusal"),
    [("Receipt", ["s:7"], None), (" ", ["s:7"], rules.NameMissing), ("Receipt", [], rules.ClausesMissing)],
)
def test_a_process_has_a_name_and_clauses(name, clauses, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_process(name, clauses)


@pytest.mark.parametrize(
    ("days", "others", "refusal"),
    [
        (Days(FIRST, None), [], None),
        (Days(FIRST, FIRST - DAY), [], rules.OwnershipReversed),
        (Days(FIRST, None), [Days(date(2020, 1, 1), FIRST - DAY)], None),
        (Days(FIRST, None), [Days(date(2020, 1, 1), FIRST)], rules.OwnsAlready),
        (Days(FIRST, FIRST), [Days(FIRST + DAY, None)], None),
    ],
)
def test_nobody_owns_a_process_twice_at_once(days, others, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_ownership(days, others)


@pytest.mark.parametrize(
    ("what", "evidence", "days", "refusal"),
    [
        ("Leads", "Course", AUDIT, None),
        (" ", "Course", AUDIT, rules.WhatMissing),
        ("Leads", " ", AUDIT, rules.EvidenceMissing),
        ("Leads", "Course", Days(FIRST, FIRST - DAY), rules.ValidityReversed),
    ],
)
def test_what_a_competence_record_says(what, evidence, days, refusal):
    with pytest.raises(refusal) if refusal else nullcontext():
        rules.check_competence(what, evidence, days)
