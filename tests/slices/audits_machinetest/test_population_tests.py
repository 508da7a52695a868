"""Machine tests kept with an audit: results, list, CSV, finding, worker, database."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import queries
from auditkit.audits.machinetest import jobs as machine_jobs
from auditkit.audits.machinetest import queries as machinetests
from auditkit.audits.machinetest import rules
from auditkit.audits.machinetest.examining import PopulationWish
from auditkit.audits.machinetest.models import AuditMachineRun
from auditkit.audits.machinetest.service import run_tests
from auditkit.audits.sampling import Population, SamplePeriodReversed
from auditkit.base import clock, jobs
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints.checking import machine, populations
from auditkit.complaints.checking.machine import Check
from auditkit.evidence import queries as evidence
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.slices.audits.doing import own_library, planned, started
from tests.slices.audits_samples.test_samples_tab import YEAR, audit_id
from tests.slices.complaints.recording import decided, many, raw, registered, spread

Opener = Callable[..., Browser]


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


def kept(house: House, number: str, **changes: Any) -> machinetests.RunView:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        serial = run_tests(tx, PopulationWish(number, *YEAR, **changes), clock.now(), actor)
    return machinetests.run(reading(house.system), audit_id(house, number), serial)


def test_what_was_found_is_kept_with_its_population(acme: House, number: str) -> None:
    handler = acme.actor("complaint-handler")
    references = [registered(handler, "<b>=cmd</b>") for _number in range(3)]
    untold = decided(handler, told="")
    found = kept(acme, number)
    assert found.result(Check.TOLD).exceptions == 1
    assert found.result(Check.OWNED).exceptions == 3
    assert found.population_digest == Population.closed([*references, untold]).digest
    record = json.loads(b"".join(evidence.open_stream(reading(acme.system), found.record.digest)))["record"]
    assert record["exceptions"]["told"] == [untold]
    assert record["population"]["references"] == sorted([*references, untold])
    assert machinetests.exceptions(reading(acme.system), found, Check.TOLD) == [untold]
    assert kept(acme, number, filters={"stage": "received"}).population_size == 3
    assert [one.serial for one in machinetests.runs(reading(acme.system), audit_id(acme, number))] == [2, 1]


def test_impossible_runs_are_refused(acme: House, number: str, tmp_path: Path) -> None:
    actor = acme.actor("internal-auditor")
    registered(acme.actor("complaint-handler"))
    for wish, refusal in (
        (PopulationWish(number, YEAR[1], YEAR[0]), SamplePeriodReversed),
        (PopulationWish(number, date(2001, 1, 1), date(2001, 1, 2)), rules.PopulationTestEmpty),
        (PopulationWish("A-2026-099", *YEAR), NotFound),
        (PopulationWish(planned(acme, own_library(tmp_path / "other")), *YEAR), rules.PopulationTestNotRunning),
    ):
        with pytest.raises(refusal), transaction(actor) as tx:
            run_tests(tx, wish, clock.now(), actor)
    with pytest.raises(Forbidden), transaction(acme.actor("quality-manager")) as tx:
        run_tests(tx, PopulationWish(number, *YEAR), clock.now(), acme.actor("quality-manager"))
    with pytest.raises(NotFound):
        machinetests.place(reading(acme.system), 99)
    with pytest.raises(NotFound):
        machinetests.run(reading(acme.system), audit_id(acme, number), 99)


def test_the_page_runs_them_lists_exceptions_and_raises_a_finding(acme: House, browser: Opener, number: str) -> None:
    handler = acme.actor("complaint-handler")
    references = [decided(handler, told="", subject="=1+1") for _number in range(3)]
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/population")
    page = auditor.post_form({"received_from": "2026-12-31", "received_to": "2026-01-01"}, action="/population")
    assert "not before the first day" in page.text
    page = auditor.post_form({"received_from": "2026-01-01", "received_to": "2026-12-31"}, action="/population")
    assert "Run 1: 3 complaints" in page.text
    row = next(row for row in page.soup.find(id="run-1").find_all("tr") if "Decision was told" in row.get_text())
    assert "0.0 % of 3" in row.get_text(" ", strip=True)
    page = auditor.get(f"/o/acme/audits/{number}/population/1/told")
    assert "3 exceptions of 3 complaints" in page.text
    assert page.soup.find("a", href=f"/o/acme/complaints/{references[0]}")
    assert "1 to 3 of 3" in page.text
    response = auditor.get(f"/o/acme/audits/{number}/population/1/told.csv").response
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == references
    assert rows[1][-1] == "'=1+1"
    page = auditor.get(f"/o/acme/audits/{number}/population/1/told")
    auditor.get(page.soup.select_one("a[href*='findings/new']")["href"])
    page = auditor.post_form(action="/findings/new")
    assert "was raised" in page.text
    (finding,) = queries.findings.of_audit(reading(acme.system), audit_id(acme, number))
    assert finding.origin == "population"
    assert references[0] in finding.evidence
    assert machinetests.run(reading(acme.system), audit_id(acme, number), 1).record.digest in finding.evidence
    auditor.get(f"/o/acme/audits/{number}/population/1/nonsense", status=404)
    auditor.get(f"/o/acme/audits/{number}/population/9/told", status=404)


def test_a_large_population_is_left_to_a_worker(
    acme: House, browser: Opener, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_jobs, "AT_ONCE", 20)
    many(acme.id, spread(acme.id, 120))
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/population")
    page = auditor.post_form({"received_from": "2020-01-01", "received_to": "2027-12-31"}, action="/population")
    assert "Testing a whole population" in page.text
    assert jobs.run_next()
    found = machinetests.run(reading(acme.system), audit_id(acme, number), 1)
    assert found.population_size == 120
    assert found.result(Check.OWNED).exceptions == 120
    page = auditor.get(f"/o/acme/audits/{number}/population/1/owned?from=100")
    assert "101 to 120 of 120" in page.text


def test_how_far_it_is_is_told_portion_by_portion_while_others_write(
    acme: House, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditkit.complaints.checking.machine.running.PORTION", 30)
    many(acme.id, spread(acme.id, 100))
    wanted = populations.part(date(2020, 1, 1), date(2027, 12, 31), {})
    before = {one.test: one for one in machine.run(reading(acme.system), wanted, clock.now())}
    listed = machine.exception_references(reading(acme.system), wanted, clock.now())
    told = list[float]()

    def progress(share: float) -> None:
        told.append(share)
        # the register is not held while it is examined, and what comes in meanwhile is no part of the population
        many(acme.id, [raw(acme.id, 100 + len(told))])

    wish = PopulationWish(number, wanted.received_from, wanted.received_to)
    machine_jobs.run(machine_jobs.payload(wish), acme.actor("internal-auditor"), progress)
    assert len(told) >= 4
    assert told == sorted(told)
    assert told[-1] == 1.0
    found = machinetests.run(reading(acme.system), audit_id(acme, number), 1)
    assert found.population_size == 100
    assert {check: found.result(check) for check in Check} == before
    assert machinetests.exceptions(reading(acme.system), found, Check.OWNED) == listed[Check.OWNED]


def test_a_kept_run_stands(acme: House, number: str) -> None:
    registered(acme.actor("complaint-handler"))
    found = kept(acme, number)
    values = {
        "organisation_id": acme.id,
        "audit_id": audit_id(acme, number),
        "serial": 7,
        "received_from": YEAR[0],
        "received_to": YEAR[1],
        "filters": {},
        "population_size": 1,
        "population_digest": "a" * 64,
        "results": {},
        "record_file_id": found.record.id,
        "run_at": clock.now(),
    }
    table = AuditMachineRun.__table__
    refuses(table, "serial_counts_from_one", {**values, "serial": 0})
    refuses(table, "received_forwards", {**values, "received_to": date(2020, 1, 1)})
    refuses(table, "population_not_empty", {**values, "population_size": 0})
    refuses(table, "digests_are_sha256", {**values, "population_digest": "a"})
    accepts(table, values)
    for statement in ("UPDATE audit_machine_run SET serial = 9", "DELETE FROM audit_machine_run"):
        trigger_refuses(statement, "stands as it is")
