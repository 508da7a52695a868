"""Raising findings: from an answer in two taps, with the helper, from elsewhere; too low a grade is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import rules, service
from auditkit.audits.rules import Grade, Origin
from auditkit.base import clock as clock_module
from auditkit.base.db import reading, transaction
from auditkit.content.library import Library
from auditkit.journal.queries import timeline
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import answer, own_library, raised, rows_of, started
from tests.slices.audits_findings.doing import view

Opener = Callable[..., Browser]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def _revise(acme: House, number: str, **changes: Any) -> None:
    actor, found = acme.actor("internal-auditor"), view(acme, number)
    said = {
        "grade": found.grade,
        "statement": found.statement,
        "evidence": found.evidence,
        "criterion": found.criterion,
        **changes,
    }
    with transaction(actor) as tx:
        command = service.ReviseFinding(number, found.version, **said)
        service.revise_finding(tx, command, clock_module.now(), actor)


def test_from_an_answer_in_two_taps(browser: Opener, acme: House, books: Library, clock: object) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "bad", "Door 3 stood open at nine")
    row = rows_of(acme, number)[0]
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/findings/new?row={row.id}")  # the first tap

    page = auditor.post_form({})  # the second: nothing was typed

    assert page.title == f"Finding {number}-F1"
    found = view(acme, f"{number}-F1")
    assert (found.grade, found.origin, found.row_id) == (Grade.MINOR, Origin.ROW, row.id)
    assert found.statement == "Not found as it should be: All are."
    assert found.evidence == "Door 3 stood open at nine"
    assert found.criterion == "House rules:2026, 1 Doors"
    assert (found.strength, found.edition_name) == ("should", "House rules:2026")


def test_the_helper_puts_the_statement_together_and_raises_nothing(
    browser: Opener, acme: House, books: Library, clock: object
) -> None:
    number = started(acme, books)
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/findings/new")
    parts = {"grade": "minor", "criterion": "Doors are shut at eight", "evidence": "Door 3, 9 March", "gap": ""}
    page = auditor.post_form({**parts, "compose": "1"})
    assert "Say what is missing between the requirement and what was seen" in page.text

    page = auditor.post_form({**parts, "gap": "Door 3 stood open all night", "compose": "1"})
    assert page.soup.find("textarea", {"name": "statement"}).text.strip() == (
        "Door 3 stood open all night. Asked for: Doors are shut at eight. Seen: Door 3, 9 March."
    )

    page = auditor.post_form({})
    assert page.title == f"Finding {number}-F1"
    assert view(acme, f"{number}-F1").gap == "Door 3 stood open all night"


def test_a_statement_left_empty_is_made_from_the_parts(acme: House, books: Library, clock: object) -> None:
    number = started(acme, books)
    made = raised(acme, number, books, statement="", gap="Door 3 stood open")
    assert view(acme, made).statement.startswith("Door 3 stood open. Asked for: House rules:2026, 1 Doors.")


def test_from_a_sampled_complaint_it_says_which(browser: Opener, acme: House, books: Library, clock: object) -> None:
    number = started(acme, books)
    auditor = browser(acme, "internal-auditor")
    link = f"/o/acme/audits/{number}/findings/new?origin=sample&origin_id=7&origin_text=C-2026-000007&evidence=Letter"
    page = auditor.get(link)
    assert "Sampled complaint" in page.text
    auditor.post_form({"grade": "minor", "statement": "No reply", "criterion": "Replies are sent"})
    found = view(acme, f"{number}-F1")
    assert (found.origin, found.origin_id, found.origin_text) == (Origin.SAMPLE, 7, "C-2026-000007")
    assert found.evidence == "Letter"
    assert "C-2026-000007" in auditor.get(f"/o/acme/audits/findings/{number}-F1").text
    auditor.get(f"/o/acme/audits/{number}/findings/new?origin=rumour", status=404)


@pytest.mark.parametrize("origin", list(Origin))
def test_every_origin_is_kept(origin: Origin, acme: House, books: Library, clock: object) -> None:
    number = started(acme, books)
    made = raised(acme, number, books, origin=origin, row_id=None, criterion="Own rule", origin_text="mailbox, 3 May")
    assert (view(acme, made).origin, view(acme, made).origin_text) == (origin, "mailbox, 3 May")


def test_a_binding_requirement_that_is_not_met_is_no_opportunity(acme: House, books: Library, clock: object) -> None:
    number = started(acme, books)
    answer(acme, number, 3, "bad", "No list")
    key_row = rows_of(acme, number)[2]
    assert key_row.strength == "shall"
    with pytest.raises(rules.GradedTooLow, match="requirement \\(shall\\)"):
        raised(acme, number, books, Grade.OPPORTUNITY, row_id=key_row.id)

    made = raised(acme, number, books, Grade.OPPORTUNITY, row_id=key_row.id, grade_reason="The list came an hour later")
    assert view(acme, made).grade_reason == "The list came an hour later"
    subject = ("finding", view(acme, made).id)
    facts = [one.facts for one in timeline(reading(acme.system), acme.id, subject)]
    assert facts[0]["graded_lower"] is True
    _revise(acme, made, grade=Grade.MINOR)
    assert view(acme, made).grade_reason == ""  # a nonconformity needs no excuse
    with pytest.raises(rules.GradedTooLow):
        _revise(acme, made, grade=Grade.OBSERVATION)


def test_guidance_leaves_the_grade_to_the_auditor_unless_the_words_say_it(
    acme: House, books: Library, clock: object
) -> None:
    number = started(acme, books)
    answer(acme, number, 1, "bad", "Door 3")
    made = raised(acme, number, books, Grade.OPPORTUNITY)
    assert view(acme, made).strength == "should"
    with pytest.raises(rules.GapSaysNonconformity, match="is not met"):
        raised(acme, number, books, Grade.OPPORTUNITY, statement="The rule is not met at door 3")
    with pytest.raises(rules.GradedTooLow, match="legal duty"):
        raised(acme, number, books, Grade.OPPORTUNITY, strength="law")


def test_the_page_puts_the_refusal_beside_the_reason(
    browser: Opener, acme: House, books: Library, clock: object
) -> None:
    number = started(acme, books)
    answer(acme, number, 3, "bad", "No list")
    row = rows_of(acme, number)[2]
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/findings/new?row={row.id}")
    page = auditor.post_form({"grade": "opportunity"})
    field = page.soup.find("textarea", {"name": "grade_reason"})
    assert field["aria-invalid"] == "true"
    page = auditor.post_form({"grade": "opportunity", "grade_reason": "Shown to us the same day"})
    assert "Shown to us the same day" in page.text


def test_principles_come_from_the_question_and_can_be_chosen(acme: House, books: Library, clock: object) -> None:
    number = started(acme, books)
    made = raised(acme, number, books, principles=("ACC", "FAI"))
    assert view(acme, made).principles == ["ACC", "FAI"]
    _revise(acme, made, statement="Two doors stood open")
    assert view(acme, made).principles == ["ACC", "FAI"]
    _revise(acme, made, principles=("ACC",))
    assert view(acme, made).principles == ["ACC"]
