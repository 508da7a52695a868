"""Days asked for and counted are those of the organisation's clocks; a day whose hour is not known stays itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from auditkit.base import clock as clock_module
from auditkit.base.calendar.kept import Settings
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries
from auditkit.complaints.checking import populations
from auditkit.complaints.models import Complaint
from auditkit.complaints.privacy import service as privacy
from auditkit.complaints.privacy.queries import keeping
from auditkit.complaints.privacy.rules import ReceivedInFuture
from auditkit.complaints.privacy.service.keeping import PutRule, put_rule
from auditkit.complaints.queries import Wanted
from tests.slices.complaints.recording import many, raw, run_added
from tests.slices.complaints_clock.timing import MONDAY, decide_in, keep, own, registered

# Moments (UTC) and their day: where the organisation is in Tehran, New York and Auckland.
MOMENTS = {
    datetime(2026, 3, 8, tzinfo=UTC): (8, 8, 8),  # an hour nobody knows
    datetime(2026, 3, 8, 0, 0, 0, 1, tzinfo=UTC): (8, 7, 8),
    datetime(2026, 3, 8, 4, 59, 59, tzinfo=UTC): (8, 7, 8),
    datetime(2026, 3, 8, 5, tzinfo=UTC): (8, 8, 8),
    datetime(2026, 3, 8, 10, 59, tzinfo=UTC): (8, 8, 8),
    datetime(2026, 3, 8, 11, tzinfo=UTC): (8, 8, 9),
    datetime(2026, 3, 8, 20, 29, 59, tzinfo=UTC): (8, 8, 9),
    datetime(2026, 3, 8, 20, 30, tzinfo=UTC): (9, 8, 9),
    datetime(2026, 3, 9, tzinfo=UTC): (9, 9, 9),
    datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC): (9, 8, 9),  # New York put its clocks forward on the 8th
    datetime(2026, 3, 9, 4, tzinfo=UTC): (9, 9, 9),
}
ZONES = ["Asia/Tehran", "America/New_York", "Pacific/Auckland"]


@pytest.mark.parametrize("zone", ZONES)
def test_the_register_and_what_is_drawn_from_it_ask_for_days_there(acme, zone):
    keep(acme, Settings(zone=zone))
    many(acme.id, [raw(acme.id, number, received_at=at) for number, at in enumerate(MOMENTS, 1)])
    tx = reading(acme.system)
    for first, last in ((7, 7), (8, 8), (9, 9), (8, 9)):
        days = date(2026, 3, first), date(2026, 3, last)
        there = [number for number, of in enumerate(MOMENTS.values(), 1) if first <= of[ZONES.index(zone)] <= last]
        shown = queries.register_page(tx, Wanted(received_from=days[0], received_to=days[1])).rows
        assert sorted(int(row.reference[-3:]) for row in shown) == there
        asked = populations.conditions(tx, populations.part(*days, {}))
        drawn = tx.execute(select(Complaint.reference).where(*asked)).all()
        assert sorted(int(row.reference[-3:]) for row in drawn) == there


@pytest.mark.parametrize(("zone", "there"), [("Asia/Tehran", date(2026, 3, 3)), ("America/New_York", date(2026, 3, 2))])
def test_kept_in_time_asks_for_days_there(acme, browser, clock, zone, there):
    # Given a case whose limit began at 21:00 UTC on 2 March
    keep(acme, Settings(zone=zone))
    own(acme, decide_in(5))
    clock.advance(hours=12)
    registered(acme.actor("complaint-handler"))
    page = browser(acme, "complaint-handler")
    for day in (there - timedelta(days=1), there, there + timedelta(days=1)):
        shown = page.get(f"/o/acme/complaints/due/figures?from={day}&to={day}").text
        assert ("No due date began in these days" in shown) == (day != there)
    usual = page.get("/o/acme/complaints/due/figures").soup.select_one("input[name=to]")
    assert usual["value"] == there.isoformat(), "up to today, there"


@pytest.mark.parametrize(("zone", "ended"), [("Asia/Tehran", date(2026, 1, 6)), ("America/New_York", date(2026, 1, 5))])
def test_a_case_is_kept_from_the_day_it_ended_there(acme, clock, zone, ended):
    manager = acme.actor("quality-manager")
    keep(acme, Settings(zone=zone))
    with transaction(manager) as tx:
        put_rule(tx, PutRule(1, 10), clock_module.now(), manager)
    late = datetime(2026, 1, 5, 21, tzinfo=UTC)
    day_only = datetime(2026, 1, 5, tzinfo=UTC)
    closed = {"stage": "closed", "import_run_id": run_added(acme.id), "received_at": datetime(2026, 1, 4, tzinfo=UTC)}
    many(acme.id, [raw(acme.id, n, closed_at=at, **closed) for n, at in enumerate((late, day_only), 1)])
    found = {one.reference: one.ended_on for one in keeping.endings(reading(manager), date(2026, 3, 1))}
    assert found == {"C-2026-000001": ended, "C-2026-000002": date(2026, 1, 5)}
    db.session.rollback()
    # And the first day of warning of the later one is reached a day later where its day is
    warned_from = ended + timedelta(days=31 - 10)
    for day, seen in ((warned_from - timedelta(days=1), False), (warned_from, True)):
        references = [one.reference for one in keeping.endings(reading(manager), day)]
        assert ("C-2026-000001" in references) is seen
        db.session.rollback()


def test_the_daily_look_comes_when_the_day_begins_there(acme, clock):
    manager = acme.actor("quality-manager")
    keep(acme, Settings(zone="Asia/Tehran"))
    with transaction(manager) as tx:
        put_rule(tx, PutRule(1, 10), clock_module.now(), manager)
        privacy.keeping.looked(tx, privacy.keeping.Looked(date(2026, 3, 2)), clock_module.now(), acme.system)
    assert clock_module.now() == MONDAY
    assert keeping.houses_to_look_at(db.session(), MONDAY + timedelta(hours=11, minutes=29)) == []
    assert keeping.houses_to_look_at(db.session(), MONDAY + timedelta(hours=11, minutes=30)) == [acme.id]


@pytest.mark.sqlite_only
def test_a_request_of_this_morning_is_not_of_the_future(acme, clock):
    manager = acme.actor("quality-manager")
    keep(acme, Settings(zone="Pacific/Auckland"))
    clock.advance(hours=3)  # 1:00 on 3 March there
    with transaction(manager) as tx:
        privacy.requests.open_request(
            tx, privacy.requests.OpenRequest("access", date(2026, 3, 3)), clock_module.now(), manager
        )
    with pytest.raises(ReceivedInFuture), transaction(manager) as tx:
        privacy.requests.open_request(
            tx, privacy.requests.OpenRequest("access", date(2026, 3, 4)), clock_module.now(), manager
        )
