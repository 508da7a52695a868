"""The daily sums: the same as counting, after whatever happens to the register; what is stale is counted straight."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from auditkit.base import clock as clocks
from auditkit.base.calendar import kept as calendars
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import service as complaints
from auditkit.complaints.clock.models import ComplaintDue
from auditkit.complaints.models import Complaint, ComplaintEscalation
from auditkit.insights.indicators import computing, times
from auditkit.insights.rollups import keeping
from auditkit.insights.rollups.models import FigureStale, FigureState
from auditkit.insights.rollups.reading import SUMMED, Board
from auditkit.insights.rules import Period, Selection
from tests.conftest import House
from tests.slices.complaints.recording import decided, do, registered
from tests.slices.complaints_clock.timing import adopt, keep
from tests.slices.insights.registers import closed, written

NAMES = (*SUMMED, "backlog", *times.BY_NAME)
PERIODS = (
    Period(date(2025, 4, 1), date(2026, 3, 31)),
    Period(date(2025, 12, 10), date(2026, 2, 3)),
    Period(date(2024, 1, 1), date(2030, 12, 31)),
)


def summed(house: House) -> None:
    with transaction(house.system) as tx:
        while keeping.refresh(tx, clocks.now()):
            pass


def register(house: House, count: int = 60) -> None:
    """Two years of invented cases in every stage."""
    dice = random.Random(7)
    rows: list[dict[str, Any]] = []
    for _ in range(count):
        received = datetime(2025, 8, 10, tzinfo=UTC) + timedelta(minutes=dice.randrange(200 * 1440))
        if dice.random() < 0.2:
            received = received.replace(hour=0, minute=0)
        words = {
            "category": dice.choice(["delivery", "service", ""]),
            "channel": dice.choice(["phone", "web"]),
            "site": dice.choice(["north", "süd"]),
            "severity": dice.choice(["", "low", "high"]),
        }
        if dice.random() < 0.8:
            outcome = dice.choice(["upheld", "partly-upheld", "rejected"])
            more = {"reopened": dice.randrange(2), "level": dice.randrange(3)}
            rows.append(closed(received, dice.randrange(40), outcome, **words, **more))
        else:
            rows.append({"received_at": received, "closed_date_unknown": False, **words})
    written(house, [{"number": number, **row} for number, row in enumerate(rows, start=9_000)])


def agrees(house: House, periods: tuple[Period, ...] = PERIODS) -> None:
    """Every figure of every period by the sums is what counting it gives, and so are the parts."""
    tx, now = reading(house.system), clocks.now()
    assert keeping.compare(tx, now) == []
    for period in periods:
        selection = Selection(period)
        board = Board(tx, selection, now)
        assert board.summed
        for figure in board.figures(NAMES):
            straight = computing.compute_named(tx, figure.name, selection, now)
            assert (figure,) == straight, (figure.name, period)
        plain = Board(tx, selection, now)
        object.__setattr__(plain, "standing", keeping.Standing(False, 0, frozenset()))
        for part in ("category", "channel", "site", "severity"):
            assert board.words(part) == plain.words(part)
        assert board.months() == plain.months()


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_sums_are_what_counting_gives(acme: House, clock: FrozenClock, zone: str) -> None:
    """Also where the register is ahead of the clock, which a wrong file can bring about."""
    with transaction(acme.system) as tx:
        calendars.save(tx, calendars.Settings(zone=zone), clocks.now())
    register(acme)
    summed(acme)
    agrees(acme)


def test_whatever_happens_afterwards_is_seen(acme: House, clock: FrozenClock) -> None:
    clock.advance(days=60)  # past whatever the register says
    register(acme, 30)
    keep(acme)
    adopt(acme)
    handler = acme.actor("complaint-handler")
    waiting = registered(handler, received_at=clocks.now())
    summed(acme)
    table = Complaint.__table__

    def raw(statement: Any) -> None:
        with db.engine.begin() as connection:
            connection.execute(statement)

    changes = (
        lambda: registered(handler, received_at=clocks.now()),
        lambda: do(handler, complaints.acknowledge, complaints.Acknowledge, waiting),
        lambda: decided(handler, received_at=clocks.now()),
        lambda: raw(
            update(table)
            .where(table.c.id == 3)
            .values(category="privacy", received_at=datetime(2024, 1, 5, 7, tzinfo=UTC))
        ),
        lambda: raw(update(table).where(table.c.outcome == "upheld").values(outcome="rejected")),
        lambda: raw(delete(table).where(table.c.id == 5)),
        lambda: raw(
            insert(ComplaintEscalation.__table__).values(
                organisation_id=acme.id,
                complaint_id=7,
                state="done",
                from_level=0,
                to_level=1,
                triggers=[],
                reason="x",
                settled_at=clocks.now(),
                settled_reason="",
            )
        ),
        lambda: clock.advance(days=40),
        lambda: raw(update(ComplaintEscalation.__table__).values(state="declined", settled_reason="no")),
    )
    for change in changes:
        change()
        clock.advance(minutes=5)
        db.session.rollback()
        agrees(acme, PERIODS[-1:])
        summed(acme)
        assert keeping.standing(reading(acme.system)).stale == frozenset()
    agrees(acme)


def test_marks_made_while_it_is_summed_are_kept(
    acme: House, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody changes a case while the sums are made: summing takes away the marks it has seen, and no others."""
    clock.advance(days=60)
    register(acme, 10)
    summed(acme)
    table = Complaint.__table__
    with db.engine.begin() as connection:
        connection.execute(update(table).where(table.c.id == 3).values(category="privacy"))
    done = keeping._sum

    def meanwhile(tx: Any, cohorts: Any, now: datetime) -> list[str]:
        found = list(done(tx, cohorts, now))
        tx.execute(insert(FigureStale), [{"organisation_id": acme.id, "cohort": "2024-05"}])
        return found

    monkeypatch.setattr(keeping, "_sum", meanwhile)
    summed(acme)
    assert keeping.standing(reading(acme.system)).stale == {"2024-05"}


