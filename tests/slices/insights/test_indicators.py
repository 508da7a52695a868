"""The sixteen indicators against small registers counted by hand."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from auditkit.base import clock as clocks
from auditkit.base.calendar import kept as calendars
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.complaints import service as complaints
from auditkit.complaints.models import Complaint
from auditkit.content.library import shared as library
from auditkit.insights.indicators import computing
from auditkit.insights.rules import TOO_FEW, Figure, Period, Selection, Side, Unit
from auditkit.insights.volumes import service as volume_service
from tests.conftest import House
from tests.slices.complaints.recording import assessed, decided, do, investigated, registered
from tests.slices.complaints_clock.timing import adopt, keep
from tests.slices.insights.registers import MARCH, closed, day, written


def figures(house: House, selection: Selection = MARCH) -> dict[str, Figure]:
    return {one.name: one for one in computing.compute(reading(house.system), selection, clocks.now())}


def behind(house: House, name: str, side: Side = Side.COUNTED, selection: Selection = MARCH) -> list[str]:
    tx = reading(house.system)
    conditions = computing.behind(tx, name, side, selection, clocks.now())
    return list(tx.execute(select(Complaint.reference).where(*conditions).order_by(Complaint.id)).scalars())


def test_every_figure_belongs_to_an_indicator_of_the_content() -> None:
    assert set(computing.INDICATORS) == set(library().indicators)
    assert {computing.indicator_of(name) for name in computing.names()} == set(library().indicators)
    with pytest.raises(NotFound):
        computing.indicator_of("luck")


def test_an_empty_register_says_so_of_every_figure(acme: House) -> None:
    for figure in figures(acme).values():
        if figure.unit is Unit.CASES:
            assert figure.value == 0
        else:
            assert figure.value is None
            assert figure.note or figure.denominator == 0


def test_outcomes_are_shares_with_an_interval_and_few_cases_are_a_number(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=60)
    outcomes = ["upheld"] * 10 + ["partly-upheld"] * 5 + ["rejected"] * 10
    written(
        acme,
        [
            closed(day(number % 20), 3, outcome, category="delivery" if number < 12 else "service", level=number % 2)
            for number, outcome in enumerate(outcomes)
        ],
    )
    found = figures(acme)
    assert [found[name].value for name in ("upheld", "partly-upheld", "not-upheld")] == [0.4, 0.2, 0.4]
    assert found["upheld"].numerator == 10
    assert found["upheld"].low == pytest.approx(0.2340, abs=1e-4)  # Wilson, from a published calculator
    assert found["upheld"].high == pytest.approx(0.5926, abs=1e-4)
    assert found["escalated"].value == 12 / 25
    few = figures(acme, Selection(MARCH.period, categories=("delivery",)))["upheld"]
    assert (few.value, few.numerator, few.denominator, few.note) == (None, 10, 12, TOO_FEW)
    assert behind(acme, "not-upheld") == [f"C-2026-{number:06d}" for number in range(16, 26)]
    assert len(behind(acme, "not-upheld", Side.OF)) == 25


def test_times_count_those_who_wait_still(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=29)  # 31 March, nine o'clock
    rows = [closed(day(0), days) for days in range(1, 21)]  # received 1 March
    rows += [{"received_at": day(25)}] * 10  # waiting for five days
    written(acme, [dict(row) for row in rows])
    found = figures(acme)["time-to-close"]
    assert (found.n, found.numerator, found.parts["still"]) == (30, 20, 10)
    assert found.parts["p50"] == 10.5
    assert found.parts["p90"] == pytest.approx(18.1)
    # By hand: after five days 25 of 30 wait; ten of them are then no longer watched; of 15 each day one ends.
    # 25/30 * 14/15 * 13/14 * ... is at most a half after day 11: 25/30 * 9/15 = 0.5.
    assert found.value == 11
    assert found.parts["km-p75"] == 16  # 25/30 * 4/15 = 0.222
    quick = figures(acme)["time-to-acknowledge"]
    assert quick.unit is Unit.HOURS
    assert quick.parts["p50"] == 0


def test_backlog_by_age_and_what_it_was_at_an_earlier_end(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=90)
    ages = (0, 7, 8, 30, 31, 60, 61, 75)
    rows = [{"received_at": clocks.now() - timedelta(days=age, minutes=1)} for age in ages]
    rows.append(closed(day(1), 10))
    rows.append({"received_at": day(2), "stage": "closed", "closed_date_unknown": True})
    written(acme, [{"closed_date_unknown": False, **row} for row in rows])
    found = figures(acme, Selection(Period(date(2026, 1, 1), date(2026, 12, 31))))
    bands = [found[f"backlog-{band}"].numerator for band in ("0-7", "8-30", "31-60", "over-60")]
    assert bands == [2, 2, 2, 2]
    assert found["backlog"].value == 8
    assert found["backlog"].left_out == {"closed on a day that is not known": 1}
    early = Selection(Period(date(2026, 3, 1), date(2026, 3, 5)))
    assert behind(acme, "backlog", selection=early) == ["C-2026-000009"]


def test_other_feedback_is_no_complaint(acme: House, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    for kind in ("complaint", "dispute", "concern", "compliment", "suggestion", "suggestion"):
        registered(handler, received_at=clocks.now(), kind=kind)
    clock.advance(hours=1)
    found = figures(acme)
    assert found["received"].value == 3
    assert found["suggestions"].value == 2


def test_on_time_counts_open_ones_that_are_overdue_and_a_machine_apart(acme: House, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    without = registered(handler, received_at=clocks.now())
    keep(acme)
    adopt(acme)
    late = registered(handler, received_at=clocks.now())
    prompt = registered(handler, received_at=clocks.now())
    do(handler, complaints.acknowledge, complaints.Acknowledge, prompt)
    clock.advance(days=20)
    do(handler, complaints.acknowledge, complaints.Acknowledge, late)
    good = decided(handler, received_at=clocks.now())
    new = registered(handler, received_at=clocks.now())
    clock.advance(hours=1)
    found = figures(acme)["acknowledged-on-time"]
    assert (found.numerator, found.denominator) == (2, 3)
    assert found.left_out == {"no due date is on record": 1, "the limit has not passed yet": 1}
    assert behind(acme, "acknowledged-on-time", Side.LEFT_OUT) == [without, new]
    assert figures(acme)["acknowledged-automatically"].numerator == 0
    clock.advance(days=60)
    spring = Selection(Period(date(2026, 3, 1), date(2026, 5, 15)))
    assert behind(acme, "decided-on-time", selection=spring) == [good]
    assert behind(acme, "decided-on-time", Side.OF, spring) == [late, prompt, good, new]
    first_days = Selection(Period(date(2026, 3, 1), date(2026, 3, 2)))
    assert behind(acme, "decided-on-time", Side.OF, first_days) == []


def test_causes_repeats_and_first_contact(acme: House, clock: FrozenClock) -> None:
    handler = acme.actor("complaint-handler")
    first = assessed(handler, severity="high", received_at=clocks.now())
    investigated(handler, first)
    clock.advance(days=1)
    again = assessed(handler, severity="high", received_at=clocks.now())
    investigated(handler, again)
    quick = decided(handler, received_at=clocks.now())
    do(handler, complaints.record_answer, complaints.RecordAnswer, quick, "accepted")
    do(handler, complaints.close, complaints.Close, quick, "accepted")
    clock.advance(hours=1)
    found = figures(acme)
    assert (found["repeated"].numerator, found["repeated"].denominator) == (1, 2)
    assert behind(acme, "repeated") == [again]
    assert behind(acme, "first-contact") == [quick]
    assert (found["cause-known"].numerator, found["cause-known"].denominator) == (0, 1)
    assert found["wrongly-prioritised"].note.startswith("not checked because")


def test_days_are_the_organisations_own(acme: House, clock: FrozenClock) -> None:
    """A moment late in the evening west of Greenwich is the day it was there; a day without a time stays that day."""
    clock.advance(days=60)
    with transaction(acme.system) as tx:
        calendars.save(tx, calendars.Settings(zone="America/New_York"), clocks.now())
    evening = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)  # 31 March there
    only_days = [datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)]
    written(acme, [{"received_at": at} for at in (evening, *only_days)])
    assert behind(acme, "received") == ["C-2026-000001", "C-2026-000002"]


def test_chosen_words_and_those_of_which_nothing_is_said(acme: House, globex: House, clock: FrozenClock) -> None:
    clock.advance(days=30)
    sites = ["north", "north", "south", ""]
    written(acme, [{"received_at": day(1), "site": site} for site in sites])
    written(globex, [{"received_at": day(1), "site": "north"}])
    counted = Counter(
        {word: len(behind(acme, "received", selection=Selection(MARCH.period, sites=(word,)))) for word in set(sites)}
    )
    assert counted == {"north": 2, "south": 1, "": 1}
    both = Selection(MARCH.period, sites=("north", ""))
    assert figures(acme, both)["received"].value == 3


def entered(house: House, month: str, number: int | None, counts: str = "orders") -> None:
    manager = house.actor("quality-manager")
    with transaction(manager) as tx:
        volume_service.set_volume(tx, volume_service.SetVolume(month, counts, number), clocks.now(), manager)


def test_the_rate_is_held_against_orders_of_whole_months(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=60)
    written(acme, [{"received_at": day(number % 28)} for number in range(30)])
    assert figures(acme)["received-rate"].note.startswith("not checked because")
    entered(acme, "2026-03", 2_000)
    entered(acme, "2026-03", 1_500)
    rate = figures(acme)["received-rate"]
    assert (rate.value, rate.numerator, rate.denominator) == (20.0, 30, 1_500)
    # The exact interval of a count of 30, from a published table: 20.24 to 42.83.
    assert rate.low == pytest.approx(1000 * 20.24 / 1_500, abs=0.01)
    assert rate.high == pytest.approx(1000 * 42.83 / 1_500, abs=0.01)
    half = Selection(Period(date(2026, 3, 1), date(2026, 3, 20)))
    assert figures(acme, half)["received-rate"].value is None
    # Of a category the same orders are the denominator; of a site they are not known.
    delivery = Selection(MARCH.period, categories=("delivery",))
    assert figures(acme, delivery)["received-rate"].denominator == 1_500
    assert figures(acme, Selection(MARCH.period, sites=("north",)))["received-rate"].denominator is None
