"""Reading a channel's log: a table (CSV, XLSX, pasted lines) or mail (EML, mbox), as entries to compare.

Columns are guessed by their names and else by what they hold; every guess is told. Tables are read by
`complaints.importing.reading`, with all its refusals. tests/slices/audits_reconciling/test_reading_logs.py.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime
from enum import Enum
from pathlib import Path

from auditkit.audits.reconciling.rules import MOST_ENTRIES, ColumnUnknown, LogTooLong, LogUnusable
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.complaints.importing.dates import (
    FormatFinder,
    NotInFormatError,
    format_title,
    looks_like_dates,
    reader,
)
from auditkit.complaints.importing.guessing import guess_fields, is_known
from auditkit.complaints.importing.reading import NO_HEADER, Hints, Table, open_table

WHEN, EMAIL, PHONE, WHO, WORDS, REFERENCE = "when", "e-mail", "phone", "who", "words", "reference"
COLUMN_TITLES = {
    WHEN: N_("When"),
    EMAIL: N_("E-mail address"),
    PHONE: N_("Telephone number"),
    WHO: N_("Who"),
    WORDS: N_("What about"),
    REFERENCE: N_("Reference"),
}
_FIELDS = {
    "received": WHEN, "happened": WHEN, "email": EMAIL, "phone": PHONE, "complainant": WHO, "subject": WORDS,
    "description": WORDS, "reference": REFERENCE,
}  # fmt: skip
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_PHONE = re.compile(r"\+?[\d\s()./-]{7,22}")
_REFERENCE = re.compile(r"[^\W\d_]{1,8}[-/#]\d[\w/-]{0,20}")
_HEADER = re.compile(rb"(?i)(from|to|date|subject|received|return-path|delivered-to|message-id|mime-version): ?\S?")
_NEXT_MAIL = re.compile(rb"From \S+ .*\d{4}\s*$")
_LOOKED_AT = 50
_LONGEST_WORDS = 500


Wanted = Mapping[str, str]
"""Role -> column, by its name or its number from one; empty: no column is that."""


@dataclass(frozen=True)
class Line:
    """An entry as it stands in the log. `problem`: why it cannot be read, as (message id, values)."""

    position: int
    line: int
    at: datetime | None = None
    is_day: bool = False
    email: str = ""
    phone: str = ""
    who: str = ""
    words: str = ""
    given: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Log:
    """What was read: the entries, what each column was read as, and what a person is told about the reading."""

    lines: tuple[Line, ...]
    columns: dict[str, str]
    told: tuple[str, ...] = field(default=())

    @property
    def unreadable(self) -> int:
        """How many entries could not be read."""
        return sum(1 for one in self.lines if one.problem)


def read_log(path: Path, wanted: Wanted | None = None) -> Log:
    """Read the log. Raises BadInput with what to do for what is no log, ColumnUnknown, LogTooLong and LogUnusable.

    `wanted`: which column of a table is what, as a person says; roles that are not in it are guessed.
    """
    kind = _kind(path)
    if kind is _Kind.MAILBOX:
        return _mails(_mbox(path))
    if kind is _Kind.MAIL:
        return _mails([path.read_bytes()])
    return _table(path, wanted or {})


def columns_of(path: Path) -> list[tuple[str, str]]:
    """(name, what the first entry holds) of each column of a table; none for mail. Raises BadInput."""
    if _kind(path) is not _Kind.TABLE:
        return []
    table = _opened(path)
    first = next((row.cells for row in table.head(_LOOKED_AT) if row.fault is None), [])
    return [(name, first[place].strip() if place < len(first) else "") for place, name in enumerate(table.columns)]


class _Kind(Enum):
    MAILBOX, MAIL, TABLE = range(3)


def _kind(path: Path) -> _Kind:
    with path.open("rb") as file:
        head = file.read(4_096)
    if _NEXT_MAIL.match(head.split(b"\n", 1)[0]):
        return _Kind.MAILBOX
    return _Kind.MAIL if _HEADER.match(head) and b"\n" in head and not _is_table(head) else _Kind.TABLE


@contextmanager
def pasted(text: str) -> Iterator[Path]:
    """Pasted lines as a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pasted.csv")
        path.write_text(text.replace("\r\n", "\n"), encoding="utf-8")
        yield path


def _is_table(head: bytes) -> bool:
    first = head.split(b"\n", 1)[0]
    return b"," in first or b";" in first or b"\t" in first


# Tables


def _opened(path: Path) -> Table:
    table = open_table(path, Hints(), is_known)
    if table.header_line is not None and _looks_like_data(table):
        table = open_table(path, Hints(header=NO_HEADER), is_known)
    return table


def _table(path: Path, wanted: Wanted) -> Log:
    table = _opened(path)
    columns = _chosen(table, wanted)
    if not set(columns) & {WHEN, EMAIL, PHONE, WORDS, REFERENCE} or set(columns) == {WHEN}:
        raise LogUnusable()
    read_date, said = _dates(table, columns.get(WHEN))
    lines: list[Line] = []
    for row in table.rows():
        if len(lines) >= MOST_ENTRIES:
            raise LogTooLong(limit=MOST_ENTRIES)
        if row.fault is not None:
            lines.append(Line(row.number, row.line, problem=row.fault.text[:300]))
            continue
        cells = {role: row.cells[place].strip() for role, place in columns.items()}
        at, is_day = read_date(cells.get(WHEN, ""))
        lines.append(
            Line(
                row.number,
                row.line,
                at,
                is_day,
                cells.get(EMAIL, ""),
                cells.get(PHONE, ""),
                cells.get(WHO, ""),
                cells.get(WORDS, "")[:_LONGEST_WORDS],
                cells.get(REFERENCE, "")[:200],
            )
        )
    if not lines:
        raise BadInput(N_("The log has no entries. Export it again and check what it holds"))
    names = {role: table.columns[place] for role, place in columns.items()}
    return Log(tuple(lines), names, (*(one.text for one in table.announcements), *said))