def test_a_wrong_sum_is_found(acme: House, clock: FrozenClock) -> None:
    register(acme, 20)
    summed(acme)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE figure_day SET whole = whole + 1 WHERE figure = 'received' AND part = ''")
    assert keeping.compare(reading(acme.system), clocks.now())


def test_days_of_another_zone_are_not_used(acme: House, clock: FrozenClock) -> None:
    register(acme, 20)
    summed(acme)
    with transaction(acme.system) as tx:
        calendars.save(tx, calendars.Settings(zone="Asia/Tehran"), clocks.now())
    assert not keeping.standing(reading(acme.system)).usable
    summed(acme)
    agrees(acme)
    assert reading(acme.system).execute(select(FigureState.zone)).scalar_one() == "Asia/Tehran"


def test_the_worker_sums_for_every_organisation(acme: House, globex: House, clock: FrozenClock) -> None:
    register(acme, 20)
    register(globex, 20)
    keeping.keep_fresh()
    for house in (acme, globex):
        assert keeping.standing(reading(house.system)).usable
        agrees(house)


def test_a_limit_that_runs_on_in_a_closed_case_is_not_lost(acme: House, clock: FrozenClock) -> None:
    """The rules end every limit when a case is closed; whatever wrote past them is counted all the same."""
    clock.advance(days=60)
    keep(acme)
    adopt(acme)
    handler = acme.actor("complaint-handler")
    register(acme, 30)
    for _number in range(4):
        registered(handler, received_at=clocks.now())
    with db.engine.begin() as connection:
        ended = connection.execute(select(Complaint.__table__.c.id).filter_by(stage="closed")).scalars().first()
        connection.execute(update(ComplaintDue.__table__).filter_by(state="running").values(complaint_id=ended))
    clock.advance(days=90)
    clock.advance(minutes=5)
    db.session.rollback()
    summed(acme)
    agrees(acme)
