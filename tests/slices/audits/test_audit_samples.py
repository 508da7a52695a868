"""Samples of complaints: drawn from the real register, captured, redrawn by a stranger's script, kept for good."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from auditkit.accounts.queries import organisation_by_slug
from auditkit.audits import queries, sampling, service
from auditkit.audits.models import AuditSample, AuditSampleItem
from auditkit.audits.queries.samples import SampleView
from auditkit.audits.rules import TeamRole
from auditkit.audits.samples import redraw
from auditkit.audits.sampling import Population, Rule
from auditkit.base import clock as clocks
from auditkit.base.actor import Actor
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, separate_scope, transaction
from auditkit.base.errors import BadInput, Forbidden, NotFound
from auditkit.base.ids import digest
from auditkit.complaints import queries as complaint_queries
from auditkit.complaints import service as complaints
from auditkit.complaints.checking import populations
from auditkit.complaints.service import Identity
from auditkit.content.library import Library, shared
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.journal import queries as journal
from auditkit.packs.definitions import definition
from auditkit.packs.gathering import Seen, gather
from tests.conftest import PROJECT, House
from tests.factories.refusals import accepts, refuses, trigger_refuses
from tests.factories.statements import statements
from tests.slices.audits.doing import answer, own_library, planned, reported, started
from tests.slices.complaints.recording import do, many, registered, spread

YEAR = (date(2025, 1, 1), date(2026, 12, 31))
MASKED = "Mara Lind"


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path)


@pytest.fixture
def number(acme: House, books: Library) -> str:
    """A running audit, led by the internal auditor."""
    return started(acme, books)


def _complaints(house: House, count: int, **fields: Any) -> list[str]:
    handler = house.actor("complaint-handler")
    return [registered(handler, f"Case {n}", complainant=Identity(MASKED), **fields) for n in range(count)]


def _draw(house: House, number: str, actor: Actor | None = None, **changes: Any) -> int:
    actor = actor or house.actor("internal-auditor")
    command = replace(service.DrawSample(number, *YEAR), **changes)
    with transaction(actor) as tx:
        return int(service.draw_sample(tx, command, clocks.now(), actor))


def _samples(house: House, number: str) -> list[SampleView]:
    tx = reading(house.system)
    head = queries.plans.by_number(tx, number)
    return queries.samples.of_audit(tx, head, queries.plans.team(tx, head.id))


def _bytes(house: House, file: evidence.File) -> bytes:
    return b"".join(evidence.open_stream(reading(house.system), file.digest))


def _record(house: House, file: evidence.File) -> dict[str, Any]:
    return dict(json.loads(_bytes(house, file))["record"])


def test_all_critical_and_the_root_of_the_others_are_drawn_and_captured(acme: House, number: str) -> None:
    others = _complaints(acme, 14, severity="low")
    critical = _complaints(acme, 2, severity="critical")
    _complaints(acme, 3, received_at=datetime(2024, 12, 31, 23, 59, tzinfo=UTC))
    assert _draw(acme, number) == 1

    (sample,) = _samples(acme, number)
    assert (sample.rule, sample.population_size, sample.always_size, sample.size) == (Rule.CRITICAL_AND_ROOT, 16, 2, 10)
    assert {one.reference for one in sample.items[:2]} == set(critical)
    assert [one.always for one in sample.items] == [True] * 2 + [False] * 8
    assert {one.reference for one in sample.items[2:]} < set(others)
    population = Population.closed([*others, *critical], critical)
    assert sample.population_digest == population.digest
    assert [one.reference for one in sampling.draw(population, sample.seed, 10)] == [
        one.reference for one in sample.items
    ]
    for item in sample.items:
        text = _bytes(acme, item.file).decode()
        assert digest(text.encode()) == item.file.digest
        assert MASKED not in text
        record = _record(acme, item.file)
        assert (record["reference"], record["complainant"]) == (item.reference, "withheld")
        assert item.file.period == (date(2026, 1, 5), date(2026, 1, 5))


def test_seed_committed_then_population_closed_then_seed_revealed(
    acme: House, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can choose a seed for a population, nor a population for a seed: looked at while it happens."""
    _complaints(acme, 3)
    head = queries.plans.by_number(reading(acme.system), number)
    on_record: list[tuple[str, dict[str, Any]]] = []
    read = populations.members

    def looked_at(tx: Any, *arguments: Any) -> Any:
        on_record.extend((one.event, one.facts) for one in journal.timeline(tx, acme.id, ("audit", head.id)))
        return read(tx, *arguments)

    monkeypatch.setattr(populations, "members", looked_at)
    _draw(acme, number)
    (sample,) = _samples(acme, number)
    tx = reading(acme.system)
    head = queries.plans.by_number(tx, number)
    drawn, closed, committed = journal.timeline(tx, acme.id, ("audit", head.id))[:3]
    assert [committed.event, closed.event, drawn.event] == [
        "audit:seed-committed", "audit:population-closed", "audit:sample-drawn",
    ]  # fmt: skip
    # When the members of the population were read, the seed's hash was on record, and the seed itself nowhere
    assert on_record[0] == ("audit:seed-committed", {"number": number, "seed_sha256": sample.seed_hash})
    assert sample.seed not in str(on_record)
    assert sample.seed not in str(closed.facts)
    assert closed.facts["population_sha256"] == sample.population_digest
    assert committed.facts == {"number": number, "seed_sha256": sampling.commitment(sample.seed)}
    assert drawn.facts["seed"] == sample.seed
    assert drawn.facts["population_sha256"] == sample.population_digest
    assert (drawn.facts["population"], drawn.facts["size"]) == (3, 3)
    assert journal.verify(tx, acme.id).bad is None
    # Between the last two: what was captured and attached, the record of the draw and three complaints.
    assert closed.seq - committed.seq == 1
    assert drawn.seq - closed.seq == 1 + 2 * (1 + 3)


