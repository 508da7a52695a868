"""What a frozen input consists of, its bytes, and how two of them differ. Pure.

Everything in it is text under names that stay, so that anybody can read the JSON and compute its digest without
auditkit. Words of lists stand in English, as the program calls them; they are translated when they are shown.
tests/slices/reviews/test_reviews_verbs.py holds it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import rfc8785

from auditkit.base.calendar.days import zone_of
from auditkit.base.calendar.spans import day_of, start_of

FORMAT = "auditkit review input 2"
WITHOUT_ZONE = "auditkit review input 1"
"""What was written before the zone was kept: moments were counted by UTC."""


@dataclass(frozen=True)
class Span:
    """The days an input looks at (both included), the moment it is computed for, and the period before, as long.

    `zone`: by whose clocks they are counted (IANA name), as the organisation had it on the day; empty: UTC.
    """

    first: date
    last: date
    until: datetime
    zone: str = ""

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Span":
        """The period of the same length that ends the day before; computed for its own last moment."""
        last = self.first - timedelta(days=1)
        return Span(last - timedelta(days=self.days - 1), last, self.begins, self.zone)

    @property
    def begins(self) -> datetime:
        """The first moment of the period, in UTC."""
        return self._start_of(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after the period, and never after the moment it is computed for."""
        return min(self._start_of(self.last + timedelta(days=1)), self.until)

    @property
    def today(self) -> date:
        """The day of the moment it is computed for."""
        return day_of(self.until, zone_of(self.zone or "UTC"))

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment lies in the period."""
        return moment is not None and self.begins <= moment < self.ends

    def _start_of(self, day: date) -> datetime:
        return start_of(day, zone_of(self.zone or "UTC"))


@dataclass(frozen=True)
class Figure:
    """A number: `value` as decimal text, empty where it cannot be told. `of`: what it is a share of or counted among.

    `before`: the same of the period before; `unit`: number, percent, hours, days, money or score.
    `note`: message id of why it cannot be told.
    """

    name: str
    value: str
    unit: str = "number"
    of: str = ""
    before: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """Records behind the figures. The first cell of a row names it."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Content:
    """An input: period, moment, zone, figures, tables, and message ids of what it leaves out."""

    input: str
    first: str
    last: str
    until: str
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...] = ()
    left_out: tuple[str, ...] = ()
    zone: str = ""

    @property
    def span(self) -> Span:
        """What it was computed for."""
        first, last = date.fromisoformat(self.first), date.fromisoformat(self.last)
        return Span(first, last, datetime.fromisoformat(self.until), self.zone)


def made(
    name: str, span: Span, figures: Iterable[Figure], tables: Iterable[Table] = (), left_out: Iterable[str] = ()
) -> Content:
    """An input computed for `span`."""
    return Content(
        name,
        span.first.isoformat(),
        span.last.isoformat(),
        span.until.isoformat(),
        tuple(figures),
        tuple(tables),
        tuple(left_out),
        span.zone,
    )


def canonical(content: Content) -> bytes:
    """The bytes of an input (RFC 8785)."""
    plain = {name: _plain(value) for name, value in asdict(content).items()}
    return bytes(rfc8785.dumps({"format": FORMAT, **plain}))


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def read(text: str) -> Content:
    """What `canonical` wrote. Raises KeyError or ValueError for anything else."""
    plain = json.loads(text)
    if plain.pop("format") not in (FORMAT, WITHOUT_ZONE):
        raise ValueError("not an input of a review")
    return Content(
        input=plain["input"],
        first=plain["first"],
        last=plain["last"],
        until=plain["until"],
        figures=tuple(Figure(**one) for one in plain["figures"]),
        tables=tuple(
            Table(one["name"], tuple(one["columns"]), tuple(tuple(row) for row in one["rows"]))
            for one in plain["tables"]
        ),
        left_out=tuple(plain["left_out"]),
        zone=plain.get("zone", ""),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def decimal_text(value: float | Decimal | int | None, places: int = 1) -> str:
    """A number as decimal text without zeros at the end; empty for None."""
    if value is None:
        return ""
    rounded = round(Decimal(str(value)), places)
    return format(rounded.normalize(), "f") if rounded else "0"


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal; empty of nothing."""
    return decimal_text(Decimal(100 * part) / whole) if whole else ""


@dataclass(frozen=True)
class Difference:
    """What an input says now and did not, or the other way round. `row`: the record it is about, empty for a figure."""

    where: str
    row: str
    then: str
    now: str


def differences(then: Content, now: Content) -> list[Difference]:
    """How an input computed again differs from the frozen one; empty where it says the same."""
    return [*_figures(then, now), *_rows(then, now)]


def _figures(then: Content, now: Content) -> Iterator[Difference]:
    old, new = ({one.name: one for one in content.figures} for content in (then, now))
    for name in dict.fromkeys([*old, *new]):
        one, other = old.get(name), new.get(name)
        if one != other:
            yield Difference(name, "", _said(one), _said(other))


def _said(figure: Figure | None) -> str:
    if figure is None:
        return ""
    of = f" / {figure.of}" if figure.of else ""
    before = f" ({figure.before})" if figure.before else ""
    return f"{figure.value}{of}{before}"


def _rows(then: Content, now: Content) -> Iterator[Difference]:
    old, new = ({one.name: one for one in content.tables} for content in (then, now))
    for name in dict.fromkeys([*old, *new]):
        first, second = (
            {row[0]: row for row in (tables[name].rows if name in tables else ())} for tables in (old, new)
        )
        for key in dict.fromkeys([*first, *second]):
            if first.get(key) != second.get(key):
                yield Difference(name, key, *(" · ".join(side.get(key, ())[1:]) for side in (first, second)))
