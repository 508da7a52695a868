"""Machine tests over a part of the register against a slow look at each complaint by itself."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import Session, db, reading
from auditkit.complaints import service as complaints
from auditkit.complaints.checking import machine
from auditkit.complaints.checking.machine import ABOUT, Check
from auditkit.complaints.checking.populations import Part, members, part, size
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.models import Complaint, ComplaintDecision
from tests.conftest import House
from tests.slices.complaints.recording import assessed, decided, do, investigated, many, raw, registered, run_added
from tests.slices.complaints_clock.timing import adopt, keep

ALL = Part(date(2020, 1, 1), date(2027, 1, 1))


def found(house: House, wanted: Part = ALL) -> dict[Check, machine.Result]:
    return {one.test: one for one in machine.run(reading(house.system), wanted, clocks.now())}


def odd(house: House, check: Check, wanted: Part = ALL) -> list[str]:
    return [
        one.reference for one in machine.exceptions(reading(house.system), wanted, check, clocks.now(), limit=1_000)
    ]


@pytest.fixture
def register(acme: House, clock: FrozenClock) -> dict[str, str]:
    """A register in which every test finds something, by what is wrong with it."""
    keep(acme)
    adopt(acme)
    handler, manager = acme.actor("complaint-handler"), acme.actor("quality-manager")
    made = {"new": registered(handler, received_at=clocks.now())}
    made["late"] = registered(handler, received_at=clocks.now())
    clock.advance(days=40)
    do(handler, complaints.acknowledge, complaints.Acknowledge, made["late"])
    made["in time"] = assessed(handler, received_at=clocks.now())
    made["swift"] = decided(handler, told="", received_at=clocks.now())
    made["named"] = assessed(handler, received_at=clocks.now())
    do(manager, complaints.name_person, complaints.NamePerson, made["named"], acme.person("staff"))
    clock.advance(hours=3)
    investigated(handler, made["named"])
    do(
        handler,
        complaints.decide,
        complaints.Decide,
        made["named"],
        "rejected",
        "No fault of ours",
        told_channel="e-mail",
    )
    made["investigated"] = assessed(handler, received_at=clocks.now())
    investigated(handler, made["investigated"])
    clock.advance(days=2)
    made["promised"] = decided(
        handler,
        decision={"remedy": "A new one", "promised_on": clocks.now().date() + timedelta(days=1)},
        received_at=clocks.now(),
    )
    clock.advance(days=5)
    run = run_added(acme.id)
    imported: list[dict[str, Any]] = [
        {"stage": "closed", "closed_at": datetime(2026, 2, 1, tzinfo=UTC)},
        {"stage": "closed", "closed_date_unknown": True},
        {
            "stage": "closed",
            "outcome": "rejected",
            "answer": "refused",
            "answered_at": datetime(2026, 1, 9, tzinfo=UTC),
            "closing_ground": "exhausted",
            "closed_at": datetime(2026, 1, 10, tzinfo=UTC),
        },
        {"stage": "decided", "outcome": "upheld", "acknowledged_at": datetime(2026, 1, 20, tzinfo=UTC),
         "decided_at": datetime(2026, 1, 10, tzinfo=UTC)},
        {"stage": "closed", "closes_before_received": True, "closed_at": datetime(2026, 1, 2, tzinfo=UTC)},
    ]  # fmt: skip
    day = {"received_is_day": True, "received_at": datetime(2026, 1, 5, tzinfo=UTC)}
    for place, values in enumerate(imported):
        many(acme.id, [raw(acme.id, 900 + place, import_run_id=run, **{**day, **values})])
    return {**made, **{f"imported {place}": f"C-2026-{900 + place:06d}" for place in range(len(imported))}}


def test_each_test_finds_what_is_wrong(acme: House, register: dict[str, str]) -> None:
    def refs(*names: str) -> list[str]:
        return sorted(register[name] for name in names)

    results = found(acme)
    assert sorted(odd(acme, Check.ACKNOWLEDGED_ON_TIME)) == refs("new", "late")
    assert results[Check.ACKNOWLEDGED_ON_TIME].not_checked == 5, "the imported ones have no due date"
    assert sorted(odd(acme, Check.TOLD)) == refs("swift")
    assert sorted(odd(acme, Check.REASONS)) == refs("imported 2", "imported 3")
    assert sorted(odd(acme, Check.WAYS_NAMED)) == refs("named")
    assert sorted(odd(acme, Check.DELIVERED)) == refs("promised")
    assert sorted(odd(acme, Check.CLOSED_WITH_GROUND)) == refs("imported 0", "imported 1", "imported 4")
    assert sorted(odd(acme, Check.IN_ORDER)) == refs("imported 3", "imported 4")
    assert register["swift"] in odd(acme, Check.NOT_FILLED_IN_LATER)
    assert register["named"] not in odd(acme, Check.NOT_FILLED_IN_LATER)
    assert odd(acme, Check.DECIDER_FREE) == []
    assert results[Check.DECIDER_FREE].passed == 1
    assert odd(acme, Check.ASSESSED_FIRST) == []
    assert results[Check.ASSESSED_FIRST].passed == 2
    assert register["new"] in odd(acme, Check.OWNED)
    assert results[Check.REFUSAL_OPEN].passed == 1
    assert sorted(odd(acme, Check.ACKNOWLEDGED)) == refs("imported 0", "imported 1", "imported 2", "imported 4")
    assert sorted(odd(acme, Check.ASSESSED)) == refs(*(f"imported {place}" for place in range(5)))


def test_counts_lists_and_the_whole_agree(acme: House, register: dict[str, str]) -> None:
    everybody = len(register)
    listed = machine.exception_references(reading(acme.system), ALL, clocks.now())
    for check, result in found(acme).items():
        assert result.passed + result.exceptions + result.not_checked + result.not_applicable == everybody, check
        assert len(odd(acme, check)) == result.exceptions, check
        assert listed[check] == sorted(odd(acme, check)), check
        streamed = machine.all_exceptions(reading(acme.system), ALL, check, clocks.now())
        assert [one.reference for one in streamed] == odd(acme, check)


def test_acknowledged_on_time_against_each_complaint_by_itself(acme: House, register: dict[str, str]) -> None:
    tx = reading(acme.system)
    passed, late = 0, 0
    for complaint_id in tx.execute(select(Complaint.id)).scalars().all():
        dues = _dues(tx, complaint_id, "acknowledge")
        if not dues:
            continue
        is_late = any(one.late or (one.state == "running" and one.due_at < clocks.now()) for one in dues)
        late += is_late
        passed += not is_late and any(one.state == "met" for one in dues)
    result = found(acme)[Check.ACKNOWLEDGED_ON_TIME]
    assert (result.passed, result.exceptions) == (passed, late)
    assert result.share == pytest.approx(100 * passed / (passed + late))


def _dues(tx: Session, complaint_id: int, target: str) -> list[ComplaintDue]:
    query = select(ComplaintDue).where(ComplaintDue.complaint_id == complaint_id, ComplaintDue.target == target)
    return [one for one in tx.execute(query).scalars() if one.state in ("met", "running")]


def test_who_decided_a_complaint_about_themselves_is_found(acme: House, register: dict[str, str]) -> None:
    with db.engine.begin() as connection:
        connection.execute(update(ComplaintDecision.__table__).values(settled_by=acme.person("staff")))
        # past the CHECK of authority: what an older program or a hand in the database left behind
        assert connection.execute(text("SELECT count(*) FROM complaint_decision")).scalar_one() == 3
    assert odd(acme, Check.DECIDER_FREE) == [register["named"]]


def test_a_part_is_tested_and_not_more(acme: House, globex: House, register: dict[str, str]) -> None:
    closed = part(ALL.received_from, ALL.received_to, {"stage": "closed"})
    tx = reading(acme.system)
    assert size(tx, closed) == len(list(members(tx, closed))) == 4
    assert found(acme, closed)[Check.CLOSED_WITH_GROUND].exceptions == 3
    assert found(acme, closed)[Check.OWNED].not_applicable == 4
    none = Part(date(2019, 1, 1), date(2019, 1, 2))
    assert all(one.checked == 0 and one.share is None for one in found(acme, none).values())
    assert all(one.checked == one.not_checked == 0 for one in found(globex).values())


def test_exceptions_go_by_pages(acme: House, register: dict[str, str]) -> None:
    tx = reading(acme.system)
    first = machine.exceptions(tx, ALL, Check.ASSESSED, clocks.now(), limit=2)
    second = machine.exceptions(tx, ALL, Check.ASSESSED, clocks.now(), after=first[-1].id, limit=10)
    assert [one.reference for one in (*first, *second)] == odd(acme, Check.ASSESSED)


def test_every_test_is_explained() -> None:
    assert set(ABOUT) == set(Check)
    assert all(about.title and about.statement and about.clause for about in ABOUT.values())
