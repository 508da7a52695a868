"""A transition from the edition of 2014: what carries over, and that applying it again changes nothing. Visits."""

from datetime import date

import pytest
from sqlalchemy import select

from auditkit.audits import service as audits
from auditkit.base import clock as clocks
from auditkit.base.db import db, reading, transaction
from auditkit.content.library import shared
from auditkit.readiness.models import ReadinessCarried
from auditkit.readiness.rules import Column, PartKind, State, Why
from auditkit.readiness.transition import queries, service
from auditkit.readiness.transition.rules import Because, Verdict
from auditkit.readiness.visits import queries as visit_queries
from auditkit.readiness.visits import service as visit_service
from tests.slices.audits import doing
from tests.slices.complaints.recording import registered
from tests.slices.readiness.matrices import matrix, ref

NEWER, CHECKLIST = "iso10002-2018", "principles-2014"


@pytest.fixture
def audited(acme, clock):
    """An audit by the edition of 2014 that looked at objectivity (4.5) and at charges (4.6), there with a gap."""
    number = doing.planned(acme, shared(), checklist_id=CHECKLIST, planned_from=date(2026, 2, 2),
                           planned_to=date(2026, 2, 3))  # fmt: skip
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(number), clocks.now(), actor, library=shared())
    for row in doing.rows_of(acme, number):
        name, note = "not-checked", "Not this time"
        if row.clause.endswith(":4.5"):
            name, note = "conforms", "Seen"
        if row.clause.endswith(":4.6"):
            name, note = "partly", "A hot line costs money"
        doing.answer(acme, number, row.position, name, note)
    with transaction(actor) as tx:
        audits.report(tx, audits.ReportAudit(number, "As written"), clocks.now(), actor)
    return number


def look(house):
    db.session.rollback()
    return queries.transition(reading(house.system), shared(), NEWER, clocks.now())


def applied(house):
    actor, given = house.actor("internal-auditor"), look(house)
    with transaction(actor) as tx:
        return service.apply(tx, service.ApplyTransition(given), clocks.now(), actor)


def stored(house):
    db.session.rollback()
    rows = reading(house.system).execute(select(ReadinessCarried).order_by(ReadinessCarried.clause)).scalars()
    return [
        {column.key: getattr(row, column.key) for column in ReadinessCarried.__mapper__.column_attrs} for row in rows
    ]


def test_what_carries_over_and_what_is_examined_again(acme, audited):
    found = {one.clause: one for one in look(acme).decided}
    objectivity = found[ref("4.7")]
    assert (objectivity.verdict, objectivity.sources) == (Verdict.CARRIED, ("iso10002-2014:4.5",))
    assert [part.id for part in objectivity.parts] == [audited]
    assert (found[ref("4.8")].verdict, found[ref("4.8")].because) == (Verdict.AGAIN, Because.GAP)
    assert (found[ref("4.5")].verdict, found[ref("4.5")].because) == (Verdict.AGAIN, Because.NOT_AUDITED)
    assert (found[ref("4.4")].verdict, found[ref("4.4")].because) == (Verdict.AGAIN, Because.WIDER)
    assert found[ref("4.3")].verdict is Verdict.NEW
    assert len(found) == len(matrix(acme).rows), "every clause of the matrix is decided about"


def test_audits_by_the_newer_edition_are_nothing_to_carry_over(acme, clock):
    number = doing.planned(acme, shared(), checklist_id="principles-2018", planned_from=date(2026, 2, 2),
                           planned_to=date(2026, 2, 3))  # fmt: skip
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(number), clocks.now(), actor, library=shared())
    for row in doing.rows_of(acme, number):
        doing.answer(
            acme, number, row.position, "not-checked" if "conforms" in row.evidence_for else "conforms", "Seen"
        )
    with transaction(actor) as tx:
        audits.report(tx, audits.ReportAudit(number, "As written"), clocks.now(), actor)
    assert matrix(acme).row(ref("4.7")).cell(Column.AUDIT).state is State.FOUND
    assert matrix(acme, "iso10002-2014").row("iso10002-2014:4.5").cell(Column.AUDIT).parts[0].via.ref == ref("4.7")
    assert {one.verdict for one in look(acme).decided} == {Verdict.AGAIN, Verdict.NEW}


def test_applied_twice_it_is_as_applied_once(acme, audited, clock):
    first = applied(acme)
    once, shown = stored(acme), matrix(acme).plain()["clauses"]
    assert (first.carried, first.changed) == (1, len(once))
    clock.advance(minutes=5)
    second = applied(acme)
    assert second.changed == 0
    assert (second.carried, second.again, second.new) == (first.carried, first.again, first.new)
    assert stored(acme) == once, "not even the day of it changes"
    journal = {ref("4.9"), ref("8.1")}  # count the entries of the journal
    assert [one for one in matrix(acme).plain()["clauses"] if one["clause"] not in journal] == [
        one for one in shown if one["clause"] not in journal
    ]


def test_the_matrix_shows_what_was_decided(acme, audited):
    assert matrix(acme).row(ref("4.7")).cell(Column.AUDIT).why is Why.NOT_ASKED
    applied(acme)
    made = matrix(acme)
    cell = made.row(ref("4.7")).cell(Column.AUDIT)
    assert (cell.state, cell.parts[0].kind) == (State.FOUND, PartKind.CARRIED)
    assert cell.parts[0].via.ref == "iso10002-2014:4.5"
    for number in ("4.8", "4.4", "4.3"):
        again = made.row(ref(number)).cell(Column.AUDIT)
        assert (again.state, again.why) == (State.NOT_CHECKED, Why.EXAMINE_AGAIN)


def test_another_house_is_not_decided_about(acme, globex, audited):
    applied(acme)
    assert stored(globex) == []
    assert all(one.verdict is not Verdict.CARRIED for one in look(globex).decided)


def test_a_visit_keeps_the_matrix_and_the_next_look_says_what_changed(acme, clock):
    actor, made = acme.actor("internal-auditor"), matrix(acme)
    with transaction(actor) as tx:
        visit_service.take(tx, visit_service.TakeVisit(made, "First visit"), clocks.now(), actor)
    registered(acme.actor("quality-manager"), channel="phone")
    summary = visit_queries.summary(reading(acme.system), shared(), clocks.now())
    assert summary.last_visit == clocks.now()
    assert summary.since.stops_gone == ("spoken-missing",)
    kept = visit_queries.visits(reading(acme.system), NEWER)[0]
    assert (kept.digest, kept.percent, kept.note) == (made.digest, made.score.percent, "First visit")
    assert kept.states[ref("7.2")] == made.row(ref("7.2")).state.value


@pytest.mark.sqlite_only
def test_the_pages(acme, browser, audited):
    at_work = browser(acme, "internal-auditor")
    page = at_work.get("/o/acme/readiness/transition/")
    assert "From ISO 10002:2014 to ISO 10002:2018" in page.text
    assert "Carried over: 1," in at_work.post_form({}).text
    assert "Nothing was changed by it" in at_work.post_form({}).text
    assert "The matrix has not been kept yet" in at_work.get("/o/acme/readiness/visits/").text
    assert "Second visit" in at_work.post_form({"note": "Second visit"}).text
    assert "Since the last visit" in at_work.get("/o/acme/readiness/visits/").text
