"""The day it is for an organisation: one definition for every page, figure and job, calendar or none."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from auditkit.accounts.queries import today_of_house, zone_of_house
from auditkit.audits.queries import house as audits
from auditkit.base import clock as clocks
from auditkit.base.calendar.kept import Settings
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries as complaints
from auditkit.complaints import service as verbs
from auditkit.complaints.checking import days, machine
from auditkit.complaints.checking.machine import Check
from auditkit.complaints.checking.populations import Part
from auditkit.complaints.privacy import jobs
from auditkit.complaints.privacy.queries import keeping
from auditkit.content import library
from auditkit.home.queries import due
from auditkit.insights.indicators import computing
from auditkit.insights.rules import Period, Selection
from auditkit.registers import reminding, service
from tests.slices.complaints.recording import decided, registered
from tests.slices.complaints_clock.timing import keep

AUCKLAND = Settings(zone="Pacific/Auckland")  # in March 13 hours before UTC
ELEVEN = datetime(2026, 3, 2, 11, tzinfo=UTC)  # midnight there
RISKS = library.shared().register("risks")
RISK = {
    "title": "Calls get lost", "kind": "risk", "consequence": "Patterns stay hidden", "likelihood": "likely",
    "impact": "serious", "treatment": "reduce", "what": "Write them down",
}  # fmt: skip


@pytest.fixture
def iranian(acme):
    """An organisation that never said when it works: its country says where it is."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE organisation SET country = 'IR' WHERE id = {acme.id}")
    return acme


def test_without_a_calendar_the_country_says_by_whose_clocks_days_are_counted(iranian, browser, clock):
    # Given a complaint of half past midnight on 2 March in Tehran, the evening before in UTC
    night = datetime(2026, 3, 1, 21, tzinfo=UTC)
    registered(iranian.actor("complaint-handler"), received_at=night)
    tx = reading(iranian.system)
    first = date(2026, 3, 1)
    second = first + timedelta(days=1)
    # Then whoever counts by days finds it on the second
    assert zone_of_house(tx) == ZoneInfo("Asia/Tehran")
    assert not days.days(tx, first, first, clocks.now()).hold(night)
    assert days.days(tx, second, second, clocks.now()).hold(night)
    for day, number in ((first, 0), (second, 1)):
        figures = {one.name: one for one in computing.compute(tx, Selection(Period(day, day)), clocks.now())}
        assert figures["received"].value == number
        assert complaints.period_counts(tx, day, day).received == number
        assert len(complaints.population(tx, day, day)) == number
    assert audits.calendar_of(tx, 2026).zone == "Asia/Tehran"
    page = browser(iranian, "quality-manager").get("/o/acme/complaints/")
    assert "2 Mar 2026" in page.text
    assert "1 Mar 2026" not in page.text


def test_days_waited_on_the_first_page(acme, clock):
    keep(acme, AUCKLAND)
    handler = acme.actor("complaint-handler")
    registered(handler, received_at=clocks.now())  # 22:00 on 2 March there
    clock.advance(hours=2, minutes=30)  # half past midnight, still the same day in UTC
    found = due(reading(handler), handler, clocks.now())
    assert [one.days for one in found.complaints.oldest] == [1]


def test_a_review_is_due_when_its_day_begins_there(acme, clock):
    keep(acme, AUCKLAND)
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        command = service.WriteEntry(RISKS, RISK, review_on=date(2026, 3, 3))
        number = service.write(tx, command, clocks.now(), manager)
    told = "select count(*) from outbox_mail"

    def mails():
        db.session.rollback()
        with db.engine.connect() as connection:
            return connection.exec_driver_sql(told).scalar_one()

    before = mails()
    reminding.remind()
    assert mails() == before
    clock.advance(hours=2)
    assert today_of_house(reading(acme.system), ELEVEN) == date(2026, 3, 3)
    reminding.remind()
    assert mails() == before + 1, number


def test_a_case_leads_to_a_pack_of_its_days_there(acme, browser, clock):
    keep(acme, AUCKLAND)
    clock.advance(hours=3)
    reference = registered(acme.actor("complaint-handler"), received_at=ELEVEN)
    page = browser(acme, "quality-manager").get(f"/o/acme/complaints/{reference}")
    (link,) = [one["href"] for one in page.soup.select("#pack a")]
    assert "/2026-03-03/2026-03-03" in link


def test_a_promised_remedy_is_late_when_its_day_is_over_there(acme, clock):
    keep(acme, AUCKLAND)
    promise = {"remedy": "A new one", "promised_on": date(2026, 3, 2)}
    decided(acme.actor("complaint-handler"), decision=promise, received_at=clocks.now())
    part = Part(date(2026, 1, 1), date(2027, 1, 1))
    for hours, late in ((0, 0), (2, 1)):
        clock.advance(hours=hours)
        found = {one.test: one for one in machine.run(reading(acme.system), part, clocks.now())}
        assert found[Check.DELIVERED].exceptions == late


def test_the_daily_tidying_comes_with_the_day_there(acme, globex, clock):
    keep(acme, AUCKLAND)
    jobs.tidy_beside()
    assert keeping.houses_to_tidy(db.session(), ELEVEN - timedelta(seconds=1)) == []
    assert keeping.houses_to_tidy(db.session(), ELEVEN) == [acme.id]


def test_what_a_member_notes_about_today_is_not_of_the_future(acme, clock):
    keep(acme, AUCKLAND)
    clock.advance(hours=3)
    handler = acme.actor("complaint-handler")
    reference = registered(handler, received_at=ELEVEN, happened_on=date(2026, 3, 3))
    with transaction(handler) as tx:
        case = complaints.by_reference(tx, reference)
        verbs.refer(tx, verbs.Refer(reference, case.version, "Ombudsman", date(2026, 3, 3)), clocks.now(), handler)
