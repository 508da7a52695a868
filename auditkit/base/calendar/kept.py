"""An organisation's calendar as it keeps it, and the calendars that dates were computed with, frozen.

A computed date names its frozen calendar, so that neither a change of settings nor a newer holidays library moves it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from auditkit.base.calendar import public_holidays
from auditkit.base.calendar.days import Calendar
from auditkit.base.db import JsonDict, Key, Model, OfOrganisation, Session, UtcDateTime
from auditkit.base.ids import digest

YEARS_KNOWN = 5
"""A frozen calendar knows the holidays of the year a limit begins in and of the four that follow."""
KNOWN_ZONE = "known_zone"
"""Under this a session remembers the zone for the length of a transaction; `save` makes it forget."""

_ZONES = {"RU": "Europe/Moscow", "US": "America/New_York", "GB": "Europe/London", "CA": "America/Toronto"}


class WorkingCalendar(OfOrganisation, Model):
    """The working time of an organisation. `weekend` holds ISO weekdays ("67"); `hours` {"1": ["09:00", "17:00"]}."""

    __tablename__ = "working_calendar"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    zone: Mapped[str] = mapped_column(String(60))
    weekend: Mapped[str] = mapped_column(String(6))
    hours: Mapped[dict[str, Any]] = mapped_column(JsonDict, default=dict)
    country: Mapped[str] = mapped_column(String(2), default="")
    part: Mapped[str] = mapped_column(String(10), default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        CheckConstraint("part = '' OR country <> ''", name="part_has_country"),
    )


class CalendarDay(OfOrganisation, Model):
    """A day of the organisation's own: off, or worked although weekend or holiday."""

    __tablename__ = "calendar_day"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    worked: Mapped[bool] = mapped_column(Boolean)
    title: Mapped[str] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("organisation_id", "day"),
        CheckConstraint("title <> ''", name="own_day_has_title"),
    )


class FrozenCalendar(OfOrganisation, Model):
    """A calendar that dates were computed with. `digest` is SHA-256 of its JSON; rows are never changed."""

    __tablename__ = "frozen_calendar"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]] = mapped_column(JsonDict)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (
        UniqueConstraint("organisation_id", "digest"),
        CheckConstraint("length(digest) = 64", name="digest_is_sha256"),
    )


@dataclass(frozen=True)
class OwnDay:
    """A day of the organisation's own; see CalendarDay."""

    day: date
    worked: bool
    title: str


@dataclass(frozen=True)
class Settings:
    """What an organisation says about its working time; see WorkingCalendar. `version` 0: nothing was said yet."""

    zone: str = "UTC"
    weekend: frozenset[int] = frozenset({6, 7})
    hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    country: str = ""
    part: str = ""
    own_days: tuple[OwnDay, ...] = ()
    version: int = 0


_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""What CLDR lists beside countries: unions, a region, made-up ones for tests, and the unknown one."""


def suggested(country: str) -> Settings:
    """A beginning for an organisation of this country (ISO 3166, or empty): its zone, weekend and holidays."""
    if not public_holidays.known(country):
        return Settings(zone=suggested_zone(country))
    return Settings(zone=suggested_zone(country), weekend=public_holidays.weekend_of(country), country=country)


def countries() -> frozenset[str]:
    """The two capitals of every country and territory of ISO 3166, and of Kosovo, which uses XK."""
    from babel import Locale

    named = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in named if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


def suggested_zone(country: str) -> str:
    """The time zone of a country's capital or of most of its people; UTC where no country is given."""
    if not country:
        return "UTC"
    from babel.core import get_global

    zones = get_global("territory_zones").get(country, [])
    return _ZONES.get(country) or (zones[0] if zones else "UTC")