def _looks_like_data(table: Table) -> bool:
    """Whether the row taken for names holds an address or a date: pasted lines seldom have names."""
    return any(_EMAIL.search(name) or looks_like_dates([name]) for name in table.original_names if name.strip())


def _chosen(table: Table, wanted: Wanted) -> dict[str, int]:
    """Role -> position: what a person said, and for the roles they did not speak of what is guessed."""
    said = {role: _place(table, column) for role, column in wanted.items() if column}
    found = _columns(table, said, frozenset(wanted))
    return {role: place for role, place in found.items() if role in said or role not in wanted}


def _place(table: Table, column: str) -> int:
    """The position of a column, given by its name or by its number from one. Raises ColumnUnknown."""
    names = [name.strip().casefold() for name in table.columns]
    if column.strip().casefold() in names:
        return names.index(column.strip().casefold())
    if column.strip().isdecimal() and 1 <= int(column) <= len(names):
        return int(column) - 1
    raise ColumnUnknown(column=column.strip()[:60], columns=list(table.columns))


def _columns(table: Table, said: dict[str, int], settled: frozenset[str]) -> dict[str, int]:
    """Role -> position: as `said`, then by name and by content for roles not `settled`; each column has one role."""
    chosen, _doubtful = guess_fields(table.original_names)
    found = dict(said)
    for name, place in chosen.items():
        role = _FIELDS.get(name)
        if role and role not in found and role not in settled and place not in found.values():
            found[role] = place
    rows = [row.cells for row in table.head(_LOOKED_AT) if row.fault is None]
    for place in range(len(table.columns)):
        cells = [cells[place] for cells in rows if cells[place].strip()]
        if not cells:
            continue
        may_be = found.get(WHO) == place and WHO not in said and EMAIL not in {*found, *settled}
        if may_be and _most(cells, _EMAIL.search):
            found[EMAIL] = found.pop(WHO)
        if place in found.values():
            continue
        for role, fits in _HOLDS:
            free = role not in found and role not in settled
            if free and (looks_like_dates(cells) if fits is None else _most(cells, fits)):
                found[role] = place
                break
    return found


def _is_text(cell: str) -> bool:
    return len(cell.split()) >= 2


def _most(cells: list[str], fits: Callable[[str], object]) -> bool:
    return sum(1 for cell in cells if fits(cell.strip())) * 5 >= len(cells) * 4


# What a column without a known name is taken for, by what most of its cells are; None asks whether they are dates.
_HOLDS: tuple[tuple[str, Callable[[str], object] | None], ...] = (
    (EMAIL, _EMAIL.search),
    (WHEN, None),
    (REFERENCE, _REFERENCE.fullmatch),
    (PHONE, _PHONE.fullmatch),
    (WORDS, _is_text),
)


Dates = Callable[[str], tuple[datetime | None, bool]]


def _dates(table: Table, place: int | None) -> tuple[Dates, list[str]]:
    """What reads the cells of the column of dates, and what is to be told of it: a doubtful date is not compared."""
    if place is None:
        return lambda _text: (None, False), []
    finder = FormatFinder()
    for row in table.rows():
        if row.fault is None:
            finder.add(row.cells[place])
    verdict = finder.verdict()
    if verdict.name is None:
        return lambda _text: (None, False), [_("How dates are written is not settled, so days are not compared")]
    read = reader(verdict.name)

    def read_date(text: str) -> tuple[datetime | None, bool]:
        try:
            moment = read(text)
        except NotInFormatError:  # an entry without a date is compared by the rest
            return None, False
        return moment.at, not moment.has_time

    return read_date, [_("Days are read as %(format)s", format=format_title(verdict.name))]


# Mail


def _mbox(path: Path) -> Iterator[bytes]:
    """The messages of an mbox, split at its From lines; only as much of each as its head."""
    with path.open("rb") as file:
        current: list[bytes] = []
        in_head = True
        for line in file:
            if _NEXT_MAIL.match(line):
                if current:
                    yield b"".join(current)
                current, in_head = [], True
                continue
            if in_head:
                current.append(line)
                in_head = bool(line.strip())
        if current:
            yield b"".join(current)


def _mails(heads: Iterable[bytes]) -> Log:
    lines = []
    for number, head in enumerate(heads, start=1):
        if number > MOST_ENTRIES:
            raise LogTooLong(limit=MOST_ENTRIES)
        lines.append(_mail(number, message_from_bytes(head, policy=policy.default)))
    if not lines:
        raise BadInput(N_("The log has no entries. Export it again and check what it holds"))
    return Log(tuple(lines), {EMAIL: "From", WHEN: "Date", WORDS: "Subject"})


def _mail(number: int, message: Message) -> Line:
    sender = str(message.get("From", ""))
    found = _EMAIL.search(sender)
    at: datetime | None = None
    try:
        at = parsedate_to_datetime(str(message.get("Date", "")))
    except ValueError:  # a mail without a date that can be read is compared by the rest
        at = None
    if at is not None:
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    words = str(message.get("Subject", ""))[:_LONGEST_WORDS]
    if not found and not words:
        return Line(number, number, problem=_("There is neither a sender nor a subject"))
    return Line(number, number, at, False, found[0] if found else "", "", sender[:200], words)
