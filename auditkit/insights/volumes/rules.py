"""Volumes of a month as people and files write them. Pure. Checked by tests/rules/test_volumes_rules.py."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from auditkit.base.errors import BadInput
from auditkit.base.events import event
from auditkit.base.folding import fold
from auditkit.base.text import N_, _

VOLUME_SET = event("figures:volume-set", N_("Orders, contracts or customers of a month entered"))
VOLUMES_BROUGHT_IN = event("figures:volumes-brought-in", N_("Orders, contracts or customers brought in from a file"))
VOLUME_TAKEN_OUT = event("figures:volume-taken-out", N_("Orders, contracts or customers of a month taken out"))
MOST = 1_000_000_000
MOST_ROWS = 5_000
MOST_FAULTS = 50
LARGEST = 2_000_000
"""Bytes of a file."""
LONGEST, LONGEST_SITE = 60, 200
HEADINGS = (N_("Month"), N_("What is counted"), N_("How many"), N_("Site"))
_MONTH = re.compile(r"(\d{4})-(\d{1,2})(?:-0?1(?:[T ]00:00(?::00)?)?)?")
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f'’.,\u066c]\d{3})+")


class VolumeImpossible(BadInput):
    message = N_("Enter a whole number from 1 to 1,000,000,000")


class MonthUnreadable(BadInput):
    message = N_("Enter a month, such as 2026-03")


class MonthToCome(BadInput):
    message = N_("%(month)s has not begun yet")


class CountsMissing(BadInput):
    message = N_("Say what is counted, such as orders")


class FileTooLarge(BadInput):
    message = N_("The file is larger than %(size)s MB. A table of months is a few kilobytes: choose that file")


class TooManyRows(BadInput):
    message = N_("The file has more than %(most)s rows. Bring it in in parts")


class FileEmpty(BadInput):
    message = N_("The file has no row with a month, what is counted and how many")


class RowsRefused(BadInput):
    """`faults`: one sentence for each row that cannot be read, with its line."""

    message = N_("Nothing was taken over. Mend the rows named below and bring the file in again")

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__()
        self.faults = tuple(faults)


@dataclass(frozen=True)
class Volume:
    """How many there were of what in a month, at one site or (`site` empty) in the whole organisation."""

    month: date
    counts: str
    number: int
    site: str = ""


def month_of(text: str, today: date) -> date:
    """The first day of a month written as 2026-03 (or as its first day). Raises MonthUnreadable, MonthToCome."""
    found = _MONTH.fullmatch(text.strip())
    try:
        month = date(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        month = None
    if month is None or month.year < 1900:
        raise MonthUnreadable
    if month > today:
        raise MonthToCome(month=f"{month:%Y-%m}")
    return month


def number_of(text: str) -> int:
    """A whole number as people write it: 1500, 1 500, 1,500, ۱۵۰۰. Raises VolumeImpossible."""
    plain = text.strip().removesuffix(".0")
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"\D", "", plain)
    return checked_number(int(plain) if plain.isdecimal() and len(plain) <= 12 else None)


def checked_number(number: int | None) -> int:
    """Raises VolumeImpossible."""
    if number is None or not 1 <= number <= MOST:
        raise VolumeImpossible
    return number


def checked_counts(text: str, known: Iterable[str] = ()) -> str:
    """What is counted, spelt as before where it was counted before. Raises CountsMissing."""
    found = " ".join(text.split())[:LONGEST]
    if not found:
        raise CountsMissing
    return _spelt(found, known)


def checked_site(text: str, known: Iterable[str] = ()) -> str:
    """The site, spelt as in the register or as before; empty for the whole organisation."""
    return _spelt(" ".join(text.split())[:LONGEST_SITE], known)


def _spelt(found: str, known: Iterable[str]) -> str:
    return next((one for one in known if fold(one) == fold(found)), found)


Line = tuple[int, Sequence[str], str]
"""Of a file: its line, its cells, and why they cannot be read (empty: they can)."""


def read(lines: Iterable[Line], known: Sequence[str], today: date, sites: Sequence[str] = ()) -> list[Volume]:
    """The rows of a file: month, what is counted, how many, and perhaps the site. A first row of headings is no row.

    `known` and `sites` say how words are spelt. Raises RowsRefused with every row that is wrong, FileEmpty.
    """
    found: dict[tuple[date, str, str], tuple[int, Volume]] = {}
    faults: list[str] = []
    spelt, spelt_sites = list(known), list(sites)
    for place, (line, cells, problem) in enumerate(lines):
        if place == 0 and not problem and _names_columns(cells):
            continue
        try:
            volume = _row(cells, problem, (spelt, spelt_sites), today)
        except BadInput as refusal:
            faults.append(_("Row %(line)s: %(why)s", line=line, why=str(refusal)))
            continue
        spelt += [] if volume.counts in spelt else [volume.counts]
        spelt_sites += [volume.site] if volume.site and volume.site not in spelt_sites else []
        key = volume.month, volume.counts, volume.site
        if key in found:
            faults.append(_same(line, found[key][0], volume))
        found[key] = line, volume
    if faults:
        raise RowsRefused(faults[:MOST_FAULTS] + _rest(len(faults) - MOST_FAULTS))
    if not found:
        raise FileEmpty
    return [volume for _line, volume in found.values()]


def _names_columns(cells: Sequence[str]) -> bool:
    return not any(character.isdecimal() for cell in cells for character in cell)


def _row(cells: Sequence[str], problem: str, known: tuple[Sequence[str], Sequence[str]], today: date) -> Volume:
    if problem:
        raise BadInput(problem)
    filled = [*cells, "", "", "", ""]
    if any(cell.strip() for cell in filled[4:]):
        raise BadInput(N_("There are more than four cells: month, what is counted, how many, site"))
    kinds, sites = known
    month, counts = month_of(filled[0], today), checked_counts(filled[1], kinds)
    return Volume(month, counts, number_of(filled[2]), checked_site(filled[3], sites))


def _same(line: int, before: int, volume: Volume) -> str:
    return _(
        "Row %(line)s: %(month)s, %(counts)s stands in row %(before)s already",
        line=line, month=f"{volume.month:%Y-%m}", before=before,
        counts=", ".join(filter(None, (volume.counts, volume.site))),
    )  # fmt: skip


def _rest(number: int) -> list[str]:
    return [_("and %(number)s more rows", number=number)] if number > 0 else []


def table(volumes: Iterable[Volume]) -> Iterator[tuple[str, str, int, str]]:
    """Rows of the file that brings the same in again, below `HEADINGS`."""
    for one in volumes:
        yield f"{one.month:%Y-%m}", one.counts, one.number, one.site
