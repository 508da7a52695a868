"""Each check finds something, finds nothing, or says why it was not made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from auditkit.audits import queries, service
from auditkit.audits.checking.queries import results
from auditkit.audits.checking.rules import Check, Outcome, Result, says_nothing
from auditkit.audits.models import AuditRow
from auditkit.audits.rules import Grade
from auditkit.audits.tailoring import service as tailoring
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import answer, own_library, planned, raised, rows_of, started


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def checked(acme: House, number: str) -> dict[Check, Result]:
    tx = reading(acme.system)
    found = results(tx, queries.plans.by_number(tx, number).id)
    assert [one.check for one in found] == list(Check)
    return {one.check: one for one in found}


def positions(result: Result) -> list[int | None]:
    assert result.outcome is (Outcome.FOUND if result.items else Outcome.CLEAN)
    return [one.position for one in result.items]


def test_before_the_start_nothing_is_checked_and_it_says_so(acme: House, books: Library) -> None:
    found = checked(acme, planned(acme, books)).values()
    assert {one.outcome for one in found} == {Outcome.NOT_CHECKED}
    assert all(one.why for one in found)


def test_open_questions_and_bare_answers(acme: House, books: Library) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "good")
    answer(acme, number, 2, "unfit", "n/a")
    found = checked(acme, number)
    assert positions(found[Check.NO_EVIDENCE]) == [1]
    assert positions(found[Check.NO_REASON]) == [2]
    assert positions(found[Check.UNANSWERED]) == [3]
    answer(acme, number, 1, None, "Walked through at nine")
    answer(acme, number, 2, None, "There are no doors of our own")
    answer(acme, number, 3, "open", "The key holder was ill")
    found = checked(acme, number)
    for check in (Check.NO_EVIDENCE, Check.NO_REASON, Check.UNANSWERED):
        assert positions(found[check]) == []


def test_answers_and_findings_must_agree(acme: House, books: Library) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "bad", "Open")
    assert positions(checked(acme, number)[Check.NO_FINDING]) == [1]
    raised(acme, number, books, Grade.OBSERVATION)
    assert positions(checked(acme, number)[Check.NO_FINDING]) == [1], "an observation does not answer it"
    raised(acme, number, books, Grade.MINOR)
    found = checked(acme, number)
    assert positions(found[Check.NO_FINDING]) == []
    assert positions(found[Check.FINDING_AGAINST_ANSWER]) == []
    answer(acme, number, 1, "good", "Shut by now")
    assert positions(checked(acme, number)[Check.FINDING_AGAINST_ANSWER]) == [1]


def test_a_finding_that_comes_from_nothing(acme: House, books: Library) -> None:
    number = started(acme, books)
    assert checked(acme, number)[Check.FINDING_WITHOUT_ROW].outcome is Outcome.CLEAN
    loose = raised(acme, number, books, Grade.OBSERVATION, row_id=None)
    found = checked(acme, number)[Check.FINDING_WITHOUT_ROW]
    assert [one.finding for one in found.items] == [loose]


def test_interviews_name_somebody(acme: House, books: Library) -> None:
    number = started(acme, books)
    answer(acme, number, 2, "good", "The porter")
    assert checked(acme, number)[Check.NOBODY_ASKED].outcome is Outcome.NOT_CHECKED
    answer(acme, number, 1, "good", interviewee="Zoe")
    assert positions(checked(acme, number)[Check.NOBODY_ASKED]) == [2]
    answer(acme, number, 2, None, "The porter", interviewee="The porter")
    assert positions(checked(acme, number)[Check.NOBODY_ASKED]) == []


def test_findings_of_the_last_audit(acme: House, books: Library) -> None:
    first = started(acme, books)
    answer(acme, first, 1, "bad", "Open")
    raised(acme, first, books, Grade.MINOR)
    assert checked(acme, first)[Check.LAST_FINDING].outcome is Outcome.NOT_CHECKED
    second, quality = planned(acme, books), acme.actor("quality-manager")
    with transaction(quality) as tx:
        previous = queries.plans.by_number(tx, first).id
        tailoring.tailor(tx, tailoring.Tailor(second, previous_id=previous), clock.now(), quality, library=books)
    auditor = acme.actor("internal-auditor")
    with transaction(auditor) as tx:
        service.start(tx, service.StartAudit(second), clock.now(), auditor, library=books)
    assert positions(checked(acme, second)[Check.LAST_FINDING]) == []
    answer(acme, second, 1, "good")
    assert positions(checked(acme, second)[Check.LAST_FINDING]) == [1]


def test_an_added_question_that_was_changed_past_the_rules(acme: House, books: Library) -> None:
    number, actor = started(acme, books), acme.actor("internal-auditor")
    assert checked(acme, number)[Check.ADDED_CHANGED].outcome is Outcome.NOT_CHECKED
    with transaction(actor) as tx:
        tailoring.add_question(tx, tailoring.AddQuestion(number, "2", "A spare key?"), clock.now(), actor)
    assert checked(acme, number)[Check.ADDED_CHANGED].outcome is Outcome.CLEAN
    with transaction(actor) as tx:
        tx.execute(update(AuditRow).where(AuditRow.added_digest != "").values(question="No spare key?"))
    assert positions(checked(acme, number)[Check.ADDED_CHANGED]) == [4]


def test_without_sample_and_workbook_it_says_so(acme: House, books: Library) -> None:
    found = checked(acme, started(acme, books))
    assert found[Check.SAMPLE_UNTESTED].outcome is Outcome.NOT_CHECKED
    assert found[Check.CONFLICT_OPEN].outcome is Outcome.NOT_CHECKED
    assert found[Check.OVERRIDE_UNREASONED].outcome is Outcome.CLEAN


@pytest.mark.parametrize(
    ("reason", "nothing"), [("", True), ("n/a", True), ("– – –", True), ("closed", False), ("нет дверей", False)]
)
def test_a_reason_must_say_something(reason: str, nothing: bool) -> None:
    assert says_nothing(reason) is nothing


def test_the_page_tells_three_outcomes_and_leads_to_the_questions(
    acme: House, books: Library, browser: Callable[..., Browser]
) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "good")
    raised(acme, number, books, Grade.OBSERVATION, row_id=None)
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/gaps")
    for words in ("Nothing found", "Found", "Not checked", "No sample was drawn in this audit"):
        assert words in page.text
    assert page.soup.find("a", href=f"/o/acme/audits/{number}/run#row-1")
    assert page.soup.find("a", href=f"/o/acme/audits/findings/{number}-F1")
    assert rows_of(acme, number)[0].answer == "good"