def settings_of(tx: Session, country: str = "") -> Settings:
    """What the session's organisation keeps; where it keeps nothing yet, what its country suggests."""
    row = tx.execute(select(WorkingCalendar)).scalar_one_or_none()
    if row is None:
        return suggested(country)
    own = tx.execute(select(CalendarDay).order_by(CalendarDay.day)).scalars()
    return Settings(
        zone=row.zone,
        weekend=frozenset(int(day) for day in row.weekend),
        hours={int(day): (time.fromisoformat(a), time.fromisoformat(b)) for day, (a, b) in row.hours.items()},
        country=row.country,
        part=row.part,
        own_days=tuple(OwnDay(one.day, one.worked, one.title) for one in own),
        version=row.version,
    )


def calendar(settings: Settings, year: int) -> Calendar:
    """The calendar of these settings, with the holidays of `year` and the years after it."""
    years = range(year, year + YEARS_KNOWN)
    found = [public_holidays.year_of(settings.country, settings.part, one) for one in years]
    swapped = {day: "" for one in found for day in one.worked}
    where = f"{settings.country}-{settings.part}" if settings.part else settings.country
    return Calendar(
        zone=settings.zone,
        weekend=settings.weekend,
        hours=settings.hours,
        holidays={day: name for one in found for day, name in one.holidays.items()},
        days_off={one.day: one.title for one in settings.own_days if not one.worked},
        extra_days=swapped | {one.day: one.title for one in settings.own_days if one.worked},
        holidays_from=f"{public_holidays.library()}, {where}" if settings.country else "",
        first_year=years[0],
        last_year=years[-1],
    )


def current(tx: Session, at: datetime, country: str = "") -> Calendar:
    """The calendar in force for a limit that begins at `at` (aware)."""
    settings = settings_of(tx, country)
    return calendar(settings, (at - timedelta(days=1)).year)  # the local year may still be the one before


def freeze(tx: Session, of: Calendar, now: datetime) -> int:
    """The key of the frozen calendar that equals this one; it is stored when there is none yet."""
    body = of.as_json()
    found = digest(json.dumps(body, sort_keys=True, ensure_ascii=False).encode())
    known = tx.execute(select(FrozenCalendar.id).where(FrozenCalendar.digest == found)).scalar_one_or_none()
    if known is not None:
        return int(known)
    row = FrozenCalendar(digest=found, body=body, made_at=now)
    tx.add(row)
    tx.flush()
    return row.id


def frozen(tx: Session, calendar_id: int) -> Calendar:
    """The calendar that was frozen under this key."""
    return Calendar.from_json(
        tx.execute(select(FrozenCalendar.body).where(FrozenCalendar.id == calendar_id)).scalar_one()
    )


def save(tx: Session, settings: Settings, now: datetime) -> int:
    """Keep what the organisation says from now on; returns the new version. Dates that are set stay as they are."""
    row = tx.execute(select(WorkingCalendar).with_for_update()).scalar_one_or_none()
    if row is None:
        row = WorkingCalendar(version=0)
        tx.add(row)
    row.zone, row.country, row.part = settings.zone, settings.country, settings.part
    row.weekend = "".join(str(day) for day in sorted(settings.weekend))
    row.hours = {str(d): [a.isoformat("minutes"), b.isoformat("minutes")] for d, (a, b) in settings.hours.items()}
    row.version += 1
    row.changed_at = now
    tx.flush()
    tx.info.pop(KNOWN_ZONE, None)
    return row.version


def put_day(tx: Session, own: OwnDay) -> None:
    """Keep a day of the organisation's own; it takes the place of what was said of that day before."""
    row = tx.execute(select(CalendarDay).where(CalendarDay.day == own.day)).scalar_one_or_none()
    if row is None:
        row = CalendarDay(day=own.day)
        tx.add(row)
    row.worked, row.title = own.worked, own.title
    tx.flush()


def drop_day(tx: Session, day: date) -> bool:
    """Forget a day of the organisation's own; whether there was one."""
    row = tx.execute(select(CalendarDay).where(CalendarDay.day == day)).scalar_one_or_none()
    if row is None:
        return False
    tx.delete(row)
    tx.flush()
    return True