def test_two_draws_have_seeds_of_their_own(acme: House, number: str) -> None:
    _complaints(acme, 30)
    assert [_draw(acme, number), _draw(acme, number)] == [1, 2]
    first, second = _samples(acme, number)
    assert first.seed != second.seed
    assert first.population_digest == second.population_digest
    assert [one.reference for one in first.items] != [one.reference for one in second.items]
    twice = {one.reference: one.file.id for one in first.items}
    assert all(twice.get(one.reference, one.file.id) == one.file.id for one in second.items), "unchanged: one file"


def test_a_number_of_ones_own_with_its_reason_and_a_stage(acme: House, number: str) -> None:
    handler = acme.actor("complaint-handler")
    seen = _complaints(acme, 4, severity="critical")
    for reference in seen[:3]:
        do(handler, complaints.acknowledge, complaints.Acknowledge, reference)
    _draw(acme, number, stage="acknowledged", size=2, reason="Pilot")
    (sample,) = _samples(acme, number)
    assert (sample.rule, sample.reason, sample.stage) == (Rule.NUMBER, "Pilot", "acknowledged")
    assert (sample.population_size, sample.always_size, sample.size) == (3, 0, 2)
    assert {one.reference for one in sample.items} < set(seen[:3])
    _draw(acme, number, size=50, reason="Everything")
    assert _samples(acme, number)[1].size == 4


def test_what_was_captured_stays_when_the_complaint_changes(acme: House, number: str, clock: FrozenClock) -> None:
    (reference,) = _complaints(acme, 1)
    _draw(acme, number)
    (before,) = _samples(acme, number)
    clock.advance(days=1)
    do(acme.actor("complaint-handler"), complaints.acknowledge, complaints.Acknowledge, reference)
    (after,) = _samples(acme, number)
    assert after == before
    assert _record(acme, after.items[0].file)["stage"] == "received"
    assert complaint_queries.by_reference(reading(acme.system), reference).stage == "acknowledged"
    assert evidence.is_intact(reading(acme.system), after.items[0].file.digest)


