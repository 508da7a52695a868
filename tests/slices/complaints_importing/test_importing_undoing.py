"""Taking an import back: whole, by portions, journalled, searchable no more; refused where somebody worked on it."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from auditkit.base import clock
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden
from auditkit.complaints import queries
from auditkit.complaints.importing import undoing
from auditkit.complaints.importing.models import ImportedReference, ImportUndo
from auditkit.complaints.importing.rules import ImportAlreadyUndone, ImportBuiltOn, ImportNotUndoable
from auditkit.complaints.importing.running import run_import
from auditkit.complaints.importing.undoing import built_on, undo_import
from auditkit.complaints.models import Complaint, ComplaintNote, ImportRun
from auditkit.complaints.privacy.fates import FATES, REACHED_BY
from auditkit.complaints.rules import IDENTITY_READ, NOTED
from auditkit.journal.models import JournalEntry
from auditkit.journal.service import record
from tests.slices.complaints.recording import registered

START = "/o/acme/complaints/import/"
HEADS = "Reference,Received,Complainant,Channel,Subject,Description\n"


@pytest.fixture
def imported(acme, tmp_path: Path):
    """`imported(count)`: import that many complaints; returns (run id, path)."""

    def run(count: int = 5, prefix: str = "C") -> tuple[int, Path]:
        path = tmp_path / f"{prefix}.csv"
        rows = (f"{prefix}-{number},2026-01-05,Ann,web,Kettle {prefix} {number},y\n" for number in range(count))
        path.write_text(HEADS + "".join(rows))
        run_id = run_import(path, acme.system).run_id
        assert run_id is not None
        return run_id, path

    return run


def left(house) -> list[Complaint]:
    db.session.rollback()
    return list(reading(house.system).execute(select(Complaint).order_by(Complaint.id)).scalars())


def found(house, words: str) -> int:
    return queries.register_page(reading(house.system), queries.Wanted(typed=words)).total


def test_an_import_is_taken_back_whole_and_nothing_else(acme, globex, imported, monkeypatch) -> None:
    portion = undoing.UndoPortion
    monkeypatch.setattr(undoing, "UndoPortion", lambda run_id: portion(run_id, 2))
    own = registered(acme.system, "Kettle of our own")
    kept, _path = imported(3, "Kappa")
    run_id, _path = imported(5, "Alpha")
    run_import(_path, globex.system)
    shares: list[float] = []
    assert undo_import(run_id, acme.system, shares.append) == 5
    assert [one.external_reference for one in left(acme)] == ["", "Kappa-0", "Kappa-1", "Kappa-2"]
    assert left(acme)[0].reference == own
    assert len(left(globex)) == 5
    assert (found(acme, "kettle alpha"), found(acme, "kettle kappa"), found(globex, "kettle alpha")) == (0, 3, 5)
    session = reading(acme.system)
    assert session.execute(select(func.count(ImportedReference.complaint_id))).scalar_one() == 3
    of_run = select(ImportRun, ImportUndo).join(ImportUndo, ImportUndo.import_run_id == ImportRun.id)
    run, undo = session.execute(of_run.where(ImportRun.id == run_id)).one()
    assert (run.state, undo.removed, undo.ended_at is not None) == ("undone", 5, True)
    entries = session.execute(select(JournalEntry).where(JournalEntry.event == "complaints:import-undone")).scalars()
    assert sum(entry.facts["rows"] for entry in entries) == 5
    assert built_on(session, kept) == []


@pytest.mark.sqlite_only
def test_the_search_index_stays_sound(acme, imported) -> None:
    run_id, _path = imported(5)
    undo_import(run_id, acme.system)
    with transaction(acme.system) as tx:
        tx.execute(text("INSERT INTO complaint_search(complaint_search, rank) VALUES('integrity-check', 1)"))


def test_what_was_taken_back_can_be_imported_again_under_new_numbers(acme, imported) -> None:
    run_id, path = imported(3)
    before = {(one.id, one.reference) for one in left(acme)}
    undo_import(run_id, acme.system)
    result = run_import(path, acme.system)
    assert result.imported == 3
    assert any("was taken back" in one.text for one in result.announcements)
    after = {(one.id, one.reference) for one in left(acme)}
    assert not {pair[0] for pair in before} & {pair[0] for pair in after}
    assert not {pair[1] for pair in before} & {pair[1] for pair in after}


def test_no_later_complaint_gets_the_id_of_a_removed_one(acme, imported) -> None:
    run_id, _path = imported(3)
    before = {one.id for one in left(acme)}
    undo_import(run_id, acme.system)
    registered(acme.system, "One more")
    assert not before & {one.id for one in left(acme)}


def note(tx, complaint: Complaint, actor) -> None:
    tx.add(ComplaintNote(complaint_id=complaint.id, note="Look", written_at=clock.now(), written_by=None))


def changed(tx, complaint: Complaint, actor) -> None:
    complaint.version += 1


def journalled(tx, complaint: Complaint, actor) -> None:
    record(tx, NOTED, now=clock.now(), actor=actor, subject=("complaint", complaint.id))


@pytest.mark.parametrize(
    ("work", "said"), [(changed, "changed since"), (journalled, "journal"), (note, "internal note")]
)
def test_what_somebody_worked_on_stays_and_is_named(acme, imported, work, said) -> None:
    run_id, _path = imported(4)
    actor = acme.system
    with transaction(actor) as tx:
        one = tx.execute(select(Complaint).where(Complaint.external_reference == "C-1")).scalar_one()
        reference = one.reference
        work(tx, one, actor)
    (blocking,) = built_on(reading(actor), run_id)
    assert (blocking.reference, said in blocking.what) == (reference, True)
    with pytest.raises(ImportBuiltOn, match=reference):
        undo_import(run_id, actor)
    assert len(left(acme)) == 4


def test_no_table_that_hangs_on_a_complaint_is_passed_over() -> None:
    asked = {table.name for table, _column in undoing._hanging()} | {"journal_entry", "action", "evidence_link"}
    left_out = set(undoing._NOT_BUILT)
    for name in FATES:
        top = name
        while top in REACHED_BY:
            _column, top = REACHED_BY[top]
        assert top in asked | left_out, name
    assert left_out == {"complaint", "imported_reference", "complaint_assignment", "complaint_untimed"}


def test_what_is_worked_on_meanwhile_stops_the_removal(acme, imported, monkeypatch) -> None:
    run_id, _path = imported(6)
    portion = undoing.UndoPortion(run_id, 2)

    def meanwhile(share: float) -> None:
        with transaction(acme.system) as tx:
            changed(tx, tx.execute(select(Complaint).where(Complaint.external_reference == "C-1")).scalar_one(), None)

    monkeypatch.setattr(undoing, "UndoPortion", lambda _run_id: portion)
    with pytest.raises(ImportBuiltOn):
        undo_import(run_id, acme.system, meanwhile)
    assert [one.external_reference for one in left(acme)][:2] == ["C-0", "C-1"]
    run = reading(acme.system).execute(select(ImportRun).where(ImportRun.id == run_id)).scalar_one()
    assert run.state == "finished"


def test_reading_who_complained_is_no_work(acme, imported) -> None:
    run_id, _path = imported(1)
    with transaction(acme.system) as tx:
        one = tx.execute(select(Complaint)).scalar_one()
        record(tx, IDENTITY_READ, now=clock.now(), actor=acme.system, subject=("complaint", one.id))
    assert undo_import(run_id, acme.system) == 1


def test_refusals(acme, globex, imported) -> None:
    run_id, _path = imported(1)
    with pytest.raises(Forbidden):
        undo_import(run_id, acme.actor("complaint-handler"))
    undo_import(run_id, acme.system)
    with pytest.raises(ImportAlreadyUndone):
        undo_import(run_id, acme.system)
    other, _path = imported(1, "D")
    with transaction(acme.system) as tx:
        run = tx.execute(select(ImportRun).where(ImportRun.id == other)).scalar_one()
        run.state, run.finished_at = "running", None
    with pytest.raises(ImportNotUndoable):
        undo_import(other, acme.system)


def test_the_page_takes_an_import_back(acme, globex, browser, imported, work) -> None:
    run_id, _path = imported(3)
    visitor = browser(acme, "quality-manager")
    visitor.get(f"{START}runs")
    page = visitor.follow("C.csv")
    assert "3 imported" in page.text
    waiting = visitor.post_form(action="/undo")
    assert waiting.title == "Taking an import back"
    assert work() == 1
    page = visitor.get(waiting.path)
    assert "taken back" in page.text
    assert "3 removed again" in page.text
    assert left(acme) == []
    assert "taken back" in visitor.get(f"{START}runs").text
    visitor.post(f"{START}runs/{run_id}/undo", {})
    assert work() == 0
    browser(globex, "quality-manager").get(f"/o/globex/complaints/import/runs/{run_id}", status=404)


def test_the_page_names_what_stands_in_the_way(acme, browser, imported, work) -> None:
    run_id, _path = imported(2)
    with transaction(acme.system) as tx:
        one = tx.execute(select(Complaint).where(Complaint.external_reference == "C-1")).scalar_one()
        reference = one.reference
        changed(tx, one, None)
    visitor = browser(acme, "quality-manager")
    page = visitor.get(f"{START}runs/{run_id}")
    assert f"{reference} : changed since" in page.text or f"{reference}: changed since" in page.text
    assert visitor.post(f"{START}runs/{run_id}/undo", {}).path == page.path
    assert work() == 0
