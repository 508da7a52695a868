"""The programme: audits made once a period however long the worker slept, coverage from real audits, the pages."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from auditkit.audits import queries as audits
from auditkit.audits import service as audit_service
from auditkit.audits.independence import service as independence
from auditkit.audits.programme import jobs, making, queries, rules, service
from auditkit.audits.programme.rules import Cover
from auditkit.audits.rules import AuditeeMissing, AuditKind, Grade, Method, State, TeamRole
from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.content.library import Library, shared
from auditkit.journal import queries as journal
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, planned, reported, rows_of, started

Opener = Callable[..., Browser]


@pytest.fixture(autouse=True)
def _time(clock: FrozenClock) -> None:
    """2 March 2026."""


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path)


def save(house: House, **changes: Any) -> int:
    """The id of an audit in the programme, on the shipped library."""
    fields = {
        "title": "Complaints by telephone",
        "objectives": "See",
        "scope": "All calls",
        "checklist_id": "principles-2018",
        "lead_id": house.person("internal-auditor"),
        "first_on": date(2026, 4, 1),
        "every_months": 3,
        **changes,
    }
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        command = service.SaveItem(**fields)
        return int(service.save_item(tx, command, clocks.now(), actor, library=shared()))


def numbers(house: House) -> list[tuple[str, str]]:
    """(number, first day) of the audits there are."""
    lines, _more = audits.plans.listing(reading(house.system))
    db.session.rollback()
    return sorted((one.number, one.planned_from.isoformat()) for one in lines)


class TestPeriods:
    def test_nothing_is_made_before_its_time(self, acme: House, clock: FrozenClock) -> None:
        save(acme, first_on=date(2026, 4, 2))
        jobs.make_due_audits()
        assert numbers(acme) == []
        clock.advance(days=1)
        jobs.make_due_audits()
        assert numbers(acme) == [("A-2026-001", "2026-04-02")]

    def test_each_period_is_made_once_however_often_the_worker_looks(self, acme: House) -> None:
        save(acme)
        for _round in range(3):
            jobs.make_due_audits()
        assert numbers(acme) == [("A-2026-001", "2026-04-01")]
        (item,) = queries.items(reading(acme.system))
        assert item.problem == ""
        head = audits.plans.by_number(reading(acme.system), "A-2026-001")
        assert queries.of_audit(reading(acme.system), head.id) == ("Complaints by telephone", date(2026, 4, 1))
        entries = journal.timeline(reading(acme.system), acme.id, (service.ITEM, item.id))
        assert [one.event for one in entries].count("programme:audit-made") == 1

    def test_a_worker_that_slept_for_a_year_makes_up_for_it_once(self, acme: House, clock: FrozenClock) -> None:
        save(acme)
        clock.advance(days=400)  # 6 April 2027
        jobs.make_due_audits()
        jobs.make_due_audits()
        assert [day for _number, day in numbers(acme)] == [
            "2026-04-01",
            "2026-07-01",
            "2026-10-01",
            "2027-01-04",  # New Year's Day is a holiday, and the days after it a weekend
            "2027-04-01",
        ]

    def test_two_workers_at_once_make_one_audit(self, app: Flask, acme: House) -> None:
        item = save(acme)
        reading().rollback()
        together = threading.Barrier(2, timeout=60)

        def work(_number: int) -> int:
            with app.app_context():
                together.wait()
                actor = Actor.system(acme.id)
                with transaction(actor) as tx:
                    return len(making.make_due(tx, item, clocks.now(), actor, library=shared()))

        with ThreadPoolExecutor(2) as pool:
            made = sorted(pool.map(work, range(2)))
        assert made == [0, 1]
        assert numbers(acme) == [("A-2026-001", "2026-04-01")]

    def test_what_cannot_be_made_is_said_once_and_made_when_it_can(self, acme: House) -> None:
        save(acme, checklist_id="principles-2018")
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE programme_item SET checklist_id = 'gone'")
        save(acme, title="Another", first_on=date(2026, 3, 20), every_months=0)
        for _round in range(2):
            jobs.make_due_audits()
        assert [day for _number, day in numbers(acme)] == ["2026-03-20"]
        waiting = next(one for one in queries.items(reading(acme.system)) if one.checklist_id == "gone")
        assert waiting.problem == "The library has no checklist gone"
        entries = journal.timeline(reading(acme.system), acme.id, (service.ITEM, waiting.id))
        assert [one.event for one in entries].count("programme:audit-not-made") == 1
        with db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE programme_item SET checklist_id = 'principles-2018'")
        jobs.make_due_audits()
        assert len(numbers(acme)) == 2
        assert not any(one.problem for one in queries.items(reading(acme.system)))

    def test_what_was_taken_out_makes_nothing_more(self, acme: House, clock: FrozenClock) -> None:
        item = save(acme)
        actor = acme.actor("quality-manager")
        with transaction(actor) as tx:
            service.stop_item(tx, service.StopItem(item), clocks.now(), actor)
        clock.advance(days=60)
        jobs.make_due_audits()
        assert numbers(acme) == []
        with pytest.raises(NotFound), transaction(actor) as tx:
            service.stop_item(tx, service.StopItem(item), clocks.now(), actor)

    def test_each_organisation_has_its_own(self, acme: House, globex: House) -> None:
        save(acme)
        save(globex, first_on=date(2026, 3, 10))
        jobs.make_due_audits()
        assert numbers(acme) == [("A-2026-001", "2026-04-01")]
        assert numbers(globex) == [("A-2026-001", "2026-03-10")]

    def test_competence_and_remote_work_are_asked_at_the_start(self, acme: House, clock: FrozenClock) -> None:
        save(acme, method=Method.REMOTE, first_on=date(2026, 3, 9), every_months=0)
        jobs.make_due_audits()
        actor = acme.actor("internal-auditor")
        with pytest.raises(audit_service.planning.rules.RemoteRiskMissing), transaction(actor) as tx:
            audit_service.start(tx, audit_service.StartAudit("A-2026-001"), clocks.now(), actor, library=shared())

    def test_an_audit_of_some_clauses_asks_their_sections_only(self, acme: House) -> None:
        save(acme, clauses=("iso10002-2018:4.2",), first_on=date(2026, 3, 9), every_months=0)
        jobs.make_due_audits()
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            audit_service.start(tx, audit_service.StartAudit("A-2026-001"), clocks.now(), actor, library=shared())
        rows = rows_of(acme, "A-2026-001")
        (section,) = {row.section for row in rows}
        assert "iso10002-2018:4.2" in {row.clause for row in rows}
        assert len(rows) < len(shared().checklist("principles-2018").items)
        assert section in service.sections_of(shared().checklist("principles-2018"), ["iso10002-2018:4.2"])

    def test_of_a_section_with_several_clauses_only_the_questions_of_the_clause_are_asked(self, acme: House) -> None:
        checklist = shared().checklist("internal-audit-2018")
        section = next(one for one in checklist.sections if len({item.clauses[0] for item in one.items}) > 1)
        clause = section.items[0].clauses[0]
        save(acme, checklist_id=checklist.id, clauses=(clause,), first_on=date(2026, 3, 9), every_months=0)
        jobs.make_due_audits()
        actor = acme.actor("internal-auditor")
        with transaction(actor) as tx:
            audit_service.start(tx, audit_service.StartAudit("A-2026-001"), clocks.now(), actor, library=shared())
        asked = {row.item_id for row in rows_of(acme, "A-2026-001")}
        about = {
            item.id
            for one in checklist.sections
            for item in one.items
            if any(rules.belongs(ref, [clause]) for ref in item.clauses)
        }
        assert asked
        assert asked <= about
        assert {item.id for item in section.items} & about <= asked

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"lead_id": 0}, rules.LeadUnknown),
            ({"kind": AuditKind.FOLLOW_UP}, rules.KindNotPlannedAhead),
            ({"kind": AuditKind.OUTSIDE}, rules.KindNotPlannedAhead),
            ({"kind": AuditKind.SUPPLIER}, AuditeeMissing),
            ({"checklist_id": "nonesuch"}, NotFound),
            ({"first_on": date(2025, 1, 1)}, rules.FirstTooEarly),
            ({"clauses": ("iso9001-2015:9.2",)}, rules.ClausesElsewhere),
        ],
    )
    def test_what_cannot_stand_in_a_programme(
        self, acme: House, change: dict[str, object], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            save(acme, **change)

    def test_a_change_is_made_to_what_was_seen(self, acme: House) -> None:
        item = save(acme)
        save(acme, item_id=item, version=1, title="Calls")
        with pytest.raises(rules.ProgrammeChanged):
            save(acme, item_id=item, version=1, title="Calls again")


class TestCoverage:
    def test_it_is_counted_from_the_audits_themselves(self, acme: House, books: Library) -> None:
        # Given a reported audit (doors looked at, keys left out), one that runs, and one that is planned
        number = reported(acme, books, Grade.MINOR)
        started(acme, books)
        planned(acme, books, planned_from=date(2027, 5, 3), planned_to=date(2027, 5, 3))
        clauses = [item.clauses[0] for item in books.checklist("house-round").items]

        facts = queries.facts(
            reading(acme.system), 2026, queries.Towards("house-rules-2026"), lambda _checklist: clauses
        )
        lines = [("1", "1 Doors", ("house-rules-2026:1",)), ("2", "2 Keys", ("house-rules-2026:2",))]
        doors, keys = rules.coverage(lines, facts, 2026)

        # Then doors: bad (0) and good (100) of equal weight make 50 %, with one nonconformity
        assert (doors.cells[0].cover, doors.cells[0].percent, doors.cells[0].nonconformities) == (Cover.DONE, 50, 1)
        assert doors.cells[0].audits == (number, "A-2026-002")
        assert doors.cells[0].looked_at == 2
        assert [cell.cover for cell in doors.cells] == [Cover.DONE, Cover.PLANNED, Cover.NEVER]
        # keys: only left out and, in the running audit, still to be asked
        assert [cell.cover for cell in keys.cells] == [Cover.RUNNING, Cover.PLANNED, Cover.NEVER]
        assert keys.cells[0].percent is None

    def test_the_programme_plans_what_is_not_made_yet_and_only_its_clauses(self, acme: House) -> None:
        item = save(acme, clauses=("iso10002-2018:4.2",), first_on=date(2026, 4, 1), every_months=12)
        jobs.make_due_audits()
        found = queries.facts(
            reading(acme.system), 2026, queries.Towards("iso10002-2018"),
            lambda name: [one.clauses[0] for one in shared().checklist(name).items],
        )  # fmt: skip
        assert {(one.audit, one.year, one.clause, one.cover) for one in found} == {
            ("A-2026-001", 2026, "iso10002-2018:4.2", Cover.PLANNED),
            ("", 2027, "iso10002-2018:4.2", Cover.PLANNED),
            ("", 2028, "iso10002-2018:4.2", Cover.PLANNED),
        }
        assert item

    def test_audits_by_another_standard_count_through_the_crosswalks_where_wanted(
        self, acme: House, browser: Callable[..., Browser]
    ) -> None:
        save(acme, clauses=("iso10002-2018:5.2",), first_on=date(2026, 4, 1), every_months=12)
        page = browser(acme, "quality-manager").get("/o/acme/audits/programme/2026?edition=iso9001-2015")
        assert not page.soup.select("#coverage td .badge")
        page = browser(acme, "quality-manager").get("/o/acme/audits/programme/2026?edition=iso9001-2015&others=1")
        covered = {
            row.find("th").get_text().split()[0]
            for row in page.soup.select("#coverage tbody tr")
            if "through ISO 10002:2018" in row.get_text()
        }
        expected = {
            node.ref.partition(":")[2]
            for one in shared().counterparts("iso10002-2018:5.2")
            if one.edition.id == "iso9001-2015"
            for node in one.nodes
        }
        assert expected
        assert {clause for one in expected for clause in (one, one.rpartition(".")[0])} & covered
        assert all(any(one.startswith(clause) for one in expected) for clause in covered)

    def test_another_organisations_audits_cover_nothing_here(self, acme: House, globex: House, books: Library) -> None:
        reported(globex, books)
        assert queries.facts(reading(acme.system), 2026, queries.Towards("house-rules-2026"), lambda _name: []) == []


class TestProgramme:
    def write(self, house: House, **changes: Any) -> int:
        fields = {
            "year": 2026,
            "cycle_from": 2025,
            "objectives": "Every clause once",
            "responsible_id": house.person("quality-manager"),
            "risks": "- One auditor -> train a second\n+ New system -> audit it first",
            **changes,
        }
        actor = house.actor("quality-manager")
        with transaction(actor) as tx:
            command = service.SaveProgramme(**fields)
            return int(service.save_programme(tx, command, clocks.now(), actor))

    def test_it_is_kept_with_its_risks_and_reviewed_as_it_stands(self, acme: House, books: Library) -> None:
        programme = self.write(acme)
        reported(acme, books)
        planned(acme, books)
        actor = acme.actor("quality-manager")
        with transaction(actor) as tx:
            review = service.ReviewProgramme(2026, date(2026, 3, 2), "Too many at once", "Quality", "Spread them")
            service.review_programme(tx, review, clocks.now(), actor)
        tx = reading(acme.system)
        assert [one.side.value for one in queries.risks(tx, programme)] == ["risk", "opportunity"]
        (kept,) = queries.reviews(tx, programme)
        assert kept.facts["audits"] == {"planned": 1, "running": 0, "reported": 1, "closed": 0}
        assert queries.cycle_from(tx, 2026) == 2025
        assert [queries.cycle_from(tx, year) for year in (2027, 2028, 2030, 2031)] == [2025, 2028, 2028, 2031]

    def test_nobody_overwrites_what_they_did_not_see(self, acme: House) -> None:
        self.write(acme)
        with pytest.raises(rules.ProgrammeChanged):
            self.write(acme)
        self.write(acme, version=1, risks="")
        found = queries.of_year(reading(acme.system), 2026)
        assert found is not None
        assert queries.risks(reading(acme.system), found.id) == []

    def test_only_who_manages_programmes_is_responsible_or_writes(self, acme: House) -> None:
        with pytest.raises(rules.ResponsibleUnknown):
            self.write(acme, responsible_id=acme.person("internal-auditor"))
        actor = acme.actor("internal-auditor")
        command = service.SaveProgramme(2026, 2026, "Mine", acme.person("internal-auditor"))
        with pytest.raises(Forbidden), transaction(actor) as tx:
            service.save_programme(tx, command, clocks.now(), actor)

    def test_there_is_no_review_without_a_programme(self, acme: House) -> None:
        actor = acme.actor("quality-manager")
        with pytest.raises(NotFound), transaction(actor) as tx:
            service.review_programme(tx, service.ReviewProgramme(2026, date(2026, 3, 2), "Fine"), clocks.now(), actor)


def test_the_pages_from_an_empty_programme_to_its_review(acme: House, browser: Opener) -> None:
    manager = browser(acme, "quality-manager")
    page = manager.get("/o/acme/audits/programme/2026")
    assert "There is no programme for 2026 yet" in page.text
    assert "Never audited in this cycle" in page.text
    manager.follow("Write the programme")
    page = manager.post_form({"objectives": "Every clause once", "risks": "- only a risk"})
    assert "Line 1 says only half" in page.text
    page = manager.post_form({"objectives": "Every clause once", "cycle_from": "2020"})
    assert "Enter a first year of the cycle from 2024 to 2026" in page.text
    page = manager.post_form({"cycle_from": "2026", "risks": "- One auditor -> train a second"})
    assert "train a second" in page.text

    manager.follow("Put an audit into the programme")
    item = {
        "title": "Call centre",
        "objectives": "See",
        "scope": "Calls",
        "first_on": "2026-03-16",
        "every_months": "3",
        "kind": "supplier",
        "checklist_id": "supplier-check",
        "lead_id": str(acme.person("internal-auditor")),
    }
    page = manager.post_form(item, action="/audits/new")
    assert "Enter who is audited" in page.text
    page = manager.post_form({**item, "auditee": "Ringwell Ltd"}, action="/audits/new")
    assert "Is made 30 days ahead" in page.text
    jobs.make_due_audits()
    page = manager.get("/o/acme/audits/programme/2026")
    assert "A-2026-001" in page.text
    page = manager.get("/o/acme/audits/A-2026-001")
    assert "Made by the audit programme: Call centre" in page.text
    assert "Ringwell Ltd" in page.text

    manager.get("/o/acme/audits/programme/2026")
    manager.follow("Record a review")
    page = manager.post_form({"conclusions": "Fit for its purpose", "held_on": "2026-03-03"})
    assert "not after today" in page.text
    page = manager.post_form({"held_on": "2026-03-02", "conclusions": "Fit for its purpose"})
    assert "Fit for its purpose" in page.text
    assert "As it stood then: planned 1" in page.text
    manager.get("/o/acme/audits/programme/1999", status=404)


def test_the_matrix_shows_the_processes_of_the_house(acme: House, browser: Opener) -> None:
    actor = acme.actor("quality-manager")
    with transaction(actor) as tx:
        command = independence.SaveProcess("Answering letters", ("iso10002-2018:7.7",))
        independence.save_process(tx, command, clocks.now(), actor)
    page = browser(acme, "internal-auditor").get("/o/acme/audits/programme/2026")
    assert "Answering letters" in page.text
    assert "Put an audit into the programme" not in page.text


def test_a_head_says_what_kind_of_audit_it_is(acme: House, books: Library) -> None:
    number = planned(acme, books, kind=AuditKind.SUPPLIER, auditee="Ringwell Ltd")
    first = planned(acme, books, kind=AuditKind.FOLLOW_UP, followed=number)
    tx = reading(acme.system)
    head = audits.plans.by_number(tx, first)
    assert (head.kind, head.state) == (AuditKind.FOLLOW_UP, State.PLANNED)
    assert audits.plans.further(tx, head.id).followed == number
    lines, _more = audits.plans.listing(tx, kind=AuditKind.SUPPLIER)
    assert [one.number for one in lines] == [number]
    assert audits.plans.team(tx, head.id)[0].role is TeamRole.LEAD