def test_a_stranger_draws_it_again_with_the_script_of_the_docs(acme: House, number: str, tmp_path: Path) -> None:
    _complaints(acme, 20)
    _complaints(acme, 2, severity="critical")
    _draw(acme, number)
    (sample,) = _samples(acme, number)
    text = (PROJECT / "docs" / "checking-a-pack.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(import hashlib.*?)```", text, re.DOTALL)
    shipped = Path(redraw.__file__).read_text(encoding="utf-8")
    assert script == shipped[shipped.index("import hashlib") :], "the docs show the script that is handed out"
    assert len([line for line in script.splitlines() if line.strip()]) <= 34, "to be read on one page"
    (tmp_path / "redraw.py").write_text(script, encoding="utf-8")
    kept = tmp_path / "sample.json"

    def run(content: bytes) -> subprocess.CompletedProcess[str]:
        kept.write_bytes(content)
        command = [sys.executable, "-I", "-X", "utf8", str(tmp_path / "redraw.py"), str(kept)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    content = _bytes(acme, sample.record)
    good = run(content)
    assert (good.returncode, good.stdout.count(": agrees"), good.stderr) == (0, 3, "")

    def bent(change: Any) -> bytes:
        data = json.loads(content)
        change(data["record"])
        return json.dumps(data).encode()

    bends: dict[str, Any] = {
        "seed_sha256": lambda record: record.update(seed_sha256="0" * 64),
        "population_sha256": lambda record: record["population"]["references"].append("C-2026-999999"),
        "drawn": lambda record: record["drawn"].reverse(),
    }
    for what, change in bends.items():
        bad = run(bent(change))
        assert bad.returncode == 1
        assert f"{what}: DOES NOT AGREE" in bad.stdout


def test_complaints_that_the_team_handled_are_marked(acme: House, books: Library, clock: FrozenClock) -> None:
    mine, theirs, seen = _complaints(acme, 3)
    administrator, auditor = acme.actor("administrator"), acme.actor("internal-auditor")
    team = (
        (acme.person("internal-auditor"), TeamRole.LEAD),
        (acme.person("administrator"), TeamRole.AUDITOR),
        (acme.person("complaint-handler"), TeamRole.OBSERVER),
    )
    number = planned(acme, books, team=team)
    with transaction(auditor) as tx:
        service.start(tx, service.StartAudit(number), clocks.now(), auditor, library=books)
    do(administrator, complaints.acknowledge, complaints.Acknowledge, mine)
    do(acme.actor("quality-manager"), complaints.acknowledge, complaints.Acknowledge, theirs)
    with transaction(administrator) as tx:
        complaints.read_identity(tx, complaints.ReadIdentity(seen), clocks.now(), administrator)
    _draw(acme, number)

    (sample,) = _samples(acme, number)
    assert {one.reference: one.handled_by for one in sample.handled} == {mine: (acme.person("administrator"),)}
    clock.advance(days=1)
    do(administrator, complaints.acknowledge, complaints.Acknowledge, seen)  # after the draw counts as well
    assert {one.reference for one in _samples(acme, number)[0].handled} == {mine, seen}

    for position, name in ((1, "good"), (2, "good"), (3, "open")):
        answer(acme, number, position, name, "Nobody was there" if name == "open" else "")
    with transaction(auditor) as tx:
        service.report(tx, service.ReportAudit(number, "Shut"), clocks.now(), auditor)
    clock.advance(days=1)
    do(administrator, complaints.acknowledge, complaints.Acknowledge, _complaints(acme, 1)[0])
    do(administrator, complaints.assess, complaints.Assess, theirs, "low", "simple", "one")
    assert {one.reference for one in _samples(acme, number)[0].handled} == {mine, seen}, "the report tells of before"


def test_samples_are_drawn_while_the_audit_runs_only(acme: House, books: Library) -> None:
    _complaints(acme, 2)
    for number in (planned(acme, books), reported(acme, books)):
        with pytest.raises(sampling.SampleNotRunning):
            _draw(acme, number)
        assert _samples(acme, number) == []


def test_a_refused_draw_leaves_nothing(acme: House, number: str) -> None:
    _complaints(acme, 2)
    before = journal.head_about_records(reading(acme.system), acme.id)
    for refusal, changes in (
        (sampling.PopulationEmpty, {"received_from": date(2020, 1, 1), "received_to": date(2020, 12, 31)}),
        (sampling.PopulationEmpty, {"stage": "closed"}),
        (sampling.SamplePeriodReversed, {"received_to": date(2024, 12, 31)}),
        (sampling.SampleReasonMissing, {"size": 1}),
        (BadInput, {"stage": "lost"}),
        (NotFound, {"number": "A-2026-777"}),
    ):
        with pytest.raises(refusal):
            _draw(acme, **{"number": number, **changes})  # type: ignore[arg-type]  # each a field of the command
    for role in ("quality-manager", "complaint-handler", "staff"):
        with pytest.raises(Forbidden):
            _draw(acme, number, acme.actor(role))
    assert _samples(acme, number) == []
    assert journal.head_about_records(reading(acme.system), acme.id) == before


def test_organisations_draw_from_their_own_register_only(
    acme: House, globex: House, books: Library, number: str
) -> None:
    _complaints(acme, 3)
    _draw(acme, number)
    (sample,) = _samples(acme, number)
    with separate_scope():
        assert started(globex, books) == number  # every organisation counts for itself
        with pytest.raises(sampling.PopulationEmpty):
            _draw(globex, number)
        assert _samples(globex, number) == []
        with pytest.raises(NotFound):
            queries.samples.place(reading(globex.system), sample.id)
        with pytest.raises(NotFound):
            evidence.by_digest(reading(globex.system), sample.record.digest)
        _complaints(globex, 1)
        _draw(globex, number)
        (theirs,) = _samples(globex, number)
        assert (theirs.population_size, len(theirs.items)) == (1, 1)


def test_a_file_detached_from_the_sample_is_shown_all_the_same(acme: House, number: str) -> None:
    _complaints(acme, 2)
    _draw(acme, number)
    (before,) = _samples(acme, number)
    auditor = acme.actor("internal-auditor")
    with transaction(auditor) as tx:
        command = evidence_service.Unlink(before.items[0].file.id, (queries.samples.SUBJECT, before.id))
        evidence_service.unlink(tx, command, clocks.now(), auditor)
    assert _samples(acme, number)[0] == before


def test_a_sample_of_any_size_is_read_in_five_statements(acme: House, number: str) -> None:
    many(acme.id, spread(acme.id, 400))
    _draw(acme, number)
    _draw(acme, number, size=60, reason="More")
    tx = reading(acme.system)
    head = queries.plans.by_number(tx, number)
    team = queries.plans.team(tx, head.id)
    with statements() as sent:
        samples = queries.samples.of_audit(tx, head, team)
    assert [one.size for one in samples] == [20, 60]
    assert len(sent) == 5, sent


def test_packs_find_the_samples_of_a_period(acme: House, number: str) -> None:
    _complaints(acme, 2)
    _draw(acme, number)
    (sample,) = _samples(acme, number)
    tx = reading(acme.system)
    assert (queries.samples.SUBJECT, sample.id) in queries.registers.subjects(tx, date(2026, 3, 1), date(2026, 3, 31))
    assert queries.samples.place(tx, sample.id) == (number, 1)


def test_a_pack_holds_the_draw_and_names_the_captured_complaints_as_left_out(acme: House, number: str) -> None:
    _complaints(acme, 2)
    _draw(acme, number)
    (sample,) = _samples(acme, number)
    tx = reading(acme.system)
    organisation = organisation_by_slug(tx, acme.slug)
    draft = gather(tx, definition("internal-audit"), organisation, date(2026, 3, 1), date(2026, 3, 31), shared())
    files = [item.content.file for item in draft.items if isinstance(item.content, Seen)]
    assert [file.digest for file in files] == [sample.record.digest]
    (left_out,) = [gap for gap in draft.left_out if gap.part == "captured-complaints"]
    assert left_out.what == f"2 captured complaints of sample 1 of audit {number}"


# --- tables ----------------------------------------------------------------------------------------------------

SAMPLE = {
    "serial": 1,
    "received_from": date(2026, 1, 1),
    "received_to": date(2026, 1, 31),
    "seed": "s" * 43,
    "seed_hash": "0" * 64,
    "population_digest": "1" * 64,
    "population_size": 12,
    "always_size": 2,
    "size": 10,
    "rule": "critical-and-root",
    "drawn_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
}
OWN_NUMBER = {"rule": "number", "reason": "Pilot", "always_size": 0}
IMPOSSIBLE_SAMPLES = [
    ("serial_counts_from_one", {"serial": 0}),
    ("received_forwards", {"received_to": date(2025, 12, 31)}),
    ("stage_known", {"stage": "lost"}),
    ("seed_is_long", {"seed": "s" * 42}),
    ("digests_are_sha256", {"seed_hash": "0" * 63}),
    ("digests_are_sha256", {"population_digest": ""}),
    ("size_fits_population", {"size": 0, "always_size": 0}),
    ("size_fits_population", {"size": 13}),
    ("size_fits_population", {"always_size": 11}),
    ("size_fits_population", {"always_size": -1}),
    ("rule_known", {"rule": "by-eye"}),
    ("own_number_has_reason", {**OWN_NUMBER, "reason": ""}),
    ("own_number_has_reason", {"reason": "Pilot"}),
    ("own_number_takes_none_always", {**OWN_NUMBER, "always_size": 1}),
]
ITEM = {"position": 1, "complaint_id": 1, "reference": "C-2026-000001", "always": False}
IMPOSSIBLE_ITEMS = [
    ("position_counts_from_one", {"position": 0}),
    ("names_complaint", {"complaint_id": 0}),
    ("names_complaint", {"reference": ""}),
]


def test_impossible_samples_are_refused_and_drawn_ones_stand(acme: House, number: str) -> None:
    _complaints(acme, 1)
    _draw(acme, number)
    (drawn,) = _samples(acme, number)
    head = queries.plans.by_number(reading(acme.system), number)
    reading().rollback()
    held = {"organisation_id": acme.id, "audit_id": head.id, "record_file_id": drawn.record.id, **SAMPLE}
    sample = accepts(AuditSample.__table__, {**held, "serial": 2})
    accepts(AuditSample.__table__, {**held, "serial": 3, **OWN_NUMBER})
    for constraint, changes in IMPOSSIBLE_SAMPLES:
        refuses(AuditSample.__table__, constraint, {**held, "serial": 4, **changes})
    item = {"organisation_id": acme.id, "sample_id": sample, "evidence_file_id": drawn.record.id, **ITEM}
    accepts(AuditSampleItem.__table__, item)
    for constraint, changes in IMPOSSIBLE_ITEMS:
        refuses(AuditSampleItem.__table__, constraint, {**item, "position": 2, "reference": "C-2026-000002", **changes})
    for table in ("audit_sample", "audit_sample_item"):
        trigger_refuses(f"DELETE FROM {table}", "a drawn sample stands as it is")
        trigger_refuses(f"UPDATE {table} SET organisation_id = organisation_id", "a drawn sample stands as it is")
    assert len(_samples(acme, number)) == 3
