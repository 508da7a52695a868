"""The samples tab: strata, filters of the register, the calculator, judgement picks, the script, large populations."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditkit.audits import queries, sampling
from auditkit.audits.models import AuditPick, AuditSampleDesign
from auditkit.audits.queries.samples import SampleView
from auditkit.audits.samples import jobs as sample_jobs
from auditkit.audits.samples.queries import sampling_statement
from auditkit.audits.sampling import Method, Stratify
from auditkit.audits.service.sampling import DrawSample, PickComplaint, draw_sample, pick_complaint
from auditkit.base import clock, jobs
from auditkit.base import clock as clock_module
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import BadInput, Forbidden, RuleBroken
from auditkit.complaints import service as complaints
from auditkit.complaints.checking.populations import PartUnknown
from auditkit.complaints.service import Identity
from auditkit.evidence import queries as evidence
from tests.conftest import House
from tests.factories.http import Browser
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.slices.audits.doing import own_library, started
from tests.slices.complaints.recording import assessed, do, many, registered, spread
from tests.slices.complaints_clock.timing import adopt, keep

Opener = Callable[..., Browser]
YEAR = (date(2025, 1, 1), date(2026, 12, 31))


@pytest.fixture
def number(acme: House, tmp_path: Path) -> str:
    return started(acme, own_library(tmp_path))


def drawn(house: House, number: str, **changes: Any) -> SampleView:
    actor = house.actor("internal-auditor")
    with transaction(actor) as tx:
        draw_sample(tx, replace(DrawSample(number, *YEAR), **changes), clock.now(), actor)
    return samples(house, number)[-1]


def samples(house: House, number: str) -> list[SampleView]:
    tx = reading(house.system)
    head = queries.plans.by_number(tx, number)
    return queries.samples.of_audit(tx, head, queries.plans.team(tx, head.id))


def audit_id(house: House, number: str) -> int:
    return queries.plans.by_number(reading(house.system), number).id


def test_a_stratified_sample_gives_each_group_its_share(acme: House, number: str, tmp_path: Path) -> None:
    handler = acme.actor("complaint-handler")
    for site, count in (("North", 12), ("South", 5), ("", 3)):
        for _number in range(count):
            registered(handler, site=site)
    sample = drawn(acme, number, method=Method.STRATIFIED, by=Stratify.SITE, size=7, reason="Pilot")
    assert [(one.name, one.population, one.size) for one in sample.strata] == [
        ("", 3, 1),
        ("North", 12, 4),
        ("South", 5, 2),
    ]
    assert [one.stratum for one in sample.items] == [""] + ["North"] * 4 + ["South"] * 2
    assert (sample.method, sample.stratified_by, sample.size) == (Method.STRATIFIED, "site", 7)

    script, kept = tmp_path / "redraw.py", tmp_path / "S1.json"
    script.write_bytes(Path(sample_jobs.__file__).with_name("redraw.py").read_bytes())
    kept.write_bytes(b"".join(evidence.open_stream(reading(acme.system), sample.record.digest)))
    done = subprocess.run([sys.executable, "-I", str(script), str(kept)], capture_output=True, text=True)
    assert (done.returncode, done.stdout.count("agrees")) == (0, 3), done.stdout + done.stderr


@pytest.mark.parametrize("by", list(Stratify))
def test_every_way_to_divide_gives_at_least_one_of_each_group(acme: House, number: str, by: Stratify) -> None:
    handler = acme.actor("complaint-handler")
    for place in range(6):
        registered(
            handler,
            severity=("low", "high", "")[place % 3],
            channel=("phone", "e-mail")[place % 2],
            complainant=complaints.Identity("Ana", "ana@example.org" if place < 2 else f"{place}@example.org"),
        )
    sample = drawn(acme, number, method=Method.STRATIFIED, by=by, size=5, reason="All groups")
    assert sum(one.population for one in sample.strata) == 6
    assert all(one.size >= 1 for one in sample.strata)
    wanted = {Stratify.SEVERITY: 3, Stratify.CHANNEL: 2, Stratify.REPEAT: 2}
    assert len(sample.strata) == wanted.get(by, 1)


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("by", "strata"),
    [
        (Stratify.OUTCOME, [("", 4, 2), ("rejected", 1, 1), ("upheld", 2, 1)]),
        (Stratify.AGE, [("0-7", 3, 1), ("31-60", 2, 1), ("61-", 1, 1), ("8-30", 1, 1)]),
    ],
)
def test_outcomes_and_ages_are_groups(
    acme: House, number: str, by: Stratify, strata: list[tuple[str, int, int]], clock: FrozenClock
) -> None:
    handler, now = acme.actor("complaint-handler"), clock_module.now()
    for outcome in ("upheld", "upheld", "rejected"):
        reference = assessed(handler, received_at=now)
        do(handler, complaints.decide, complaints.Decide, reference, outcome, "As the film shows", told_channel="phone")
    for days in (8, 31, 60, 61):
        registered(handler, received_at=now - timedelta(days=days))
    sample = drawn(acme, number, method=Method.STRATIFIED, by=by, size=4, reason="All groups")
    assert [(one.name, one.population, one.size) for one in sample.strata] == strata
    upheld = drawn(acme, number, method=Method.ALL, filters={"outcome": "upheld"})
    assert upheld.size == 2


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        ({"kind": "suggestion"}, {3}),
        ({"channel": "phone"}, {0, 2, 4}),
        ({"severity": "high"}, {1}),
        ({"category": "delivery"}, {2}),
        ({"site": "North"}, {4}),
        ({"stage": "acknowledged"}, {5}),
        ({"stage": "open"}, {0, 1, 2, 3, 4, 5}),
        ({"repeat": "yes"}, {0, 1}),
        ({"safety": "yes"}, {6 - 1} - {5}),
        ({"channel": "phone", "site": "North"}, {4}),
    ],
)
def test_a_population_is_what_the_filters_of_the_register_say(
    acme: House, number: str, filters: dict[str, str], places: set[int]
) -> None:
    handler = acme.actor("complaint-handler")
    different: list[dict[str, Any]] = [
        {},
        {"severity": "high"},
        {"category": "delivery"},
        {"kind": "suggestion"},
        {"site": "North"},
        {},
    ]
    references = [
        registered(
            handler,
            channel=("phone", "e-mail")[place % 2],
            complainant=complaints.Identity("Ana", "ana@example.org" if place < 2 else ""),
            **fields,
        )
        for place, fields in enumerate(different)
    ]
    do(handler, complaints.acknowledge, complaints.Acknowledge, references[5])
    if not places:
        with pytest.raises(sampling.PopulationEmpty):
            drawn(acme, number, method=Method.ALL, filters=filters)
        return
    sample = drawn(acme, number, method=Method.ALL, filters=filters)
    assert {one.reference for one in sample.items} == {references[place] for place in places}
    assert dict(sample.filters) == filters


def test_words_owner_deputy_due_dates_and_imports_narrow_a_population_too(
    acme: House, number: str, clock: FrozenClock
) -> None:
    handler, manager = acme.actor("complaint-handler"), acme.actor("quality-manager")
    keep(acme)
    adopt(acme)
    parcel = registered(
        handler, "Parcel came broken", complainant=Identity("Mara Lind"), received_at=clock_module.now()
    )
    late = registered(handler, "Nobody calls about the PARÇEL", received_at=clock_module.now())
    calm = registered(handler, "Lights", received_at=clock_module.now())
    do(handler, complaints.assign, complaints.Assign, late, manager.person_id, handler.person_id)
    do(handler, complaints.acknowledge, complaints.Acknowledge, calm)
    for filters, expected in (
        ({"words": "parcel"}, {parcel, late}),
        ({"words": "broken parcel"}, {parcel}),
        ({"owner": str(manager.person_id)}, {late}),
        ({"owner": "nobody"}, {parcel, calm}),
        ({"deputy": str(handler.person_id), "words": "call"}, {late}),
        ({"due": "kept"}, {parcel, late, calm}),
    ):
        sample = drawn(acme, number, method=Method.ALL, filters=filters)
        assert {one.reference for one in sample.items} == expected, filters
    clock.advance(days=30)
    assert {one.reference for one in drawn(acme, number, method=Method.ALL, filters={"due": "missed"}).items} >= {
        parcel,
        late,
    }
    # nobody is found by who complained, another organisation's import is none of ours, and nonsense is refused
    for filters in ({"words": "Mara"}, {"import_run": "7"}):
        with pytest.raises(sampling.PopulationEmpty):
            drawn(acme, number, filters=filters)
    for filters in ({"words": "-–"}, {"owner": "me"}, {"import_run": "-1"}, {"due": "soon"}):
        with pytest.raises(PartUnknown):
            drawn(acme, number, filters=filters)
    (said, *_others) = sampling_statement(reading(acme.system), audit_id(acme, number)).samples[2:]
    assert said.filters == "Owner: quality-manager of acme"


def test_only_those_flagged_for_safety_now(acme: House, number: str) -> None:
    handler = acme.actor("complaint-handler")
    references = [registered(handler) for _number in range(3)]
    for reference, flags in zip(references, ([True], [True, False], []), strict=True):
        do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
        for flag in flags:
            do(handler, complaints.assess, complaints.Assess, reference, "high", "simple", "one", safety=flag)
    sample = drawn(acme, number, method=Method.ALL, filters={"safety": "yes"})
    assert [one.reference for one in sample.items] == references[:1]
    strata = drawn(acme, number, method=Method.STRATIFIED, by=Stratify.SAFETY, size=3, reason="x").strata
    assert [(one.name, one.population) for one in strata] == [("", 1), ("no", 1), ("yes", 1)]


def test_what_no_filter_knows_is_refused(acme: House, number: str) -> None:
    registered(acme.actor("complaint-handler"))
    for filters in ({"colour": "red"}, {"severity": "dire"}, {"stage": "lost"}, {"level": "9"}):
        with pytest.raises(PartUnknown):
            drawn(acme, number, filters=filters)
    assert samples(acme, number) == []


def test_picks_stand_apart_and_are_never_counted(acme: House, number: str) -> None:
    handler, actor = acme.actor("complaint-handler"), acme.actor("internal-auditor")
    references = [registered(handler) for _number in range(12)]
    sample = drawn(acme, number, method=Method.RANDOM, size=3, reason="Pilot")
    other = next(one for one in references if one not in {item.reference for item in sample.items})

    def pick(reference: str, reason: str) -> None:
        with transaction(actor) as tx:
            pick_complaint(tx, PickComplaint(number, reference, reason), clock.now(), actor)

    pick(f" {other} ", "The press wrote about it")
    for reference, reason, refusal in (
        (other, "Again", sampling.PickedBefore),
        (references[0], " ", sampling.PickReasonMissing),
        ("C-1999-000001", "Gone", sampling.PickUnknown),
    ):
        with pytest.raises(refusal):
            pick(reference, reason)
    with pytest.raises(Forbidden), transaction(acme.actor("complaint-handler")) as tx:
        pick_complaint(tx, PickComplaint(number, other, "Mine"), clock.now(), acme.actor("complaint-handler"))
    said = sampling_statement(reading(acme.system), audit_id(acme, number))
    assert [(one.reference, one.reason) for one in said.picks] == [(other, "The press wrote about it")]
    assert "no rate is taken from them" in said.picks_allow
    assert (said.drawn, said.samples[0].population, said.samples[0].size) == (3, 12, 3)
    assert said.samples[0].seed_hash == sampling.commitment(said.samples[0].seed)
    assert "3 were drawn at random" in said.samples[0].allows
    assert "63.2 per cent" in said.samples[0].allows, "1 - 0.05 ** (1/3)"


def test_what_a_sample_allows_to_say(acme: House, number: str) -> None:
    handler = acme.actor("complaint-handler")
    for place in range(14):
        registered(handler, severity="critical" if place < 2 else "low")
    drawn(acme, number, method=Method.ALL)
    drawn(acme, number)
    drawn(acme, number, method=Method.STRATIFIED, by=Stratify.SEVERITY, size=4, reason="x")
    allows = [one.allows for one in sampling_statement(reading(acme.system), audit_id(acme, number)).samples]
    assert "without any estimate" in allows[0]
    assert "All critical complaints (2)" in allows[1]
    assert "Of the others 8 were drawn" in allows[1]
    assert "groups with a single file are shown, not measured" in allows[2]


def test_the_calculator_fills_in_the_form_and_its_words_stand_in_the_report(
    acme: House, browser: Opener, number: str
) -> None:
    many(acme.id, spread(acme.id, 80))
    auditor = browser(acme, "internal-auditor")
    page = auditor.get(f"/o/acme/audits/{number}/samples?confidence=95&tolerable=10&expected=0&population=80")
    assert "22 files" in page.text
    form = page.form("/samples")
    assert form.find("input", {"name": "size"})["value"] == "22"
    page = auditor.post_form({"received_from": "2025-01-01", "received_to": "2026-12-31"}, action="/samples")
    (sample,) = samples(acme, number)
    assert (sample.size, dict(sample.sizing)["tolerable"]) == (22, 10.0)
    assert "no more than 10 per cent of the population" in page.text
    assert "Enter a tolerable rate between" in auditor.get(f"/o/acme/audits/{number}/samples?tolerable=90").text
    assert "well below" in auditor.get(f"/o/acme/audits/{number}/samples?tolerable=5&expected=4.9").text


def test_a_pick_is_made_on_the_page_and_opens_its_test(acme: House, browser: Opener, number: str) -> None:
    reference = registered(acme.actor("complaint-handler"))
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/samples")
    page = auditor.post_form({"reference": "C-1", "reason": "Odd"}, action="/picks")
    assert "no complaint C-1" in page.text
    page = auditor.post_form({"reference": reference, "reason": "Odd"}, action="/picks")
    assert page.soup.find(id="picks").find("a", href=f"/o/acme/audits/{number}/files/{reference}")
    assert "0 of 1 files tested" in page.text


def test_the_script_is_handed_out(acme: House, browser: Opener) -> None:
    response = browser(acme, "internal-auditor").get("/o/acme/audits/redraw.py").response
    assert response.headers["Content-Disposition"] == "attachment; filename=redraw.py"
    assert b"def redraw(record)" in response.get_data()


def test_a_large_population_is_drawn_by_a_worker(
    acme: House, browser: Opener, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_jobs, "AT_ONCE", 20)
    many(acme.id, spread(acme.id, 40))
    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/{number}/samples")
    page = auditor.post_form(
        {
            "received_from": "2025-01-01",
            "received_to": "2026-12-31",
            "method": "random",
            "size": "6",
            "reason": "Pilot",
        },
        action="/samples",
    )
    assert "Drawing a sample" in page.text
    assert samples(acme, number) == []
    assert jobs.run_next()
    (sample,) = samples(acme, number)
    assert (sample.size, sample.population_size, sample.reason) == (6, 40, "Pilot")


def test_a_wish_survives_being_kept_for_a_worker() -> None:
    command = DrawSample(
        "A-1",
        *YEAR,
        size=7,
        reason="x",
        method=Method.STRATIFIED,
        by=Stratify.AGE,
        filters={"site": "N"},
        sizing={"size": 7},
    )
    assert sample_jobs.wish(json.loads(json.dumps(sample_jobs.payload(command)))) == command


def test_an_incomplete_wish_is_refused_before_a_worker_is_asked(acme: House, number: str) -> None:
    registered(acme.actor("complaint-handler"))
    for changes in ({"method": Method.RANDOM}, {"method": Method.STRATIFIED, "size": 1, "reason": "x"}):
        with pytest.raises((BadInput, RuleBroken)):
            drawn(acme, number, **changes)


def test_impossible_designs_and_picks_are_refused_by_the_database(acme: House, number: str) -> None:
    registered(acme.actor("complaint-handler"))
    sample = drawn(acme, number)
    design = {
        "organisation_id": acme.id,
        "sample_id": sample.id,
        "method": "random",
        "filters": {},
        "stratified_by": "",
        "strata": [],
        "sizing": {},
    }
    table = AuditSampleDesign.__table__
    refuses(table, "method_known", {**design, "method": "by feeling"})
    refuses(table, "strata_known", {**design, "method": "stratified", "stratified_by": "mood"})
    refuses(table, "stratified_by_something", {**design, "stratified_by": "site"})
    pick = {
        "organisation_id": acme.id,
        "audit_id": audit_id(acme, number),
        "complaint_id": 1,
        "reference": "C-1",
        "reason": "Odd",
        "evidence_file_id": sample.record.id,
        "picked_at": clock.now(),
    }
    table = AuditPick.__table__
    refuses(table, "pick_has_reason", {**pick, "reason": ""})
    refuses(table, "names_complaint", {**pick, "reference": ""})
    accepts(table, pick)
    for statement in ("UPDATE audit_pick SET reason = 'x'", "DELETE FROM audit_sample_design"):
        trigger_refuses(statement, "stands as it is")
