"""Records of a CSV text: each with the line it begins on, and broken quotes that spoil one row instead of the rest.

Python's csv module does the parsing (strictly); this module feeds it lines, so that a quote that is never closed can
be taken back to the line after it. Pure but for the stream it is given; checked (with the csv-spectrum files) by
tests/rules/test_importing_delimited.py.
"""

import csv
import io
import math
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import TextIO

from auditkit.base.text import N_
from auditkit.complaints.importing.announcements import Fault, fault
from auditkit.complaints.importing.limits import MAX_CELL, MAX_COLUMNS, MAX_LINE

DELIMITERS = (",", ";", "\t", "|")
NUL = "\0"
_MAX_REPAIRS = 200  # taking lines back again and again would make a hostile file quadratic
_SHOWN = 80

Record = tuple[int, list[str], Fault | None, bool]  # line, cells, fault, whether NUL characters were taken out


class LineFeed:
    """Lines for the csv reader; remembers those of the record being read, so that they can be read again."""

    def __init__(self, stream: TextIO, first_line: int = 1) -> None:
        self._read = stream.readline
        self._again: deque[str] = deque()
        self.held: list[str] = []
        self.next_line = first_line
        self.nul = False
        self.too_long = False

    def __iter__(self) -> Iterator[str]:
        """The lines, each remembered in `held` until the record is complete."""
        read = self._read
        held = self.held
        while True:
            line = self._again.popleft() if self._again else read(MAX_LINE)
            if not line:
                return
            if len(line) >= MAX_LINE and line[-1] not in "\r\n":
                line = self._skip_long_line(line)
            if NUL in line:
                line = line.replace(NUL, "")
                self.nul = True
            self.next_line += 1
            held.append(line)
            yield line

    def _skip_long_line(self, start: str) -> str:
        """Read past a line without an end; what is handed on is short, and `too_long` tells."""
        self.too_long = True
        while True:
            more = self._read(MAX_LINE)
            if not more or more[-1] in "\r\n":
                return start[:_SHOWN].replace('"', "") + "\n"

    def take_back(self, from_line: int) -> None:
        """Give the held lines again, starting with `from_line`."""
        keep = self.held[from_line - self.next_line :]
        self._again.extendleft(reversed(keep))
        self.next_line = from_line
        self.held.clear()


def records(stream: TextIO, delimiter: str) -> Iterator[Record]:
    """Every record of the text. Blank lines come as empty cells; a faulty record carries what was read of it."""
    feed = LineFeed(stream)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    held = feed.held
    repairs = 0
    while True:
        line = feed.next_line
        held.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last = feed.next_line - 1
            shown = [text.rstrip("\r\n")[:_SHOWN] for text in held[:1]]
            if last > line and repairs < _MAX_REPAIRS:
                repairs += 1
                yield line, shown, _parse_fault(str(error), line, line), feed.nul
                feed.take_back(line + 1)
                reader = csv.reader(feed, delimiter=delimiter, strict=True)  # the old one may have seen the end
            else:
                yield line, shown, _parse_fault(str(error), line, last), feed.nul
            feed.nul = feed.too_long = False
            continue
        if feed.nul or feed.too_long or len(cells) > MAX_COLUMNS:
            problem = None
            if feed.too_long:
                problem = fault(N_("The line is longer than %(limit)s characters"), limit=f"{MAX_LINE:,}")
            elif len(cells) > MAX_COLUMNS:
                problem = fault(
                    N_("%(count)s cells in one row; at most %(limit)s are read"), count=len(cells), limit=MAX_COLUMNS
                )
                cells = cells[:10]
            yield line, cells, problem, feed.nul
            feed.nul = feed.too_long = False
            continue
        yield line, cells, None, False


def _parse_fault(error: str, first: int, last: int) -> Fault:
    if "field limit" in error or "field larger" in error:
        return fault(
            N_(
                "A cell is longer than %(limit)s characters, or a quotation mark that opens a cell is never closed. "
                "Shorten the text or add the missing mark"
            ),
            limit=f"{MAX_CELL:,}",
        )
    if "unexpected end" in error:
        return fault(N_("A quotation mark opens a cell and is never closed. Add the missing mark"))
    if last > first:
        return fault(
            N_("The quotation marks in lines %(first)s to %(last)s do not pair. A mark inside a text is written twice"),
            first=first,
            last=last,
        )
    return fault(N_("The quotation marks do not pair. A mark inside a text is written twice"))


def best_delimiter(text: str) -> tuple[str, bool]:
    """(delimiter, whether another one would fit about as well) for the first lines of a file.

    The one whose rows agree best on their number of cells; a file of one column gives a comma.
    """
    scores = sorted(((_agreement(text, delimiter), delimiter) for delimiter in DELIMITERS), reverse=True)
    best, delimiter = scores[0]
    if best <= 0:
        return ",", False
    return delimiter, scores[1][0] > best * 0.8


def _agreement(text: str, delimiter: str) -> float:
    widths = _widths(text, delimiter)
    wide = [width for width in widths if width > 1]
    if not wide:
        return 0.0
    width, agreeing = Counter(wide).most_common(1)[0]
    return float(agreeing / len(widths) * math.sqrt(min(width, 12)))


def _widths(text: str, delimiter: str) -> list[int]:
    widths = []
    for _line, cells, problem, _nul in records(io.StringIO(text, newline=""), delimiter):
        if problem is None and any(cells):
            widths.append(len(cells))
        if len(widths) >= 200:
            break
    return widths[:-1] if len(widths) > 3 else widths  # the last one may be cut off


def numbered(rows: Iterable[list[str]], first: int = 1) -> Iterator[Record]:
    """Records of rows that come from a workbook: line is the sheet's row."""
    for line, cells in enumerate(rows, first):
        yield line, cells, None, False
