"""An organisation's calendar as it is kept, what its country suggests, and calendars frozen once."""

import subprocess
import sys
from datetime import UTC, date, datetime, time

import pytest

from auditkit.accounts.queries import zone_of_house
from auditkit.base.calendar import kept, public_holidays
from auditkit.base.calendar.kept import OwnDay, Settings
from auditkit.base.db import db, reading, transaction

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "zone", "weekend"),
    [
        ("GB", "Europe/London", {6, 7}),
        ("IR", "Asia/Tehran", {5}),
        ("GR", "Europe/Athens", {6, 7}),
        ("GE", "Asia/Tbilisi", {6, 7}),
        ("AZ", "Asia/Baku", {6, 7}),
        ("TR", "Europe/Istanbul", {6, 7}),
        ("RU", "Europe/Moscow", {6, 7}),
        ("US", "America/New_York", {6, 7}),
        ("", "UTC", {6, 7}),
        ("XX", "UTC", {6, 7}),
    ],
)
def test_what_a_country_suggests(country, zone, weekend):
    found = kept.suggested(country)
    assert (found.zone, found.weekend, found.version) == (zone, frozenset(weekend), 0)


def test_holidays_come_with_their_source_and_their_years():
    calendar = kept.calendar(Settings("Europe/London", country="GB", part="SCT"), 2026)
    assert calendar.holidays[date(2026, 11, 30)]  # Saint Andrew's Day, Scotland only
    assert (calendar.first_year, calendar.last_year) == (2026, 2030)
    assert calendar.holidays_from == f"{public_holidays.library()}, GB-SCT"
    assert kept.calendar(Settings(), 2026).holidays == {}


def test_a_weekend_worked_in_exchange_is_a_working_day():
    """Russia, 2024: Saturday 27 April was worked for Monday 29 April."""
    calendar = kept.calendar(Settings("Europe/Moscow", country="RU"), 2024)
    assert calendar.closed(date(2024, 4, 27)) is None
    assert calendar.closed(date(2024, 4, 29)).why == "holiday"


def test_settings_are_kept_and_counted(acme):
    settings = Settings("Asia/Tehran", frozenset({5}), {6: (time(8), time(16, 30))}, "IR")
    with transaction(acme.system) as tx:
        assert kept.save(tx, settings, NOW) == 1
        assert kept.save(tx, settings, NOW) == 2
        kept.put_day(tx, OwnDay(date(2026, 5, 5), False, "Stocktaking"))
        kept.put_day(tx, OwnDay(date(2026, 5, 5), True, "Open after all"))
    found = kept.settings_of(reading(acme.system), "GB")
    assert found == Settings(
        "Asia/Tehran",
        frozenset({5}),
        {6: (time(8), time(16, 30))},
        "IR",
        own_days=(OwnDay(date(2026, 5, 5), True, "Open after all"),),
        version=2,
    )
    with transaction(acme.system) as tx:
        assert kept.drop_day(tx, date(2026, 5, 5))
        assert not kept.drop_day(tx, date(2026, 5, 5))


def test_organisations_keep_their_own(acme, globex):
    with transaction(acme.system) as tx:
        kept.save(tx, Settings("Asia/Tehran"), NOW)
    assert kept.settings_of(reading(globex.system), "GB").zone == "Europe/London"


@pytest.mark.parametrize("country", ["", "GE", "AQ", "GB"])
def test_the_zone_of_the_house_is_that_of_its_settings(acme, country):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE organisation SET country = '{country}' WHERE id = {acme.id}")
    tx = reading(acme.system)
    assert zone_of_house(tx).key == kept.settings_of(tx, country).zone
    with transaction(acme.system) as tx:
        kept.save(tx, Settings("Asia/Tehran"), NOW)
        assert zone_of_house(tx).key == "Asia/Tehran"


def test_a_calendar_is_frozen_once(acme):
    settings = Settings("Europe/London", country="GB")
    with transaction(acme.system) as tx:
        first = kept.freeze(tx, kept.calendar(settings, 2026), NOW)
        again = kept.freeze(tx, kept.calendar(settings, 2026), NOW)
        other = kept.freeze(tx, kept.calendar(settings, 2027), NOW)
        assert first == again != other
        assert kept.frozen(tx, first) == kept.calendar(settings, 2026)


def test_the_library_loads_only_when_asked():

    code = (
        "import sys; from auditkit.base.calendar import kept, public_holidays; "
        "public_holidays.known(''); kept.suggested(''); sys.exit('holidays' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
