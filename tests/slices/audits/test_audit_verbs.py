"""What the verbs of audits do, refuse and journal, on a small checklist of the tests' own."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from auditkit.actions import queries as action_queries
from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.audits import queries, rules, service
from auditkit.audits.rules import AnswerState, FindingState, Grade, State, Tally, TeamRole
from auditkit.base import clock
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, separate_scope, transaction
from auditkit.base.errors import Conflict, Forbidden, NotFound
from auditkit.content.library import Library
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.slices.audits.doing import (
    CHECKLIST,
    a_plan,
    answer,
    own_library,
    planned,
    raised,
    reported,
    rows_of,
    started,
)
from tests.slices.audits_signing.doing import sign

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def _head(acme: House, number: str) -> queries.plans.AuditHead:
    return queries.plans.by_number(reading(acme.system), number)


def _journalled(acme: House, kind: str, subject_id: int) -> list[str]:
    return [entry.event for entry in journal.timeline(reading(acme.system), acme.id, (kind, subject_id))][::-1]


# --- plan ------------------------------------------------------------------------------------------------------


def test_a_plan_is_kept_with_its_team_and_numbered_by_year(acme: House, books: Library, clock: FrozenClock) -> None:
    assert planned(acme, books) == "A-2026-001"
    assert planned(acme, books, title="Second") == "A-2026-002"
    clock.advance(days=365)
    assert planned(acme, books) == "A-2027-001"
    head = _head(acme, "A-2026-001")
    assert (head.state, head.edition_name, head.checklist_title) == (
        State.PLANNED,
        "House rules:2026",
        "Round of the house",
    )
    assert [one.role for one in queries.plans.team(reading(acme.system), head.id)] == [
        TeamRole.LEAD,
        TeamRole.AUDITOR,
        TeamRole.OBSERVER,
    ]
    assert _journalled(acme, "audit", head.id) == ["audit:planned"]


def test_a_plan_may_change_until_the_start(acme: House, books: Library) -> None:
    number, actor = planned(acme, books), acme.actor("quality-manager")
    head = _head(acme, number)
    changed = a_plan(acme, title="Round in summer", team=((acme.person("administrator"), TeamRole.LEAD),))
    with transaction(actor) as tx:
        service.replan(tx, service.ReplanAudit(number, head.version, changed), clock.now(), actor, library=books)
    assert _head(acme, number).title == "Round in summer"
    assert [one.person_id for one in queries.plans.team(reading(acme.system), head.id)] == [
        acme.person("administrator")
    ]
    with pytest.raises(rules.PlanChanged), transaction(actor) as tx:
        service.replan(tx, service.ReplanAudit(number, head.version, changed), clock.now(), actor, library=books)
    auditor = acme.actor("internal-auditor")
    with transaction(auditor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), auditor, library=books)
    version = _head(acme, number).version
    with pytest.raises(rules.NotPlanned), transaction(actor) as tx:
        service.replan(tx, service.ReplanAudit(number, version, changed), clock.now(), actor, library=books)
    assert _journalled(acme, "audit", head.id) == ["audit:planned", "audit:replanned", "audit:started"]


def test_a_plan_names_people_of_this_organisation(acme: House, globex: House, books: Library) -> None:
    stranger = globex.person("internal-auditor")
    with pytest.raises(rules.NotAnAuditor):
        planned(acme, books, team=((stranger, TeamRole.LEAD),))
    with pytest.raises(rules.NotAnAuditor):
        planned(acme, books, team=((acme.person("staff"), TeamRole.LEAD),))


def test_a_plan_needs_a_checklist_the_library_has(acme: House, books: Library) -> None:
    with pytest.raises(NotFound, match="no checklist"):
        planned(acme, books, checklist_id="garden-round")


# --- start -----------------------------------------------------------------------------------------------------


def test_a_started_audit_stays_on_what_it_was_started_on(acme: House, books: Library, tmp_path: Path) -> None:
    number = started(acme, books)
    head, before = _head(acme, number), rows_of(acme, number)
    digest = books.checklist("house-round").digest
    assert head.checklist_digest == digest

    changed = own_library(tmp_path / "later", CHECKLIST.replace("Are the doors shut?", "Are the windows shut?"))
    assert changed.checklist("house-round").digest != digest
    second = started(acme, changed)

    assert rows_of(acme, number) == before
    assert rows_of(acme, number)[0].question == "Are the doors shut?"
    assert rows_of(acme, second)[0].question == "Are the windows shut?"
    kept = queries.plans.checklist(reading(acme.system), head.id)
    assert kept is not None
    assert kept.digest == head.checklist_digest == digest


def test_the_rows_are_the_questions_in_their_order(acme: House, books: Library) -> None:
    rows = rows_of(acme, started(acme, books))
    assert [(row.position, row.item_id, row.clause, row.strength) for row in rows] == [
        (1, "q-1-1", "house-rules-2026:1", "should"),
        (2, "q-1-2", "house-rules-2026:1", "should"),
        (3, "q-2-1", "house-rules-2026:2", "shall"),
    ]
    assert {row.answer for row in rows} == {"open"}
    assert rows[2].evidence_for == ("good",)
    assert rows[0].note_for == ("partly", "bad", "unfit")


def test_an_audit_starts_once(acme: House, books: Library) -> None:
    number, actor = started(acme, books), acme.actor("internal-auditor")
    with pytest.raises(rules.NotPlanned), transaction(actor) as tx:
        service.start(tx, service.StartAudit(number), clock.now(), actor, library=books)


# --- answers ---------------------------------------------------------------------------------------------------


def test_the_counters_agree_with_a_recount_after_every_answer(acme: House, books: Library) -> None:
    number = started(acme, books)
    story = [
        (1, "good", "", (1, 0, 0)),
        (1, "bad", "Open", (1, 0, 0)),
        (2, "unfit", "Nobody does", (1, 1, 0)),
        (3, "open", "Ill", (1, 1, 1)),
        (3, "open", "", (1, 1, 0)),
        (2, "open", "", (1, 0, 0)),
        (1, None, "Open, wide", (1, 0, 0)),
    ]
    for position, name, note, expected in story:
        answer(acme, number, position, name, note)
        tally = _head(acme, number).tally
        rows = rows_of(acme, number)
        recount = [rules.standing(row.answer_state, row.note) for row in rows]
        assert tally == Tally(3, *expected)
        assert tally == Tally(3, *(recount.count(one) for one in ("answered", "excluded", "not_covered")))
    assert [row.version for row in rows_of(acme, number)] == [3, 2, 2]
    assert rows_of(acme, number)[0].answer == "bad"


@pytest.mark.parametrize("name", ["partly", "bad", "unfit"])
def test_some_answers_need_a_note(acme: House, books: Library, name: str) -> None:
    number = started(acme, books)
    with pytest.raises(rules.NoteMissing):
        answer(acme, number, 1, name)
    row = rows_of(acme, number)[0]
    assert (row.answer, row.version, row.answer_state) == ("open", 0, AnswerState.OPEN)


def test_an_answer_may_need_evidence(acme: House, books: Library) -> None:
    number = started(acme, books)
    with pytest.raises(rules.EvidenceMissing):
        answer(acme, number, 3, "good", "All there")
    answer(acme, number, 3, "bad", "Two missing")


def test_an_unknown_answer_is_refused(acme: House, books: Library) -> None:
    with pytest.raises(rules.NoSuchAnswer):
        answer(acme, started(acme, books), 1, "superb")


def test_two_who_answer_at_once_do_not_overwrite_each_other(acme: House, books: Library) -> None:
    number = started(acme, books)
    row = rows_of(acme, number)[0]
    answer(acme, number, 1, "bad", "Door 3")
    second = acme.actor("administrator")
    with pytest.raises(rules.AnswerChanged) as refusal, transaction(second) as tx:
        service.answer(tx, service.Answer(number, row.id, row.version, "good", ""), clock.now(), second)
    assert isinstance(refusal.value, Conflict)
    assert "question 1" in str(refusal.value)
    kept = rows_of(acme, number)[0]
    assert (kept.answer, kept.note, kept.answered_by) == ("bad", "Door 3", acme.person("internal-auditor"))
    assert _head(acme, number).tally.answered == 1


def test_an_answer_leaves_an_entry_without_its_words(acme: House, books: Library) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "bad", "Mr Smith left it open")
    row = rows_of(acme, number)[0]
    entry = journal.timeline(reading(acme.system), acme.id, ("audit-row", row.id))[0]
    assert entry.event == "audit:answered"
    assert entry.facts == {
        "audit": number,
        "item": "q-1-1",
        "answer": "bad",
        "before": "open",
        "note_changed": True,
        "files": 0,
    }


def test_only_who_may_run_audits_answers(acme: House, books: Library) -> None:
    number = started(acme, books)
    for role in ("quality-manager", "staff", "complaint-handler", "external-reviewer"):
        with pytest.raises(Forbidden):
            answer(acme, number, 1, "good", actor=acme.actor(role))


def test_a_row_of_another_audit_is_not_found_here(acme: House, books: Library) -> None:
    first, second = started(acme, books), started(acme, books)
    row = rows_of(acme, second)[0]
    with pytest.raises(NotFound):
        answer(acme, first, 1, "good", row_id=row.id)


# --- findings --------------------------------------------------------------------------------------------------


def test_a_finding_takes_its_criterion_from_the_question(acme: House, books: Library) -> None:
    number = started(acme, books)
    finding = queries.findings.by_number(reading(acme.system), raised(acme, number, books))
    assert (finding.number, finding.criterion, finding.clause, finding.strength) == (
        "A-2026-001-F1",
        "House rules:2026, 1 Doors",
        "house-rules-2026:1",
        "should",
    )
    assert [mark.number for mark in rows_of(acme, number)[0].findings] == ["A-2026-001-F1"]
    assert _journalled(acme, "finding", finding.id) == ["finding:raised"]


def test_a_free_finding_takes_its_criterion_from_a_clause_or_from_words(acme: House, books: Library) -> None:
    number = started(acme, books)
    by_clause = raised(acme, number, books, row_id=None, clause="house-rules-2026:2")
    by_words = raised(acme, number, books, row_id=None, criterion="Our own rule 7")
    tx = reading(acme.system)
    assert queries.findings.by_number(tx, by_clause).strength == "shall"
    own = queries.findings.by_number(tx, by_words)
    assert (own.number, own.strength, own.clause, own.criterion) == ("A-2026-001-F2", "own", "", "Our own rule 7")


def test_a_nonconformity_is_refused_without_evidence_or_criterion(acme: House, books: Library) -> None:
    number = started(acme, books)
    with pytest.raises(rules.ObjectiveEvidenceMissing):
        raised(acme, number, books, Grade.MAJOR, evidence="")
    with pytest.raises(rules.CriterionMissing):
        raised(acme, number, books, Grade.MINOR, row_id=None)
    raised(acme, number, books, Grade.GOOD_PRACTICE, row_id=None, evidence="")


def test_a_finding_changes_only_while_the_audit_runs(acme: House, books: Library) -> None:
    number = reported(acme, books, Grade.MINOR)
    actor = acme.actor("internal-auditor")
    command = service.ReviseFinding("A-2026-001-F1", 1, Grade.MAJOR, "All stood open", "9 March", "Rule 1")
    with pytest.raises(rules.NotRunning), transaction(actor) as tx:
        service.revise_finding(tx, command, clock.now(), actor)
    with pytest.raises(rules.NotRunning):
        raised(acme, number, books)


def test_a_finding_is_regraded_and_a_late_second_change_refused(acme: House, books: Library) -> None:
    number, actor = started(acme, books), acme.actor("internal-auditor")
    name = raised(acme, number, books)
    command = service.ReviseFinding(name, 1, Grade.MAJOR, "All stood open", "9 March", "Rule 1")
    with transaction(actor) as tx:
        service.revise_finding(tx, command, clock.now(), actor)
    found = queries.findings.by_number(reading(acme.system), name)
    assert (found.grade, found.statement, found.version) == (Grade.MAJOR, "All stood open", 2)
    assert _journalled(acme, "finding", found.id) == ["finding:raised", "finding:revised"]
    with pytest.raises(rules.FindingChanged), transaction(actor) as tx:
        service.revise_finding(tx, command, clock.now(), actor)


def test_the_state_of_a_finding_follows_its_action_all_the_way(acme: House, books: Library) -> None:
    reported(acme, books, Grade.MINOR)
    name = "A-2026-001-F1"

    def state() -> FindingState:
        return queries.findings.by_number(reading(acme.system), name).state

    finding = queries.findings.by_number(reading(acme.system), name)
    auditor, staff, quality = (acme.actor(one) for one in ("internal-auditor", "staff", "quality-manager"))
    assert state() is FindingState.OPEN
    with transaction(auditor) as tx:
        command = actions.OpenAction(
            Kind.CORRECTIVE, "New lock", ("finding", finding.id), name, acme.person("staff"), date(2026, 4, 1)
        )
        number = actions.open_action(tx, command, clock.now(), auditor)
    assert state() is FindingState.PLANNED
    with transaction(staff) as tx:
        actions.complete(tx, actions.CompleteAction(number, 1, "Changed"), clock.now(), staff)
    assert state() is FindingState.DONE
    with transaction(quality) as tx:
        actions.verify(tx, actions.VerifyAction(number, 2, False, "Sticks"), clock.now(), quality)
    assert state() is FindingState.PLANNED
    with transaction(staff) as tx:
        actions.complete(tx, actions.CompleteAction(number, 3, "Oiled"), clock.now(), staff)
    with transaction(quality) as tx:
        actions.verify(tx, actions.VerifyAction(number, 4, True, "Closes"), clock.now(), quality)
    assert state() is FindingState.VERIFIED
    with transaction(quality) as tx:
        actions.close(tx, actions.CloseAction(number, 5), clock.now(), quality)
    assert state() is FindingState.CLOSED
    sign(acme, "A-2026-001")
    with transaction(quality) as tx:
        service.close(tx, service.CloseAudit("A-2026-001"), clock.now(), quality)
    assert _head(acme, "A-2026-001").state is State.CLOSED
    assert action_queries.by_number(reading(acme.system), number).attempts[0].verification == "Sticks"


# --- report ----------------------------------------------------------------------------------------------------


def test_an_audit_is_reported_only_when_every_row_is_settled(acme: House, books: Library) -> None:
    number, actor = started(acme, books), acme.actor("internal-auditor")
    answer(acme, number, 1, "good")
    answer(acme, number, 2, "unfit", "Nobody does")

    def report(conclusion: str) -> None:
        with transaction(actor) as tx:
            service.report(tx, service.ReportAudit(number, conclusion), clock.now(), actor)

    with pytest.raises(rules.RowsUnanswered, match="without an answer: 1"):
        report("Shut")
    answer(acme, number, 3, "open", "The key holder was ill")
    with pytest.raises(rules.ConclusionMissing):
        report(" ")
    report("Mostly shut")
    head = _head(acme, number)
    assert (head.state, head.conclusion) == (State.REPORTED, "Mostly shut")
    left_out = queries.run.not_covered(reading(acme.system), head.id)
    assert [(one.position, one.reason) for one in left_out] == [(3, "The key holder was ill")]
    assert _journalled(acme, "audit", head.id) == ["audit:planned", "audit:started", "audit:reported"]
    with pytest.raises(rules.NotRunning):
        answer(acme, number, 1, "good")


def test_an_audit_is_closed_when_its_nonconformities_are_settled(acme: House, books: Library) -> None:
    number, quality = reported(acme, books, Grade.MAJOR), acme.actor("quality-manager")
    sign(acme, number)
    with pytest.raises(rules.FindingsStillOpen), transaction(quality) as tx:
        service.close(tx, service.CloseAudit(number), clock.now(), quality)
    assert _head(acme, number).state is State.REPORTED


def test_an_audit_with_notes_only_is_closed(acme: House, books: Library) -> None:
    number, quality = reported(acme, books, Grade.OBSERVATION), acme.actor("quality-manager")
    with pytest.raises(rules.ReportUnsigned), transaction(quality) as tx:
        service.close(tx, service.CloseAudit(number), clock.now(), quality)
    sign(acme, number)
    with transaction(quality) as tx:
        service.close(tx, service.CloseAudit(number), clock.now(), quality)
    assert _head(acme, number).state is State.CLOSED


# --- reads -----------------------------------------------------------------------------------------------------


def test_packs_get_the_audits_of_a_period(acme: House, books: Library) -> None:
    reported(acme, books, Grade.MINOR)
    planned(acme, books, planned_from=date(2027, 1, 1), planned_to=date(2027, 1, 2))
    tx = reading(acme.system)
    assert [one.number for one in queries.plans.overlapping(tx, *YEAR)] == ["A-2026-001"]
    assert [one.number for one in queries.plans.overlapping(tx, date(2026, 3, 10), date(2026, 3, 31))] == ["A-2026-001"]
    assert queries.plans.overlapping(tx, date(2026, 3, 11), date(2026, 3, 31)) == []
    rows = list(queries.registers.rows(tx, *YEAR))
    assert [(row.position, row.answer, row.note) for row in rows] == [
        (1, "bad", "Door 3 stood open"),
        (2, "good", ""),
        (3, "open", "The key holder was ill"),
    ]
    assert rows[0].answered_by == "internal-auditor of acme"
    finding = next(queries.registers.findings(tx, *YEAR))
    assert (finding.number, finding.state, finding.actions) == ("A-2026-001-F1", FindingState.OPEN, [])
    assert {kind for kind, _id in queries.registers.subjects(tx, *YEAR)} == {"audit-row", "finding"}


def test_the_newest_change_moves_with_answers_and_findings(acme: House, books: Library, clock: FrozenClock) -> None:
    number = started(acme, books)

    def newest() -> object:
        return queries.registers.newest_change(reading(acme.system), *YEAR)

    assert newest() == clock.at
    later = clock.advance(minutes=1)
    answer(acme, number, 1, "good")
    assert newest() == later
    later = clock.advance(minutes=1)
    raised(acme, number, books)
    assert newest() == later
    assert queries.registers.newest_change(reading(acme.system), date(2025, 1, 1), date(2025, 12, 31)) is None


def test_organisations_do_not_see_each_others_audits(app: Flask, acme: House, globex: House, books: Library) -> None:
    number = reported(acme, books, Grade.MINOR)
    row = rows_of(acme, number)[0]
    with separate_scope():
        tx = reading(globex.system)
        assert queries.plans.listing(tx) == ([], None)
        assert list(queries.registers.rows(tx, *YEAR)) == []
        assert list(queries.registers.findings(tx, *YEAR)) == []
        assert queries.findings.unsettled(tx) == []
        for read in (
            lambda: queries.plans.by_number(tx, number),
            lambda: queries.run.row(tx, number, row.id),
            lambda: queries.findings.by_number(tx, "A-2026-001-F1"),
        ):
            with pytest.raises(NotFound):
                read()
    stranger = globex.actor("internal-auditor")
    with pytest.raises(NotFound), transaction(stranger) as tx:
        service.answer(tx, service.Answer(number, row.id, row.version, "good", ""), clock.now(), stranger)
    assert planned(globex, books) == "A-2026-001"  # every organisation counts for itself
