"""Frozen figures: the same again years later, or what changed."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import update

from auditkit.base import clock as clocks
from auditkit.base.calendar.kept import Settings
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import NotFound
from auditkit.complaints import service as core
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy.service import anonymising
from auditkit.complaints.queries import by_reference
from auditkit.insights.freezing import queries, rules, service
from auditkit.insights.freezing.models import FrozenFigure
from tests.conftest import House
from tests.factories.refusals import refuses, trigger_refuses
from tests.slices.complaints_clock.timing import keep
from tests.slices.insights.registers import MARCH, closed, day, written


def frozen(house: House, name: str) -> int:
    manager = house.actor("quality-manager")
    with transaction(manager) as tx:
        return service.freeze(tx, service.Freeze(name, MARCH), clocks.now(), manager)


def again(house: House, frozen_id: int) -> queries.Again:
    auditor = house.actor("internal-auditor")
    with transaction(auditor) as tx:
        return service.recompute(tx, service.Recompute(frozen_id), clocks.now(), auditor)


def test_it_comes_to_the_same_although_the_cases_went_on(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=14)  # the middle of March
    written(acme, [closed(day(number % 9), 2, "upheld") for number in range(22)] + [{"received_at": day(3)}] * 3)
    kept = {name: frozen(acme, name) for name in ("upheld", "backlog", "time-to-close", "received")}
    clock.advance(days=400)
    closing = {"stage": "closed", "closed_at": clocks.now(), "decided_at": clocks.now(), "outcome": "rejected"}
    with db.engine.begin() as connection:
        connection.execute(update(Complaint.__table__).where(Complaint.stage != "closed").values(**closing))
    for name, frozen_id in kept.items():
        assert again(acme, frozen_id).same, name


def test_it_says_which_records_came_went_and_were_changed(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=60)
    written(acme, [closed(day(number % 20), 3, "upheld") for number in range(22)])
    frozen_id = frozen(acme, "upheld")
    assert again(acme, frozen_id).same
    with db.engine.begin() as connection:
        table = Complaint.__table__
        first, second = (table.c.reference == f"C-2026-00000{number}" for number in (1, 2))
        connection.execute(update(table).where(first).values(decided_at=day(80), closed_at=day(80), version=2))
        connection.execute(update(table).where(second).values(outcome="rejected", version=2))
    written(acme, [closed(day(4), 3, "upheld", number=50)])
    found = again(acme, frozen_id)
    assert not found.same
    assert (found.of.came, found.of.went, found.of.changed) == (
        ("C-2026-000050",),
        ("C-2026-000001",),
        ("C-2026-000002",),
    )
    assert (found.counted.came, found.counted.went) == (("C-2026-000050",), ("C-2026-000001", "C-2026-000002"))
    assert found.frozen.figure.value == 1.0
    assert found.now is not None
    assert found.now.value == pytest.approx(21 / 22)


def test_the_digest_is_that_of_a_list_of_references(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=30)
    written(acme, [{"received_at": day(1)}] * 2)
    kept = queries.frozen(reading(acme.system), frozen(acme, "received"))
    assert kept.counted_digest == sha256(b"C-2026-000001\nC-2026-000002\n").hexdigest()
    assert kept.figure.value == 2


def test_a_figure_without_complaints_behind_it_keeps_its_numbers(acme: House) -> None:
    frozen_id = frozen(acme, "trained")
    found = again(acme, frozen_id)
    assert found.same
    assert found.frozen.of_digest is None


def test_another_organisations_is_not_there(acme: House, globex: House) -> None:
    frozen_id = frozen(acme, "received")
    with pytest.raises(NotFound):
        queries.frozen(reading(globex.system), frozen_id)


def test_what_the_table_frozen_figure_refuses(acme: House) -> None:
    row = {
        "organisation_id": acme.id,
        "name": "received",
        "currency": "",
        "selection": {},
        "zone": "UTC",
        "stated": {},
        "frozen_at": clocks.now(),
    }
    refuses(FrozenFigure.__table__, "frozen_figure_is_named", {**row, "name": ""})
    refuses(FrozenFigure.__table__, "records_have_digests", {**row, "records": b"x"})
    short = {"records": b"x", "counted_digest": "a", "of_digest": "b" * 64}
    refuses(FrozenFigure.__table__, "record_digests_are_sha256", {**row, **short})
    frozen(acme, "received")
    trigger_refuses("UPDATE frozen_figure SET name = 'luck'", "never changed")


def test_changes_between_two_lists() -> None:
    found = rules.changes({"a": 1, "b": 1, "c": 1}, {"b": 2, "c": 1, "d": 1})
    assert (found.came, found.went, found.changed) == (("d",), ("a",), ("b",))
    behind = rules.Behind({"a": 1}, {"a": 1, "b": 3})
    assert rules.unpacked(rules.packed(behind)) == behind


def moved(house: House, verb: Any, command: Any, reference: str, *more: str) -> None:
    """A verb of the register at a complaint as it stands now."""
    manager = house.actor("quality-manager")
    version = by_reference(reading(manager), reference).version
    with transaction(manager) as tx:
        verb(tx, command(reference, version, *more), clocks.now(), manager)


def test_years_later_erased_reopened_and_reclassified_cases_are_told_apart(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=60)
    written(acme, [{"kind": "complaint", **closed(day(number % 20), 3, "upheld")} for number in range(30)])
    kept = {name: frozen(acme, name) for name in ("received", "upheld", "backlog", "time-to-close")}
    clock.advance(days=800)
    # When one person's data was erased, the case still counts and every figure stands
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        command = anonymising.Anonymise("C-2026-000001", "by-hand", "She asked for it")
        anonymising.anonymise(tx, command, clocks.now(), manager)
    for name, frozen_id in kept.items():
        found = again(acme, frozen_id)
        assert (found.same, found.changes.came, found.changes.went) == (True, (), ()), name
    # When another was opened again, it is closed no more and what its closing stood for went, by its reference
    moved(acme, core.reopen, core.Reopen, "C-2026-000002", "New facts")
    closing = again(acme, kept["time-to-close"])
    assert not closing.same
    # and one that was no complaint went from all it was counted in
    moved(acme, core.reclassify, core.Reclassify, "C-2026-000003", "request", "It asks for a leaflet")
    received = again(acme, kept["received"])
    assert (received.same, received.changes.came, received.changes.went) == (False, (), ("C-2026-000003",))
    assert (received.frozen.figure.value, received.now and received.now.value) == (30, 29)
    upheld, backlog = (again(acme, kept[name]) for name in ("upheld", "backlog"))
    assert upheld.changes == rules.Changes((), ("C-2026-000002", "C-2026-000003"), ("C-2026-000001",))
    assert closing.counted.went == ("C-2026-000002",)
    assert backlog.changes == rules.Changes(("C-2026-000002",), (), ())


def test_it_is_computed_again_by_the_clocks_of_its_day(acme: House, clock: FrozenClock) -> None:
    keep(acme, Settings(zone="Pacific/Auckland"))
    clock.advance(days=60)
    # Half past midnight on the first of March and of April there; the evenings before in London
    written(
        acme, [{"received_at": datetime(2026, month, last, 11, 30, tzinfo=UTC)} for month, last in ((2, 28), (3, 31))]
    )
    frozen_id = frozen(acme, "received")
    assert queries.frozen(reading(acme.system), frozen_id).figure.value == 1
    keep(acme, Settings(zone="Europe/London"))
    found = again(acme, frozen_id)
    assert (found.same, found.counted.came, found.counted.went) == (True, (), ())
    # while a new figure of the same days counts by the new clocks
    assert queries.frozen(reading(acme.system), frozen(acme, "received")).counted_digest != found.frozen.counted_digest
