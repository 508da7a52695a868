"""Time limits counted by hand against the calendar: clocks put forward and back, year end, weekends, pauses, leap day.

Each case was worked out on paper; local times stand beside the moments. Properties: a later start is never due
earlier, and the lines of an explanation add up to the limit.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.base.calendar import Calendar, Limit, Pause, Unit, count, running_share
from auditkit.base.calendar.counting import month_later

HOURS = {day: (time(9), time(17)) for day in range(1, 8)}
CHRISTMAS = {
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 28): "Boxing Day (observed)",
    date(2027, 1, 1): "New Year's Day",
}
ATHENS = Calendar(zone="Europe/Athens")
ATHENS_OPEN = Calendar(zone="Europe/Athens", hours=HOURS)
CHICAGO = Calendar(zone="America/Chicago")
TEHRAN = Calendar(zone="Asia/Tehran", weekend=frozenset({5}))
LONDON = Calendar(zone="Europe/London", holidays=CHRISTMAS)
LONDON_OPEN = Calendar(zone="Europe/London", holidays=CHRISTMAS, hours=HOURS)


def local(calendar: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


def hours(amount: int, *, working: bool = False) -> Limit:
    return Limit(amount, Unit.HOURS, working)


def days(amount: int, *, working: bool = False) -> Limit:
    return Limit(amount, Unit.DAYS, working)


WORKED_BY_HAND = [
    # Clocks go back in Athens on Sunday 25 October 2026: the day after has 24 hours more, but ends at 11 on the wall.
    ("hours over autumn", ATHENS, "2026-10-24T12:00", hours(24), "2026-10-25T11:00"),
    ("day over autumn", ATHENS, "2026-10-24T12:00", days(1), "2026-10-25T23:59:59"),
    # Clocks go forward in Athens on Sunday 29 March 2026.
    ("hours over spring", ATHENS, "2026-03-28T12:00", hours(24), "2026-03-29T13:00"),
    ("open hours over spring", ATHENS_OPEN, "2026-03-27T15:00", hours(10, working=True), "2026-03-30T17:00"),
    ("working day over spring", ATHENS_OPEN, "2026-03-27T10:00", days(1, working=True), "2026-03-30T17:00"),
    # Without opening hours a working day is the whole day: Monday 30 March begins an hour "earlier" in UTC.
    ("whole hours of a working day", ATHENS, "2026-03-27T12:00", hours(24, working=True), "2026-03-30T12:00"),
    # Chicago: back on 1 November 2026, forward on 8 March 2026 (CFPB's fifteen calendar days).
    ("fifteen days over autumn", CHICAGO, "2026-10-25T20:00", days(15), "2026-11-09T23:59:59"),
    ("sixty days over spring", CHICAGO, "2026-01-20T08:00", days(60), "2026-03-21T23:59:59"),
    ("hours over spring, Chicago", CHICAGO, "2026-03-07T12:00", hours(48), "2026-03-09T13:00"),
    # Tehran: Friday is the weekend, Thursday and Saturday are worked; clocks have stood still since 2022.
    ("Friday weekend", TEHRAN, "2026-05-13T23:00", days(3, working=True), "2026-05-17T23:59:59"),
    ("hours where clocks once changed", TEHRAN, "2026-03-20T12:00", hours(48), "2026-03-22T12:00"),
    ("hours when clocks still changed", TEHRAN, "2021-03-21T12:00", hours(24), "2021-03-22T13:00"),
    # Year end, London 2026: 25 December is a Friday, the 28th a holiday in place of the 26th, 1 January a Friday.
    ("year end", LONDON, "2026-12-23T16:00", days(5, working=True), "2027-01-04T23:59:59"),
    ("year end, open hours", LONDON_OPEN, "2026-12-24T16:00", hours(2, working=True), "2026-12-29T10:00"),
    ("the evening of a holiday", LONDON, "2026-12-25T23:30", days(1, working=True), "2026-12-29T23:59:59"),
    ("the evening of a holiday, hours", LONDON_OPEN, "2026-12-25T23:30", hours(4, working=True), "2026-12-29T13:00"),
    ("after closing time", LONDON_OPEN, "2026-12-22T18:30", days(1, working=True), "2026-12-23T17:00"),
    ("before opening time, hours", LONDON_OPEN, "2026-12-22T07:00", hours(8, working=True), "2026-12-22T17:00"),
    ("two days of open hours", LONDON_OPEN, "2026-12-21T16:59", hours(16, working=True), "2026-12-23T16:59"),
    # Weeks and months run on the calendar, whatever is closed.
    ("eight weeks", LONDON, "2026-10-30T09:00", Limit(8, Unit.WEEKS), "2026-12-25T23:59:59"),
    ("a month", LONDON, "2026-11-30T09:00", Limit(1, Unit.MONTHS), "2026-12-30T23:59:59"),
    ("a month to a leap day", LONDON, "2028-01-31T09:00", Limit(1, Unit.MONTHS), "2028-02-29T23:59:59"),
    ("a month to a short February", LONDON, "2027-01-31T09:00", Limit(1, Unit.MONTHS), "2027-02-28T23:59:59"),
    ("working days over a leap day", LONDON, "2028-02-28T09:00", days(2, working=True), "2028-03-01T23:59:59"),
    ("a year later than a leap day", LONDON, "2028-02-29T09:00", Limit(12, Unit.MONTHS), "2029-02-28T23:59:59"),
]


@pytest.mark.parametrize(
    ("calendar", "start", "limit", "due"),
    [case[1:] for case in WORKED_BY_HAND],
    ids=[case[0] for case in WORKED_BY_HAND],
)
def test_worked_by_hand(calendar, start, limit, due):
    assert count(calendar, local(calendar, start), limit).at == local(calendar, due)


def test_one_moment_is_another_day_in_another_zone():
    """Sunday 23:00 in Chicago is Monday 06:00 in Athens: the first working day is Monday there and Tuesday here."""
    moment = datetime(2026, 6, 8, 4, 0, tzinfo=UTC)
    assert count(CHICAGO, moment, days(1, working=True)).at == local(CHICAGO, "2026-06-08T23:59:59")
    assert count(ATHENS, moment, days(1, working=True)).at == local(ATHENS, "2026-06-09T23:59:59")


def test_only_the_day_is_known():
    """Midnight UTC of a day means that day where the organisation is, and hours run from its beginning."""
    day = datetime(2026, 6, 8, tzinfo=UTC)
    assert count(CHICAGO, day, days(1), day_only=True).at == local(CHICAGO, "2026-06-09T23:59:59")
    assert count(CHICAGO, day, hours(24), day_only=True).at == local(CHICAGO, "2026-06-09T00:00")
    assert count(TEHRAN, day, hours(24), day_only=True).at == local(TEHRAN, "2026-06-09T00:00")


def pause(calendar: Calendar, start: str, end: str, reason: str = "awaited") -> Pause:
    return Pause(local(calendar, start), local(calendar, end), reason)


PAUSED_BY_HAND = [
    # Paused from Tuesday 22 to Tuesday 29 December: 22, 23, 24 stand; 25 to 28 are closed anyway; 29, 30, 31 count.
    (
        "over holidays",
        LONDON,
        "2026-12-21T10:00",
        days(3, working=True),
        ("2026-12-22T09:00", "2026-12-29T09:00"),
        "2026-12-31T23:59:59",
    ),
    # A pause within one day costs nothing: at the end of the day the clock ran.
    (
        "within a day",
        LONDON,
        "2026-12-21T10:00",
        days(2, working=True),
        ("2026-12-22T09:00", "2026-12-22T16:00"),
        "2026-12-23T23:59:59",
    ),
    # Over closing time it costs a day, and with it Christmas.
    (
        "over closing time",
        LONDON_OPEN,
        "2026-12-21T10:00",
        days(3, working=True),
        ("2026-12-22T16:00", "2026-12-22T18:00"),
        "2026-12-29T17:00",
    ),
    (
        "on the weekend only",
        LONDON,
        "2026-12-17T10:00",
        days(2, working=True),
        ("2026-12-18T20:00", "2026-12-20T20:00"),
        "2026-12-22T23:59:59",
    ),
    (
        "calendar days",
        LONDON,
        "2026-11-02T10:00",
        days(10),
        ("2026-11-05T10:00", "2026-11-09T10:00"),
        "2026-11-16T23:59:59",
    ),
    (
        "weeks",
        LONDON,
        "2026-11-02T10:00",
        Limit(2, Unit.WEEKS),
        ("2026-11-05T10:00", "2026-11-09T10:00"),
        "2026-11-20T23:59:59",
    ),
    (
        "months",
        LONDON,
        "2026-01-31T10:00",
        Limit(1, Unit.MONTHS),
        ("2026-02-05T10:00", "2026-02-07T10:00"),
        "2026-03-02T23:59:59",
    ),
    ("hours", LONDON, "2026-11-02T10:00", hours(24), ("2026-11-02T12:00", "2026-11-03T15:30"), "2026-11-04T13:30"),
    (
        "open hours",
        LONDON_OPEN,
        "2026-11-02T10:00",
        hours(8, working=True),
        ("2026-11-02T16:00", "2026-11-03T10:00"),
        "2026-11-03T12:00",
    ),
    (
        "hours over clocks going back",
        ATHENS,
        "2026-10-24T12:00",
        hours(24),
        ("2026-10-24T20:00", "2026-10-25T08:00"),
        "2026-10-26T00:00",
    ),
    (
        "before the start",
        LONDON,
        "2026-12-21T10:00",
        days(1, working=True),
        ("2026-12-01T09:00", "2026-12-21T10:00"),
        "2026-12-22T23:59:59",
    ),
    (
        "after the end",
        LONDON,
        "2026-12-21T10:00",
        days(1, working=True),
        ("2026-12-24T09:00", "2026-12-28T10:00"),
        "2026-12-22T23:59:59",
    ),
]


@pytest.mark.parametrize(
    ("calendar", "start", "limit", "stands", "due"),
    [case[1:] for case in PAUSED_BY_HAND],
    ids=[case[0] for case in PAUSED_BY_HAND],
)
def test_pauses_worked_by_hand(calendar, start, limit, stands, due):
    found = count(calendar, local(calendar, start), limit, [pause(calendar, *stands)])
    assert found.at == local(calendar, due)


def test_own_days_and_extra_days():
    calendar = Calendar(
        zone="Europe/London",
        days_off={date(2026, 8, 31): "Stocktaking"},
        extra_days={date(2026, 9, 5): "Open Saturday"},
    )
    found = count(calendar, local(calendar, "2026-08-28T10:00"), days(5, working=True))
    assert found.at == local(calendar, "2026-09-05T23:59:59")
    assert [line["is"] for line in found.lines] == ["start", "weekend", "off", "counted", "counted", "end"]
    assert found.lines[-2]["title"] == "Open Saturday"


def test_every_line_is_there():
    found = count(
        LONDON_OPEN,
        local(LONDON, "2026-12-21T10:00"),
        days(3, working=True),
        [pause(LONDON, "2026-12-23T09:00", "2026-12-24T09:00", "information")],
    )
    assert found.lines == [
        {"is": "start", "at": "2026-12-21T10:00:00+00:00", "day_only": False},
        {"is": "counted", "from": "2026-12-22", "first": 1, "to": "2026-12-22", "last": 1},
        {"is": "paused", "from": "2026-12-23", "reason": "information", "to": "2026-12-23"},
        {"is": "counted", "from": "2026-12-24", "first": 2, "to": "2026-12-24", "last": 2},
        {"is": "holiday", "from": "2026-12-25", "title": "Christmas Day", "to": "2026-12-25"},
        {"is": "weekend", "from": "2026-12-26", "to": "2026-12-27"},
        {"is": "holiday", "from": "2026-12-28", "title": "Boxing Day (observed)", "to": "2026-12-28"},
        {"is": "counted", "from": "2026-12-29", "first": 3, "to": "2026-12-29", "last": 3},
        {"is": "end", "at": "2026-12-29T17:00:00+00:00", "day": "2026-12-29", "closing": "17:00"},
    ]


def test_where_no_holidays_are_known_it_is_said():
    calendar = Calendar(first_year=2026, last_year=2026)
    found = count(calendar, datetime(2026, 12, 30, tzinfo=UTC), days(5, working=True))
    assert {"is": "unknown", "year": 2027} in found.lines


def test_a_calendar_survives_json():
    calendar = Calendar(
        zone="Asia/Tehran",
        weekend=frozenset({5}),
        hours={6: (time(8), time(16, 30))},
        holidays={date(2026, 3, 21): "نوروز"},
        days_off={date(2026, 5, 1): "x"},
        extra_days={date(2026, 5, 8): ""},
        holidays_from="holidays 0, IR",
        first_year=2026,
        last_year=2030,
    )
    assert Calendar.from_json(calendar.as_json()) == calendar


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekend": frozenset(range(1, 8))},
        {"weekend": frozenset({0})},
        {"hours": {1: (time(17), time(9))}},
        {"zone": "Europe/Nowhere"},
    ],
)
def test_an_impossible_calendar_is_refused(wrong):
    with pytest.raises((ValueError, KeyError)):
        Calendar(**wrong)


@pytest.mark.parametrize(
    ("amount", "unit", "working"), [(0, Unit.DAYS, False), (1, Unit.WEEKS, True), (1, Unit.MONTHS, True)]
)
def test_an_impossible_limit_is_refused(amount, unit, working):
    with pytest.raises(ValueError, match=r"limit|working"):
        Limit(amount, unit, working)


def test_a_share_of_the_running_time():
    start, due = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 11, tzinfo=UTC)
    stands = [Pause(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC))]
    assert running_share(start, due, [], 50) == datetime(2026, 1, 6, tzinfo=UTC)
    assert running_share(start, due, stands, 50) == datetime(
        2026, 1, 7, tzinfo=UTC
    )  # half of eight days, and the pause
    assert running_share(start, due, stands, 100) == due
    assert running_share(start, due, stands, 150) == datetime(2026, 1, 15, tzinfo=UTC)


# Properties

zones = st.sampled_from(
    ["UTC", "Europe/Athens", "America/Chicago", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia"]
)
moments = st.timedeltas(timedelta(), timedelta(days=4_700)).map(lambda after: datetime(2019, 1, 1, tzinfo=UTC) + after)
calendars = st.builds(
    Calendar,
    zone=zones,
    weekend=st.sampled_from([frozenset(), frozenset({5}), frozenset({6, 7}), frozenset({1, 2, 3, 4, 5, 6})]),
    hours=st.sampled_from([{}, HOURS, {6: (time(0), time(12)), 7: (time(22), time(23, 59))}]),
    holidays=st.dictionaries(st.dates(date(2019, 1, 1), date(2031, 12, 31)), st.just("Holiday"), max_size=30),
    extra_days=st.dictionaries(st.dates(date(2019, 1, 1), date(2031, 12, 31)), st.just("Extra"), max_size=10),
)
limits = st.one_of(
    st.builds(Limit, st.integers(1, 30), st.sampled_from([Unit.HOURS, Unit.DAYS]), st.booleans()),
    st.builds(Limit, st.integers(1, 12), st.sampled_from([Unit.WEEKS, Unit.MONTHS])),
)


@st.composite
def pauses(draw, start):
    begins = [start + timedelta(minutes=draw(st.integers(-5_000, 40_000))) for _ in range(draw(st.integers(0, 3)))]
    return [Pause(one, one + timedelta(minutes=draw(st.integers(0, 20_000))), "awaited") for one in begins]


@given(calendars, moments, st.timedeltas(timedelta(), timedelta(days=40)), limits, st.data())
def test_a_later_start_is_never_due_earlier(calendar, start, later, limit, data):
    stands = data.draw(pauses(start)) if limit.unit is not Unit.MONTHS else []
    first, second = (count(calendar, one, limit, stands).at for one in (start, start + later))
    assert first <= second
    assert first > start


@given(calendars, moments, limits, st.data())
def test_the_lines_add_up(calendar, start, limit, data):
    stands = data.draw(pauses(start))
    found = count(calendar, start, limit, stands)
    assert (found.lines[0]["is"], found.lines[-1]["is"]) == ("start", "end")
    assert found.lines[-1]["at"] == found.at.isoformat()
    if limit.unit is Unit.HOURS:
        assert sum(line.get("seconds", 0) for line in found.lines) == limit.amount * 3600
        return
    first = calendar.today(start)
    wanted = {Unit.DAYS: limit.amount, Unit.WEEKS: 7 * limit.amount}.get(limit.unit)
    wanted = wanted or (month_later(first, limit.amount) - first).days
    counted = [line for line in found.lines if line["is"] == "counted"]
    assert sum(line["last"] - line["first"] + 1 for line in counted) == wanted == counted[-1]["last"]
    day = first  # every day stands in exactly one line, in order
    for line in found.lines[1:-1]:
        assert date.fromisoformat(line["from"]) == day + timedelta(days=1)
        day = date.fromisoformat(line["to"])
    assert day.isoformat() == found.lines[-1]["day"]


@given(calendars, moments, limits, st.data())
def test_more_pause_is_never_due_earlier(calendar, start, limit, data):
    stands = data.draw(pauses(start))
    assert count(calendar, start, limit, stands).at >= count(calendar, start, limit).at


@given(moments, st.timedeltas(timedelta(minutes=1), timedelta(days=90)), st.integers(1, 100), st.data())
def test_a_share_lies_between_start_and_due(start, length, percent, data):
    stands = data.draw(pauses(start))
    assert start <= running_share(start, start + length, stands, percent) <= start + length
