"""When a time limit is up, and line by line why. Pure: a calendar, a start, a limit and pauses in, a moment out.

Counting: the day of the start does not count. A limit in days ends with its last day: at closing time where working
days are counted and hours are kept, else with the last second of the day. A day counts unless the clock was paused at
its end. Hours run from the start to the second; working hours run only while the organisation is open. Weeks are
seven days; a month ends on the day of the same number, or on the last day of a shorter month.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from auditkit.base.calendar.days import DAY, Calendar

Line = dict[str, Any]
"""One line of an explanation in plain JSON. `is` says what it tells:

`start` {at, day_only}; `counted` {from, to, first, last[, title]}: days and their numbers; `weekend` {from, to};
`holiday` or `off` {from, to, title}; `paused` {from, to[, reason]}: days not counted for a pause; `ran` {from, to,
seconds}: moments counted; `stood` {from, to, reason}: moments of a pause; `unknown` {year}: no holidays are known from
then on; `end` {at, day, closing}.
"""

HOUR = 3600


class Unit(StrEnum):
    """What a limit counts."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True)
class Limit:
    """So many of a unit; `working` counts working days, or hours while the organisation is open."""

    amount: int
    unit: Unit
    working: bool = False

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a limit is at least one")
        if self.working and self.unit not in (Unit.HOURS, Unit.DAYS):
            raise ValueError("working time is counted in hours or days")


@dataclass(frozen=True)
class Pause:
    """The clock stands from `start` to `end` (aware, `end` excluded)."""

    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True)
class Due:
    """When the time is up (aware UTC), and the lines that say how that was reached."""

    at: datetime
    lines: list[Line]


def count(
    calendar: Calendar, start: datetime, limit: Limit, pauses: Sequence[Pause] = (), *, day_only: bool = False
) -> Due:
    """When `limit` is up that began at `start` (aware).

    `day_only`: `start` is midnight UTC of a day of which no hour is known; the limit then runs from its beginning where
    the organisation is.
    """
    if day_only:
        start = calendar.start_of_day(start.date())
    kept = _merged([one for one in pauses if one.end > start and one.start < one.end])
    begun: Line = {"is": "start", "at": start.isoformat(), "day_only": day_only}
    if limit.unit is not Unit.HOURS:
        return _days(calendar, start, limit, kept, begun)
    spans = _open_spans(calendar, start) if limit.working else _always(start)
    return _hours(calendar, start, limit.amount * HOUR, kept, begun, spans)


def running_share(start: datetime, due: datetime, pauses: Sequence[Pause], percent: int) -> datetime:
    """The moment at which `percent` of the time between start and due has run, pauses left out; over 100: after it."""
    running = (due - start).total_seconds() - sum(
        max(0.0, (min(one.end, due) - max(one.start, start)).total_seconds()) for one in _merged(pauses)
    )
    left = timedelta(seconds=round(max(running, 0.0) * percent / 100))
    if percent > 100:
        return due + (left - timedelta(seconds=round(max(running, 0.0))))
    at = start
    for one in _merged(pauses):
        if one.end <= at:
            continue
        before = max(one.start - at, timedelta())
        if left <= before:
            break
        left -= before
        at = one.end
    return min(at + left, due)


def _merged(pauses: Sequence[Pause]) -> list[Pause]:
    merged: list[Pause] = []
    for one in sorted(pauses, key=lambda pause: pause.start):
        if merged and one.start < merged[-1].end:
            last = merged.pop()
            one = Pause(last.start, max(last.end, one.end), last.reason or one.reason)
        merged.append(one)
    return merged


# Days


