"""Which days an organisation works, from when to when, in its own time zone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)


class Closed(NamedTuple):
    """Why a day is not worked: `why` is weekend, holiday or off; `title` what the day is called."""

    why: str
    title: str


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises ZoneInfoNotFoundError or ValueError for none such."""
    return ZoneInfo(name)


@dataclass(frozen=True)
class Calendar:
    """An organisation's working time.

    `zone` is an IANA name; `weekend` ISO weekdays (Monday 1 to Sunday 7); `hours` opening and closing by ISO weekday,
    local time, empty: whole days; `holidays`, `days_off` and `extra_days` (worked although closed otherwise) name days.
    `holidays_from` says who named the holidays, and they are known for the years `first_year` to `last_year` only.
    """

    zone: str = "UTC"
    weekend: frozenset[int] = frozenset({6, 7})
    hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    holidays: Mapping[date, str] = field(default_factory=dict)
    days_off: Mapping[date, str] = field(default_factory=dict)
    extra_days: Mapping[date, str] = field(default_factory=dict)
    holidays_from: str = ""
    first_year: int = 0
    last_year: int = 0

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if not self.weekend <= frozenset(range(1, 8)) or len(self.weekend) > 6:
            raise ValueError("a weekend is at most six of the days 1 to 7")
        if any(opening >= closing for opening, closing in self.hours.values()):
            raise ValueError("a working day opens before it closes")

    @property
    def timezone(self) -> ZoneInfo:
        """The zone itself."""
        return zone_of(self.zone)

    def closed(self, day: date) -> Closed | None:
        """Why `day` is not worked; None for a working day."""
        if day in self.extra_days:
            return None
        if day.isoweekday() in self.weekend:
            return Closed("weekend", "")
        if day in self.holidays:
            return Closed("holiday", self.holidays[day])
        if day in self.days_off:
            return Closed("off", self.days_off[day])
        return None

    def today(self, now: datetime) -> date:
        """The day it is at the moment `now` (aware) where the organisation is."""
        return now.astimezone(zone_of(self.zone)).date()

    def opening(self, day: date) -> datetime:
        """The moment (UTC) a working day begins."""
        hours = self._hours(day)
        return self._moment(day, hours[0] if hours else time())

    def closing(self, day: date) -> datetime:
        """The moment (UTC) a working day is over: its closing time, else its last second."""
        hours = self._hours(day)
        return self._moment(day, hours[1]) if hours else self.end_of_day(day)

    def end_of_day(self, day: date) -> datetime:
        """The last second (UTC) of a day, whether it is worked or not."""
        return self._moment(day, LAST_SECOND)

    def closes_at(self, day: date) -> time | None:
        """Local closing time of a day; None where whole days are worked."""
        hours = self._hours(day)
        return hours[1] if hours else None

    def open_from_to(self, day: date) -> tuple[datetime, datetime]:
        """The worked part of a working day as moments (UTC), the second excluded."""
        hours = self._hours(day)
        return self.opening(day), self._moment(day, hours[1]) if hours else self._moment(day + DAY, time())

    def start_of_day(self, day: date) -> datetime:
        """The first moment (UTC) of a day."""
        return self._moment(day, time())

    def _hours(self, day: date) -> tuple[time, time] | None:
        found = self.hours.get(day.isoweekday())
        if found is None and self.hours and day in self.extra_days:
            return self.hours[min(self.hours)]  # an extra day has the hours of the first day of the week that has any
        return found

    def _moment(self, day: date, at: time) -> datetime:
        # Of an hour that comes twice the last second is the later one, every other time of day the earlier one.
        local = datetime.combine(day, at.replace(fold=1 if at == LAST_SECOND else 0), zone_of(self.zone))
        return local.astimezone(UTC)

    def as_json(self) -> dict[str, Any]:
        """The calendar as plain JSON values, for keeping what a date was computed with."""
        return {
            "zone": self.zone,
            "weekend": sorted(self.weekend),
            "hours": {str(day): [a.isoformat("minutes"), b.isoformat("minutes")] for day, (a, b) in self.hours.items()},
            **{name: _named(getattr(self, name)) for name in ("holidays", "days_off", "extra_days")},
            "holidays_from": self.holidays_from,
            "first_year": self.first_year,
            "last_year": self.last_year,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Calendar":
        """The calendar that `as_json` gave."""
        return cls(
            zone=body["zone"],
            weekend=frozenset(body["weekend"]),
            hours={int(day): (time.fromisoformat(a), time.fromisoformat(b)) for day, (a, b) in body["hours"].items()},
            holidays=_days(body["holidays"]),
            days_off=_days(body["days_off"]),
            extra_days=_days(body["extra_days"]),
            holidays_from=body["holidays_from"],
            first_year=body["first_year"],
            last_year=body["last_year"],
        )


def _named(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): days[day] for day in sorted(days)}


def _days(body: Mapping[str, str]) -> dict[date, str]:
    return {date.fromisoformat(day): title for day, title in body.items()}
