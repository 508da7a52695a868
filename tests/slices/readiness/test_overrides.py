"""An assessor overrides one cell with a reason, which stays visible, and withdraws it; and the pages show it."""

import io
from zipfile import ZipFile

import pytest

from auditkit.base import clock as clocks
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.journal.queries import timeline
from auditkit.readiness import service
from auditkit.readiness.rules import Column, OverrideGone, State
from tests.slices.complaints.recording import registered
from tests.slices.readiness.matrices import changed_cells, matrix, ref

CELL = (ref("8.6"), Column.RECORDS)


@pytest.fixture
def auditor(acme, clock):
    return acme.actor("internal-auditor")


def overridden(actor, made, state=State.FOUND, reason="Minutes of 3 February seen on paper", cell=CELL):
    command = service.OverrideCell(cell[0], made.row(cell[0]).cell(cell[1]), state, reason)
    with transaction(actor) as tx:
        return service.override(tx, command, clocks.now(), actor)


def withdrawn(actor, cell=CELL):
    with transaction(actor) as tx:
        service.withdraw(tx, service.WithdrawOverride(*cell), clocks.now(), actor)


def test_one_cell_changes_and_the_records_stay_beside_it(acme, auditor):
    before = matrix(acme)
    number = overridden(auditor, before)
    after = matrix(acme)
    journal = {("4.9", Column.RECORDS), ("8.1", Column.RECORDS)}
    assert changed_cells(before, after) == {("8.6", Column.RECORDS)} | journal
    cell = after.row(ref("8.6")).cell(Column.RECORDS)
    assert (cell.state, cell.computed, cell.changed_since) == (State.FOUND, State.GAP, False)
    assert cell.override.reason == "Minutes of 3 February seen on paper"
    entry = timeline(reading(auditor), acme.id, (service.SUBJECT, number))[0]
    assert entry.event == "readiness:cell-overridden"
    assert entry.facts["clause"] == ref("8.6")
    assert "Minutes" not in str(entry.facts), "what people write goes into the chain as a hash"
    assert after.score.points > before.score.points


def test_withdrawn_the_records_speak_again(acme, auditor):
    before = matrix(acme)
    overridden(auditor, before)
    withdrawn(auditor)
    assert matrix(acme).row(ref("8.6")) == before.row(ref("8.6"))
    with pytest.raises(OverrideGone):
        withdrawn(auditor)


def test_a_second_override_takes_the_place_of_the_first(acme, auditor):
    made = matrix(acme)
    overridden(auditor, made)
    overridden(auditor, made, State.NOT_CHECKED, "The minutes are with the notary")
    assert matrix(acme).row(ref("8.6")).cell(Column.RECORDS).state is State.NOT_CHECKED
    withdrawn(auditor)
    assert matrix(acme).row(ref("8.6")).cell(Column.RECORDS).state is State.GAP


def test_it_says_when_the_records_changed_since(acme, auditor):
    cell = (ref("7.2"), Column.RECORDS)
    overridden(auditor, matrix(acme), cell=cell)
    assert not matrix(acme).row(cell[0]).cell(cell[1]).changed_since
    registered(acme.actor("quality-manager"), channel="phone")
    assert matrix(acme).row(cell[0]).cell(cell[1]).changed_since


def test_handlers_may_not(acme, clock):
    handler = acme.actor("complaint-handler")
    with pytest.raises(Forbidden):
        overridden(handler, matrix(acme))


def test_another_organisation_sees_nothing_of_it(acme, globex, auditor):
    overridden(auditor, matrix(acme))
    assert matrix(globex).row(ref("8.6")).cell(Column.RECORDS).override is None


@pytest.mark.sqlite_only
def test_the_pages_from_the_matrix_to_an_override_and_back(acme, browser, clock):
    registered(acme.actor("quality-manager"), "A lost parcel", channel="phone")
    at_work = browser(acme, "internal-auditor")
    address = "/o/acme/readiness/iso10002-2018/7.3/records"
    page = at_work.get("/o/acme/readiness/")
    assert "Clause matrix" in page.text
    assert "4.15 Timeliness" in page.text
    assert "Readiness" in page.text
    cell = at_work.get(address)
    assert "Open complaints have an owner" in cell.text
    exceptions = [link["href"] for link in cell.soup.find_all("a") if link.get_text() == "C-2026-000001"]
    assert exceptions == ["/o/acme/complaints/C-2026-000001"], "the exception is one step away"
    refused = at_work.post_form({"state": "found", "reason": " "}, action=f"{address}/override")
    assert "Write down why" in refused.text
    shown = at_work.post_form({"state": "found", "reason": "Kept on the board"}, action=f"{address}/override")
    assert "Kept on the board" in shown.text
    assert "Overridden" in at_work.get("/o/acme/readiness/").text
    at_work.get(address)
    back = at_work.post_form({}, action=f"{address}/withdraw")
    assert "The override was withdrawn" in back.text
    assert "Kept on the board" in back.text, "what was said stays in the history of the cell"


@pytest.mark.sqlite_only
def test_what_stops_the_workbook_and_other_editions(acme, browser, clock):
    at_work = browser(acme, "quality-manager")
    stops = at_work.get("/o/acme/readiness/stops").text
    assert stops.index("No policy in force and published") < stops.index("Records are incomplete")
    content = at_work.get("/o/acme/readiness/matrix.xlsx").response.data
    with ZipFile(io.BytesIO(content)) as book:
        assert b"Clause matrix" in book.read("xl/workbook.xml")
        assert b"7.4" in book.read("xl/worksheets/sheet1.xml")
    other = at_work.get("/o/acme/readiness/?edition=iso9001-2015").text
    assert "through the crosswalk" in other
    at_work.get("/o/acme/readiness/iso10002-2018/99.9/records", status=404)
    at_work.get("/o/acme/readiness/?from=2026-02-01&to=2026-01-01", status=400)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("role", ["complaint-handler", "staff", "external-reviewer"])
def test_who_may_not_see_it(acme, browser, role):
    browser(acme, role).get("/o/acme/readiness/", status=403)
