"""Indicators counted from the records, against small registers counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from auditkit.base import clock as clocks
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from auditkit.complaints import service as complaints
from auditkit.complaints.checking import indicators
from auditkit.complaints.checking.indicators import NO_DUE, NOT_DUE, STILL_RUNNING, Counted
from auditkit.complaints.checking.vocabulary import ABOUT, Indicator
from auditkit.content.library import shared
from tests.conftest import House
from tests.slices.complaints.recording import decided, do, many, raw, registered, run_added
from tests.slices.complaints_clock.timing import adopt, keep

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def counted(house: House, indicator: Indicator, period: tuple[date, date] = MARCH) -> Counted:
    return indicators.count(reading(house.system), indicator, *period, clocks.now())


@pytest.fixture
def register(acme: House, clock: FrozenClock) -> dict[str, str]:
    handler = acme.actor("complaint-handler")
    made = {"no limit": registered(handler, received_at=clocks.now())}
    keep(acme)
    adopt(acme)
    made["late"] = registered(handler, received_at=clocks.now())
    made["in time"] = registered(handler, received_at=clocks.now())
    do(handler, complaints.acknowledge, complaints.Acknowledge, made["in time"])
    clock.advance(days=20)
    do(handler, complaints.acknowledge, complaints.Acknowledge, made["late"])
    made["upheld"] = decided(handler, received_at=clocks.now())
    do(handler, complaints.record_answer, complaints.RecordAnswer, made["upheld"], "accepted")
    do(handler, complaints.close, complaints.Close, made["upheld"], "accepted")
    made["refused"] = decided(handler, received_at=clocks.now())
    made["new"] = registered(handler, received_at=clocks.now())
    clock.advance(hours=1)
    return made


def test_acknowledged_on_time(acme: House, register: dict[str, str]) -> None:
    found = counted(acme, Indicator.ACKNOWLEDGED_ON_TIME)
    assert found.numerator == sorted(register[name] for name in ("in time", "upheld", "refused"))
    assert found.denominator == sorted(register[name] for name in ("in time", "upheld", "refused", "late"))
    assert found.excluded == {NO_DUE: [register["no limit"]], STILL_RUNNING: [register["new"]]}


def test_decided_on_time_counts_open_ones_that_are_overdue(
    acme: House, register: dict[str, str], clock: FrozenClock
) -> None:
    clock.advance(days=60)
    period = (date(2026, 3, 1), date(2026, 5, 15))
    found = counted(acme, Indicator.DECIDED_ON_TIME, period)
    assert found.numerator == sorted(register[name] for name in ("upheld", "refused"))
    assert found.denominator == sorted(register[name] for name in ("upheld", "refused", "late", "in time", "new"))
    assert found.excluded == {NO_DUE: [register["no limit"]]}
    early = counted(acme, Indicator.DECIDED_ON_TIME, (date(2026, 3, 1), date(2026, 3, 2)))
    assert early.denominator == []
    assert set(early.excluded) == {NO_DUE, NOT_DUE}


def test_counts(acme: House, globex: House, register: dict[str, str]) -> None:
    registered(globex.actor("complaint-handler"), received_at=clocks.now())
    assert counted(acme, Indicator.RECEIVED).numerator == sorted(register.values())
    assert counted(acme, Indicator.RECEIVED, (date(2026, 3, 2), date(2026, 3, 2))).numerator == sorted(
        register[name] for name in ("no limit", "late", "in time")
    )
    still = sorted(reference for name, reference in register.items() if name != "upheld")
    assert counted(acme, Indicator.BACKLOG).numerator == still
    assert counted(acme, Indicator.BACKLOG, (date(2026, 3, 1), date(2026, 3, 5))).numerator == sorted(
        register[name] for name in ("no limit", "late", "in time")
    )


def test_shares_of_decisions(acme: House, register: dict[str, str]) -> None:
    both = sorted(register[name] for name in ("upheld", "refused"))
    for indicator, good in (
        (Indicator.UPHELD, both),
        (Indicator.REOPENED, []),
        (Indicator.REFUSED, []),
        (Indicator.ESCALATED, []),
    ):
        found = counted(acme, indicator)
        assert (found.numerator, found.denominator) == (good, both), indicator
    assert counted(acme, Indicator.UPHELD, (date(2026, 1, 1), date(2026, 1, 31))).denominator == []


def test_what_a_file_left_open_is_left_out_and_said(acme: House, clock: FrozenClock) -> None:
    run = run_added(acme.id)
    at = datetime(2026, 3, 2, tzinfo=UTC) - timedelta(hours=1)
    many(acme.id, [raw(acme.id, 901, import_run_id=run, stage="closed", closed_date_unknown=True)])
    many(acme.id, [raw(acme.id, 902, import_run_id=run, stage="decided", outcome="upheld", received_at=at)])
    assert list(counted(acme, Indicator.BACKLOG).excluded.values()) == [["C-2026-000901"]]
    assert list(counted(acme, Indicator.UPHELD).excluded.values()) == [["C-2026-000902"]]


def test_every_indicator_belongs_to_one_of_the_library() -> None:
    assert set(ABOUT) == set(Indicator)
    assert {about.preset for about in ABOUT.values()} <= set(shared().indicators)