def _days(calendar: Calendar, start: datetime, limit: Limit, pauses: list[Pause], begun: Line) -> Due:
    first = calendar.today(start)
    wanted = _in_days(first, limit)
    lines, day, counted = [begun], first, 0
    while counted < wanted:
        day += DAY
        if calendar.last_year and day.year == calendar.last_year + 1 and (day.month, day.day) == (1, 1):
            lines.append({"is": "unknown", "year": day.year})
        closed = calendar.closed(day) if limit.working else None
        over = calendar.closing(day) if limit.working else calendar.end_of_day(day)
        pause = next((one for one in pauses if one.start <= over < one.end), None)
        if closed:
            _extend(lines, closed.why, day, title=closed.title)
        elif pause:
            _extend(lines, "paused", day, reason=pause.reason)
        else:
            counted += 1
            extra = calendar.extra_days.get(day, "") if limit.working else ""
            _extend(lines, "counted", day, number=counted, title=extra)
    at = calendar.closing(day) if limit.working else calendar.end_of_day(day)
    closes = calendar.closes_at(day) if limit.working else None
    end: Line = {"is": "end", "at": at.isoformat(), "day": day.isoformat()}
    if closes:
        end["closing"] = closes.isoformat("minutes")
    return Due(at, [*lines, end])


def _in_days(first: date, limit: Limit) -> int:
    if limit.unit is Unit.MONTHS:
        return (month_later(first, limit.amount) - first).days
    return limit.amount * (7 if limit.unit is Unit.WEEKS else 1)


def month_later(day: date, months: int) -> date:
    """The day of the same number `months` months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - DAY).day))


def _extend(lines: list[Line], what: str, day: date, *, number: int = 0, title: str = "", reason: str = "") -> None:
    """Put a day into the last line where it goes on with it, else into a new one."""
    said = {name: text for name, text in (("title", title), ("reason", reason)) if text}
    last = lines[-1]
    goes_on = (
        last["is"] == what
        and last.get("to") == (day - DAY).isoformat()
        and all(last.get(name, "") == said.get(name, "") for name in ("title", "reason"))
    )
    if not goes_on:
        last = {"is": what, "from": day.isoformat(), **said}
        if number:
            last["first"] = number
        lines.append(last)
    last["to"] = day.isoformat()
    if number:
        last["last"] = number


# Hours


def _always(start: datetime) -> Iterator[tuple[datetime, datetime] | Line]:
    yield start, datetime.max.replace(tzinfo=start.tzinfo)


def _open_spans(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime] | Line]:
    """The open times from `start` on; a line for each day that has none."""
    day = calendar.today(start)
    while True:
        if calendar.last_year and day.year == calendar.last_year + 1 and (day.month, day.day) == (1, 1):
            yield {"is": "unknown", "year": day.year}
        closed = calendar.closed(day)
        if closed:
            iso = day.isoformat()
            titled = {"title": closed.title} if closed.title else {}
            yield {"is": closed.why, "from": iso, "to": iso, **titled}
        else:
            opening, closing = calendar.open_from_to(day)
            if closing > start:
                yield max(opening, start), closing
        day += DAY


def _hours(
    calendar: Calendar,
    start: datetime,
    seconds: int,
    pauses: list[Pause],
    begun: Line,
    spans: Iterator[tuple[datetime, datetime] | Line],
) -> Due:
    lines, left, at = [begun], timedelta(seconds=seconds), start
    for span in spans:
        if isinstance(span, dict):
            if span["is"] == "unknown":
                lines.append(span)
            else:
                _extend(lines, span["is"], date.fromisoformat(span["from"]), title=span.get("title", ""))
            continue
        for begin, end, reason in _parted(span, pauses):
            if reason is not None:
                lines.append({"is": "stood", "from": begin.isoformat(), "to": end.isoformat(), "reason": reason})
                continue
            at = min(end, begin + left)
            left -= at - begin
            ran = (at - begin).total_seconds()
            lines.append({"is": "ran", "from": begin.isoformat(), "to": at.isoformat(), "seconds": ran})
            if not left:
                ending: Line = {"is": "end", "at": at.isoformat(), "day": calendar.today(at).isoformat()}
                return Due(at, [*lines, ending])
    raise ValueError("the time never ends")  # pragma: no cover - open times go on for ever


def _parted(span: tuple[datetime, datetime], pauses: list[Pause]) -> Iterator[tuple[datetime, datetime, str | None]]:
    """The parts of a span in order: running (None) or standing, with the reason."""
    at, end = span
    for one in pauses:
        if one.end <= at or one.start >= end:
            continue
        if one.start > at:
            yield at, one.start, None
        at = max(at, one.start)
        yield at, min(one.end, end), one.reason
        at = min(one.end, end)
    if at < end:
        yield at, end, None
