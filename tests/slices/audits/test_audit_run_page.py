"""What opening a run and saving an answer cost: statements are counted, because their number is what grows unseen."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from auditkit.audits import queries, service
from auditkit.audits.rules import Grade
from auditkit.base import clock
from auditkit.base.db import db, reading, transaction
from auditkit.content.library import Library, shared
from auditkit.instance import migrate
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.statements import statements
from tests.slices.audits.doing import answer, planned, raised, rows_of

CHECKLIST = "internal-audit-2018"


@pytest.fixture
def library() -> Library:
    return shared()


@pytest.fixture
def number(acme: House, library: Library) -> str:
    """A running audit on the long checklist, with answers and two findings at one row."""
    name = planned(acme, library, checklist_id=CHECKLIST)
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.start(tx, service.StartAudit(name), clock.now(), actor, library=library)
    for position in (1, 2, 30):
        answer(acme, name, position, "partly", "Half")
    raised(acme, name, library, Grade.MINOR)
    raised(acme, name, library, Grade.OBSERVATION)
    return name


def test_a_run_of_any_length_is_read_in_three_statements(acme: House, number: str) -> None:
    with statements() as sent:
        head, rows = queries.run.listed(reading(acme.system), number)
    assert len(sent) == 3, sent
    assert len(rows) == head.tally.total > 120
    assert rows == [replace(row, named=[]) for row in rows_of(acme, number)], "as where the session reads them"
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    assert [mark.number for mark in rows[0].findings] == [f"{number}-F1", f"{number}-F2"]
    assert sum(section.settled for section in queries.run.sections(rows)) == 3


def test_the_page_asks_no_more_for_more_rows(acme: House, number: str, browser: Callable[..., Browser]) -> None:
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/run")
    with statements() as sent:
        page = auditor.get(f"/o/acme/audits/{number}/run")
    assert len(page.soup.find_all("article")) > 120
    assert len(sent) <= 8, sent  # the run's three, and who asks, in which organisation, who is called what


def test_an_answer_costs_one_update_of_its_row_and_one_of_the_counters(acme: House, number: str) -> None:
    actor, row = acme.actor("internal-auditor"), rows_of(acme, number)[4]
    with statements() as sent, transaction(actor) as tx:
        service.answer(tx, service.Answer(number, row.id, 0, "opportunity", "Nearly"), clock.now(), actor)
    verbs = [one.split()[0] for one, _parameters in sent]
    assert verbs.count("UPDATE") == 3, sent  # the row, the counters, the journal's head
    assert verbs.count("INSERT") == 1, sent  # the journal's entry
    assert verbs.count("SELECT") <= 3, sent  # the row, whether it is the person's own work, the journal's head


def test_the_counters_of_a_long_run_agree_with_the_sections(app: Flask, acme: House, number: str) -> None:
    tx = reading(acme.system)
    head = queries.plans.by_number(tx, number)
    progress = queries.run.progress(tx, head.id)
    assert sum(one.settled for one in progress) == head.tally.total - head.tally.unanswered
    assert sum(one.total for one in progress) == head.tally.total
    assert sum(queries.run.answer_counts(tx, head.id).values()) == head.tally.total
    settled, total = queries.run.section_progress(tx, number, progress[0].id)
    assert (settled, total) == (progress[0].settled, progress[0].total)


def test_a_question_says_how_well_it_is_founded(acme: House, number: str, browser: Callable[..., Browser]) -> None:
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/run")
    founded = {row.source for row in rows_of(acme, number)}
    assert "practice" in founded
    assert "Practice, not confirmed in print" in page.soup.find(id="row-1").text


def test_questions_of_before_are_kept_and_say_nothing_of_it(app: Flask, acme: House, number: str) -> None:
    asked = [row.question for row in rows_of(acme, number)]
    db.session.remove()
    migrate.downgrade(app, "0013")
    migrate.upgrade(app)
    assert [(row.question, row.source) for row in rows_of(acme, number)] == [(question, "") for question in asked]
