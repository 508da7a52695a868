"""One record changes, and exactly the cells that count it change; nobody else's records count."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, select, update

from auditkit.actions import service as actions
from auditkit.actions.models import Action
from auditkit.actions.rules import Kind as ActionKind
from auditkit.actions.rules import State as ActionState
from auditkit.audits import service as audits
from auditkit.audits.models import Finding
from auditkit.audits.queries.showing import FINDING
from auditkit.audits.rules import Grade
from auditkit.base import clock as clocks
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import service as complaints
from auditkit.content.library import in_language, shared
from auditkit.content.shapes import NodeKind
from auditkit.insights.freezing import service as freezing
from auditkit.insights.rules import Period, Selection
from auditkit.readiness import queries, rules, telling
from auditkit.readiness.rules import Column, PartKind, State, Why
from auditkit.registers import service as registers
from tests.slices.audits import doing
from tests.slices.complaints.recording import do, investigated, registered
from tests.slices.packs.records import add_file
from tests.slices.readiness.matrices import EDITION, changed_cells, changed_probes, clauses_of, matrix, ref

ALWAYS = {"journal-kept"}
"""Every verb leaves an entry of the journal."""
RISK = {
    "title": "Calls get lost", "kind": "risk", "consequence": "Patterns stay hidden", "likelihood": "likely",
    "impact": "serious", "treatment": "reduce", "what": "Write them down",
}  # fmt: skip


@pytest.fixture
def manager(acme, clock):
    return acme.actor("quality-manager")


def only(before, after, probes):
    """Exactly these probes changed, the records of exactly their clauses, and beside them nothing but freshness."""
    wanted = set(probes) | ALWAYS
    assert changed_probes(before, after) == wanted
    cells = changed_cells(before, after)
    assert {number for number, column in cells if column is Column.RECORDS} == clauses_of(wanted)
    assert {column for _number, column in cells} <= {Column.RECORDS, Column.FRESHNESS}
    assert {number for number, column in cells if column is Column.FRESHNESS} <= clauses_of(wanted)


def test_a_spoken_complaint_counts_where_it_is_shown(acme, manager):
    before = matrix(acme)
    registered(manager, channel="phone")
    after = matrix(acme)
    only(before, after, {
        "complaints-recorded", "spoken-complaints", "channels-used", "owned",
        # not checked on it: there is nothing yet to check them on
        "acknowledged", "acknowledged-on-time", "assessed", "assessed-first", "decided-on-time", "reasons",
        "closed-with-ground", "refusal-open", "in-order", "not-filled-in-later",
    })  # fmt: skip
    assert after.readings["spoken-complaints"].found == 1
    assert after.readings["owned"] == rules.Reading(0, 1, 1, 0, date(2026, 1, 5), after.readings["owned"].months)
    assert sum(after.readings["owned"].months) == 1


def test_an_acknowledgement_counts_for_acknowledgement(acme, manager):
    reference = registered(manager, channel="e-mail")
    before = matrix(acme)
    do(manager, complaints.acknowledge, complaints.Acknowledge, reference)
    after = matrix(acme)
    only(before, after, {"acknowledged", "in-order"})  # no limit is set here that it could be on time by
    row = after.row(ref("7.4"))
    part = next(one for one in row.cell(Column.RECORDS).parts if one.id == "acknowledged")
    assert (part.state, part.found, part.of, part.newest) == (State.FOUND, 1, 1, date(2026, 3, 2))


def test_a_cause_counts_for_investigation_and_analysis(acme, manager):
    reference = registered(manager, channel="e-mail")
    do(manager, complaints.acknowledge, complaints.Acknowledge, reference)
    do(manager, complaints.assess, complaints.Assess, reference, "low", "simple", "one")
    before = matrix(acme)
    investigated(manager, reference)
    only(before, matrix(acme), {"causes-found", "assessed-first"})


def test_an_entry_of_a_register_counts_for_its_register(acme, manager):
    before = matrix(acme)
    with transaction(manager) as tx:
        registers.write(tx, registers.WriteEntry(shared().register("risks"), RISK, None), clocks.now(), manager)
    after = matrix(acme)
    only(before, after, {"register-risks"})
    assert after.row(ref("6.1")).cell(Column.FRESHNESS).newest == date(2026, 3, 2)


def test_an_entry_past_its_review_is_an_exception_by_name(acme, manager, clock):
    with transaction(manager) as tx:
        registers.write(tx, registers.WriteEntry(shared().register("risks"), RISK, None), clocks.now(), manager)
    clock.advance(days=400)
    view = queries.cell(
        transaction_reading(acme), shared(), ref("5.1"), Column.RECORDS, rules.year_to(clocks.now().date()),
        clocks.now(),
    )  # fmt: skip
    behind = next(one for one in view.behind if one.part.id == "register-risks")
    assert behind.part.state is State.GAP
    assert [(one.kind, one.key) for one in behind.exceptions] == [("register-entry", "risks/RISK-001")]


def transaction_reading(house):
    db.session.rollback()
    return reading(house.system)


def test_an_action_counts_for_improvement(acme, manager):
    before = matrix(acme)
    command = actions.OpenAction(
        ActionKind.CORRECTIVE, "Train the depot", ("initiative", 0), "Own initiative",
        acme.person("complaint-handler"), date(2026, 3, 9),
    )  # fmt: skip
    with transaction(manager) as tx:
        actions.open_action(tx, command, clocks.now(), manager)
    only(before, matrix(acme), {"actions-on-time"})


@pytest.mark.parametrize(
    ("figure", "probes"),
    [("received", {"figures-frozen"}), ("survey-response", {"figures-frozen", "satisfaction-frozen"})],
)
def test_a_frozen_figure_counts_for_analysis_and_monitoring(acme, globex, manager, figure, probes):
    before = matrix(acme)
    selection = Selection(Period(date(2026, 2, 1), date(2026, 2, 28)))
    with transaction(manager) as tx:
        freezing.freeze(tx, freezing.Freeze(figure, selection), clocks.now(), manager)
    other = globex.actor("quality-manager")
    with transaction(other) as tx:
        freezing.freeze(tx, freezing.Freeze("survey-response", selection), clocks.now(), other)
    only(before, matrix(acme), probes)
    assert {"8.2", "8.4"} <= clauses_of(probes)


def test_a_published_policy_counts_as_a_document(acme, published, clock):
    before = matrix(acme)
    published(acme)
    after = matrix(acme)
    assert changed_probes(before, after) >= {"policy-published", "documents-reviewed"}
    documents = {number for number, column in changed_cells(before, after) if column is Column.DOCUMENTS}
    policy = shared().policy("complaints-handling-policy")
    named = {clause for section in policy.sections for clause in section.clauses}
    rows = {row.number for row in after.rows if any(
        one == row.ref or one.startswith(f"{row.ref}.") for one in named)}  # fmt: skip
    assert documents == rows
    assert after.row(ref("5.3")).cell(Column.DOCUMENTS).state is State.FOUND


def rows_asked(clause: str, principles: Iterable[str]) -> set[str]:
    """The rows about a question on `clause` that names these principles, told without the code under test."""
    nodes = shared().editions[EDITION].nodes
    named = {node.id for node in nodes if node.kind is NodeKind.PRINCIPLE and node.code in set(principles)}
    return named | {node.id for node in nodes if node.level == 2 and f"{clause}.".startswith(f"{node.ref}.")}


@pytest.fixture
def running(acme, clock) -> str:
    """An audit of clauses and principles, begun, with nothing answered."""
    number = doing.planned(acme, shared(), checklist_id="small-organisation", planned_from=date(2026, 2, 2),
                           planned_to=date(2026, 2, 3))  # fmt: skip
    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        audits.start(tx, audits.StartAudit(number), clocks.now(), actor, library=shared())
    return number


def test_an_answer_of_an_audit_counts_for_its_clause_and_its_principles(acme, running):
    asked = {row.position: rows_asked(row.clause, row.principles) for row in doing.rows_of(acme, running)}
    position = max(asked, key=lambda one: len(asked[one]))
    assert len(asked[position]) > 2, "no question is about a clause and principles"
    before = matrix(acme)
    doing.answer(acme, running, position, "partly", "Two of three could not say")
    after = matrix(acme)
    cells = changed_cells(before, after)
    assert {number for number, column in cells if column is Column.AUDIT} == asked[position]
    assert {number for number, column in cells if column in (Column.FINDINGS, Column.FRESHNESS)} <= (
        asked[position] | clauses_of(ALWAYS)
    )
    assert {number for number, column in cells if column is Column.RECORDS} == clauses_of(changed_probes(before, after))
    assert not [column for _number, column in cells if column is Column.DOCUMENTS]


@pytest.mark.parametrize("grade", [Grade.MAJOR, Grade.OPPORTUNITY])
def test_a_finding_counts_for_the_clause_and_principles_of_its_question(acme, running, grade):
    row = next(row for row in doing.rows_of(acme, running) if len(rows_asked(row.clause, row.principles)) > 2)
    doing.answer(acme, running, row.position, "partly", "Two of three could not say")
    before = matrix(acme)
    doing.raised(acme, running, shared(), grade, row_id=row.id)
    after = matrix(acme)
    cells = changed_cells(before, after)
    wanted = rows_asked(row.clause, row.principles)
    assert wanted
    assert {number for number, column in cells if column is Column.FINDINGS} == wanted
    assert {column for number, column in cells} <= {Column.FINDINGS, Column.RECORDS, Column.FRESHNESS}
    gap = State.GAP if grade is Grade.MAJOR else State.FOUND
    assert {after.row(ref(number)).cell(Column.FINDINGS).state for number in wanted} == {gap}
    stops = {one.id for one in after.stops if one.state is State.GAP}
    assert ("major-open" in stops) == (grade is Grade.MAJOR)


def test_an_open_action_on_a_finding_stands_with_the_finding_until_it_is_done(acme, manager, running, clock):
    row = next(row for row in doing.rows_of(acme, running) if len(rows_asked(row.clause, row.principles)) > 2)
    doing.answer(acme, running, row.position, "partly", "Two of three could not say")
    number = doing.raised(acme, running, shared(), Grade.MINOR, row_id=row.id)
    finding = reading(acme.system).execute(select(Finding.id).where(Finding.number == number)).scalar_one()
    before = matrix(acme)
    command = actions.OpenAction(
        ActionKind.CORRECTIVE, "Train the depot", (FINDING, finding), number, acme.person("complaint-handler"),
        date(2026, 3, 9),
    )  # fmt: skip
    with transaction(manager) as tx:
        actions.open_action(tx, command, clocks.now(), manager)
    after = matrix(acme)
    wanted = rows_asked(row.clause, row.principles)
    assert {one for one, column in changed_cells(before, after) if column is Column.FINDINGS} == wanted
    for one in wanted:
        cell = after.row(ref(one)).cell(Column.FINDINGS)
        assert [(part.kind, part.label) for part in cell.parts] == [
            (PartKind.FINDING, "minor"), (PartKind.ACTION, "Train the depot")
        ]  # fmt: skip
        assert telling.said(cell, 12, str) == "1 open nonconformity · 1 open action"
    clock.advance(days=8)
    late = matrix(acme).row(ref(sorted(wanted)[0])).cell(Column.FINDINGS)
    assert telling.said(late, 12, str) == "1 open nonconformity · 1 open action · 1 overdue"
    assert [telling.counted(part) for part in late.parts] == ["1, 1 exception", "Overdue"]
    with transaction(manager) as tx:
        who = {"completed_at": clocks.now(), "completed_by": acme.person("complaint-handler")}
        tx.execute(update(Action).values(state=ActionState.DONE.value, **who))
    done = matrix(acme).row(ref(sorted(wanted)[0])).cell(Column.FINDINGS)
    assert telling.counted(done.parts[1]) == "Done, effect not verified yet"


def test_a_file_that_names_a_clause_counts_for_that_clause(acme, running):
    row = doing.rows_of(acme, running)[0].id
    before = matrix(acme)
    add_file(acme, b"minutes", "minutes.txt", ("audit-row", row), clauses=[ref("8.6")])
    after = matrix(acme)
    records = {number for number, column in changed_cells(before, after) if column is Column.RECORDS}
    assert records == {"8.6"} | clauses_of(changed_probes(before, after))
    part = next(one for one in after.row(ref("8.6")).cell(Column.RECORDS).parts if one.kind is PartKind.EVIDENCE)
    assert (part.found, part.newest) == (1, date(2026, 3, 2))


def test_another_organisation_changes_nothing(acme, globex, manager):
    registered(manager, channel="phone", received_at=datetime(2026, 1, 5, 9, tzinfo=UTC))
    before = matrix(acme)
    for month in (1, 2):  # also in a month in which this one received nothing
        registered(
            globex.actor("quality-manager"), channel="phone", received_at=datetime(2026, month, 6, 9, tzinfo=UTC)
        )
    after = matrix(acme)
    assert sum(after.readings["owned"].months) == 1
    assert after.digest == before.digest


def test_the_same_records_give_the_same_digest(acme, manager):
    registered(manager, channel="phone")
    first = matrix(acme)
    assert first.digest == matrix(acme).digest
    assert first.plain()["clauses"][0]["clause"] == ref("4.1")
    persian = in_language(shared(), "fa")
    assert persian.probe_sets[EDITION].probes[0].title != shared().probe_sets[EDITION].probes[0].title
    assert matrix(acme, library=persian).digest == first.digest, "what is said in another language is the same matrix"


def test_nothing_is_found_where_nothing_is_recorded(acme, clock):
    made = matrix(acme)
    cell = made.row(ref("8.5")).cell(Column.RECORDS)
    assert (cell.state, cell.why) == (State.GAP, Why.EXCEPTIONS)
    assert made.row(ref("8.6")).cell(Column.AUDIT).why is Why.NOT_ASKED
    assert made.row(ref("7.4")).cell(Column.FINDINGS).state is State.NOT_CHECKED
    assert made.counts()[State.FOUND] == 0
    stops = [one.id for one in made.stops if one.state is State.GAP]
    assert stops[0] == "no-policy" or made.stops[0].rank == 5


def test_a_dozen_statements_whatever_the_number_of_records(acme, manager):
    def statements() -> int:
        seen: list[str] = []

        def note(_connection, _cursor, statement, *_more):
            seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        matrix(acme)
        event.remove(db.engine, "before_cursor_execute", note)
        return len([one for one in seen if one.startswith("SELECT")])

    registered(manager, channel="phone", received_at=datetime(2026, 1, 1, 9, tzinfo=UTC))  # without, nothing is tested
    few = statements()
    for day in range(2, 20):
        registered(manager, channel="phone", received_at=datetime(2026, 1, day, 9, tzinfo=UTC))
    assert statements() == few <= 19


def test_every_row_is_a_clause_or_principle_and_says_something(acme, clock):
    made = matrix(acme)
    assert [row.number for row in made.rows][:3] == ["4.1", "4.2", "4.3"]
    assert {"7.4", "8.7", "5.4"} <= {row.number for row in made.rows}
    for row in made.rows:
        for cell in row.cells:
            assert cell.state is State.FOUND or cell.why is not Why.NONE


@pytest.mark.parametrize("edition", ["iso10002-2014", "iso9001-2015"])
def test_another_edition_is_shown_through_the_crosswalk(acme, manager, edition):
    registered(manager, channel="phone")
    made = matrix(acme, edition)
    assert made.bridge == "iso10002-2018"
    carried = [part for row in made.rows for part in row.cell(Column.RECORDS).parts if part.kind is PartKind.PROBE]
    assert carried
    assert all(part.via is not None for part in carried)
    number = "7.2" if edition == "iso10002-2014" else "8.2"
    parts = {part.id: part for part in made.row(f"{edition}:{number}").cell(Column.RECORDS).parts}
    assert parts["complaints-recorded"].found == 1
    assert parts["complaints-recorded"].via.ref == "iso10002-2018:7.2"
