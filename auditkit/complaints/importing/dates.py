"""Dates in a column: one format for the whole column, found by looking at all of it, never row by row.

A date without a time is stored as midnight UTC of that day, and the row keeps the knowledge that there was no time
(`Moment.has_time`). Two-digit years are 1969 to 2068 (POSIX). Pure; checked by tests/rules/test_importing_dates.py.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from auditkit.base.jalali import jalali_to_gregorian
from auditkit.base.text import N_, _
from auditkit.complaints.importing.announcements import Fault, fault

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_INVISIBLE = str.maketrans("", "", "\u200c\u200d\u200e\u200f\u202a\u202c\ufeff")
_TIME = r"(?:[T ]\s*(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?)?"
_ZONE = r"\s*(?P<z>Z|[+-]\d{2}:?\d{2})?"


class Moment(NamedTuple):
    """An aware UTC time, and whether the cell said more than a day."""

    at: datetime
    has_time: bool


class NotInFormatError(Exception):
    """The text is not written in the column's format, or is no day of any calendar. `args[0]` is a Fault."""


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + _TIME + _ZONE)


_D, _M, _Y, _YY = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", r"(?P<y>\d{4})", r"(?P<y>\d{2})"
_SHAPES: dict[str, re.Pattern[str]] = {
    "iso": _shape(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"),
    "YYYY/MM/DD": _shape(f"{_Y}/{_M}/{_D}"),
    "YYYY.MM.DD": _shape(rf"{_Y}\.{_M}\.{_D}"),
    "YYYYMMDD": _shape(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    "DD.MM.YYYY": _shape(rf"{_D}\.{_M}\.{_Y}"),
    "DD/MM/YYYY": _shape(f"{_D}/{_M}/{_Y}"),
    "MM/DD/YYYY": _shape(f"{_M}/{_D}/{_Y}"),
    "DD-MM-YYYY": _shape(f"{_D}-{_M}-{_Y}"),
    "MM-DD-YYYY": _shape(f"{_M}-{_D}-{_Y}"),
    "DD.MM.YY": _shape(rf"{_D}\.{_M}\.{_YY}"),
    "DD/MM/YY": _shape(f"{_D}/{_M}/{_YY}"),
    "MM/DD/YY": _shape(f"{_M}/{_D}/{_YY}"),
    "jalali": _shape(r"(?P<y>1[2-5]\d{2})[/\-.](?P<m>\d{1,2})[/\-.](?P<d>\d{1,2})"),
}
_NUMBER = re.compile(r"(\d{1,13})(?:\.(\d+))?")
EPOCH, EPOCH_MS, EXCEL = "epoch", "epoch-ms", "excel"
FORMATS = (*_SHAPES, EPOCH, EPOCH_MS, EXCEL)
FORMAT_TITLES = {
    "iso": "YYYY-MM-DD",
    "jalali": N_("Jalali (solar Hijri) YYYY/MM/DD"),
    EPOCH: N_("seconds since 1970"),
    EPOCH_MS: N_("milliseconds since 1970"),
    EXCEL: N_("day numbers of Excel"),
}
_SAME_SHAPE = (
    frozenset({"DD/MM/YYYY", "MM/DD/YYYY"}),
    frozenset({"DD-MM-YYYY", "MM-DD-YYYY"}),
    frozenset({"DD/MM/YY", "MM/DD/YY"}),
)


def reader(name: str) -> Callable[[str], Moment]:
    """The function that reads one cell in the format `name`; raises NotInFormatError. Remembers days it has seen."""
    seen: dict[str, Moment] = {}

    def read(text: str) -> Moment:
        moment = seen.get(text)
        if moment is None:
            moment = _read(name, text)
            if len(seen) < 50_000:
                seen[text] = moment
        return moment

    return read


def format_title(name: str) -> str:
    """What people call a format: its own letters, or words."""
    return _(FORMAT_TITLES.get(name, name))


def undecided(text: str) -> Moment:
    """Reads the cells of a column whose format nobody settled: refuses each of them."""
    raise NotInFormatError(
        fault(N_("“%(text)s” is not read: how dates are written here is not settled"), text=text[:40])
    )


def _read(name: str, text: str) -> Moment:
    plain = text.strip()
    if not plain.isascii():
        plain = plain.translate(_DIGITS).translate(_INVISIBLE).strip()
    if name in (EPOCH, EPOCH_MS, EXCEL):
        return _read_number(name, plain)
    match = _SHAPES[name].fullmatch(plain)
    if match is None:
        raise NotInFormatError(
            fault(N_("“%(text)s” is not a date written as %(format)s"), text=text[:40], format=format_title(name))
        )
    try:
        return _moment(name, match)
    except (ValueError, OverflowError):
        raise NotInFormatError(fault(N_("“%(text)s” is not a day of the calendar"), text=text[:40])) from None


def _moment(name: str, match: re.Match[str]) -> Moment:
    parts = match.groupdict()
    year, month, day = int(parts["y"]), int(parts["m"]), int(parts["d"])
    if len(parts["y"]) == 2:
        year += 1900 if year >= 69 else 2000
    if name == "jalali":
        year, month, day = jalali_to_gregorian(year, month, day)
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(year)
    if parts["h"] is None:
        if parts["z"]:
            raise ValueError("a zone without a time")
        return Moment(datetime(year, month, day, tzinfo=UTC), False)
    hour = int(parts["h"])
    if parts["ap"]:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if parts["ap"][0] in "Pp" else 0)
    microsecond = int((parts["f"] or "0")[:6].ljust(6, "0"))
    at = datetime(year, month, day, hour, int(parts["mi"]), int(parts["s"] or 0), microsecond, tzinfo=UTC)
    zone = parts["z"]
    if zone and zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        at = at - offset if zone[0] == "+" else at + offset
    return Moment(at, True)


def _read_number(name: str, plain: str) -> Moment:
    match = _NUMBER.fullmatch(plain)
    if match is None:
        raise NotInFormatError(
            fault(N_("“%(text)s” is not a date written as %(format)s"), text=plain[:40], format=format_title(name))
        )
    value = float(plain)
    if name == EXCEL:
        if not 10_000 <= value < 110_000:  # 1927 to 2201
            raise NotInFormatError(fault(N_("“%(text)s” is not a day of the calendar"), text=plain[:40]))
        whole = value.is_integer()
        return Moment(EXCEL_EPOCH + timedelta(days=value), not whole)
    seconds = value / 1000 if name == EPOCH_MS else value
    if not 0 < seconds < 7_258_118_400:  # to the year 2200
        raise NotInFormatError(fault(N_("“%(text)s” is not a day of the calendar"), text=plain[:40]))
    return Moment(datetime.fromtimestamp(seconds, UTC), True)


@dataclass(frozen=True)
class ColumnFormat:
    """The verdict over a column. `name` is None when it is undecided; then `rivals` says between what.

    `fitting` of `filled` cells fit `name` (or the best rival).
    """

    name: str | None
    rivals: tuple[str, ...]
    fitting: int
    filled: int


class FormatFinder:
    """Counts, for the cells of one column, which formats each could be; `verdict` may be asked at any time."""

    def __init__(self, empty: Iterable[str] = ()) -> None:
        self._empty = {word.casefold() for word in empty}
        self._fits: dict[str, int] = {}
        self._filled = self._readable = 0

    def add(self, text: str) -> None:
        """Take one cell into account; empty ones and words that mean nothing do not count."""
        text = text.strip()
        if not text or text.casefold() in self._empty:
            return
        self._filled += 1
        names = _fitting(text)
        self._readable += bool(names)
        for name in names:
            self._fits[name] = self._fits.get(name, 0) + 1

    def verdict(self) -> ColumnFormat:
        """The one format of the column, for which no other fits as many cells.

        It must fit half of what is filled (the rest being no dates at all) and four of five that are dates somehow.
        """
        if not self._fits:
            return ColumnFormat(None, (), 0, self._filled)
        best = max(self._fits.values())
        leaders = tuple(name for name in FORMATS if self._fits.get(name) == best)
        if len(leaders) > 1 or best * 2 < self._filled or best * 5 < self._readable * 4:
            close = tuple(
                name for name in sorted(self._fits, key=lambda name: -self._fits[name]) if self._fits[name] * 2 > best
            )
            return ColumnFormat(None, close if len(leaders) == 1 else leaders, best, self._filled)
        rival = next((name for pair in _SAME_SHAPE if leaders[0] in pair for name in pair - {leaders[0]}), None)
        beyond_rival = best - self._fits.get(rival or "", 0)
        against = self._readable - best
        if rival and beyond_rival <= 3 * against:
            # 13/04 and 04/13 in one column: a slim majority does not decide what 03/04 means
            return ColumnFormat(None, (leaders[0], rival), best, self._filled)
        return ColumnFormat(leaders[0], (), best, self._filled)


@lru_cache(maxsize=20_000)
def _fitting(text: str) -> tuple[str, ...]:
    return tuple(name for name in FORMATS if _fits(name, text))


def _fits(name: str, text: str) -> bool:
    if name == EXCEL and len(text.strip().split(".")[0]) != 5:
        return False
    if name == EPOCH and len(text.strip().split(".")[0]) not in (9, 10):
        return False
    if name == EPOCH_MS and len(text.strip().split(".")[0]) not in (12, 13):
        return False
    try:
        _read(name, text)
    except NotInFormatError:
        return False
    return True


def looks_like_dates(cells: Iterable[str]) -> bool:
    """Whether most filled cells could be dates of some format (for telling columns apart)."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and sum(1 for cell in filled if _fitting(cell)) * 5 >= len(filled) * 4


def latest_possible(now: datetime) -> datetime:
    """The latest moment at which something can have happened: a day's leave for time zones."""
    return now + timedelta(days=1)


def still_to_come(moment: Moment) -> Fault:
    """Why a moment after `latest_possible` cannot be when something happened."""
    return fault(N_("%(day)s is still to come"), day=moment.at.date())
