"""From the cells of a row to the fields of a complaint, or to the reason why not. Pure.

Texts are kept exactly as they are (formula-like and markup-like ones too; output neutralises them), but for blanks
around them and characters that a database cannot hold. Checked by tests/rules/test_importing_mapping.py.
"""

import hashlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auditkit.base.folding import fold
from auditkit.base.text import N_, _
from auditkit.complaints.importing.announcements import Fault, Row, fault
from auditkit.complaints.importing.dates import Moment, NotInFormatError, impossible, reader, undecided
from auditkit.complaints.importing.fields import DATES, FIELDS
from auditkit.complaints.importing.planning import FieldSource, Plan
from auditkit.complaints.importing.words import CHANNEL_WORDS, OTHER_CHANNEL, STATE_WORDS, State, is_total

CLOSED_BEFORE_RECEIVED = "closed_before_received"
CLOSED_THOUGH_OPEN = "closed_date_though_open"
CLOSED_WITHOUT_DATE = "closed_without_date"
CHARACTERS_REMOVED = "characters_removed"

WARNINGS: dict[str, str] = {
    CLOSED_BEFORE_RECEIVED: N_("closed before it was received; kept as it is"),
    CLOSED_THOUGH_OPEN: N_("has a date of closing though its status is open; kept as it is"),
    CHARACTERS_REMOVED: N_("characters that no database can hold were taken out"),
}


@dataclass(slots=True)
class MappedRow:
    """A row that can become a complaint. `key` tells it apart within its source; `digest` is of all its cells."""

    number: int
    line: int
    key: str
    digest: bytes
    received: Moment
    closed: Moment | None
    state: State
    channel: str
    reference: str | None
    texts: dict[str, str]
    kept: dict[str, str]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Refused:
    """A row that cannot become a complaint, and why. `left_out`: it is no complaint at all (a line of totals)."""

    row: Row
    fault: Fault
    left_out: bool = False


Outcome = MappedRow | Refused


class RowMapper:
    """Maps rows by a plan. `now` is the time of the import: nothing can have been received after it."""

    def __init__(self, plan: Plan, now: datetime) -> None:
        self._plan = plan
        self._now = now
        self._empty = {word.casefold() for word in plan.profile.empty}
        self._texts = [
            (name, self._text_reader(source))
            for name, source in plan.sources.items()
            if name not in DATES and name not in ("reference", "channel", "status")
        ]
        self._dates = {
            name: (
                source.positions[0],
                reader(source.date_format) if source.date_format else undecided,
                self._empty_words(source),
            )
            for name, source in plan.sources.items()
            if name in DATES
        }
        self._reference = self._optional_reader("reference")
        self._channel = self._choice("channel", CHANNEL_WORDS, OTHER_CHANNEL)
        self._status = self._choice("status", STATE_WORDS, None)
        self._refuse_undated = plan.profile.closed_without_date == "refuse"

    def map(self, row: Row) -> Outcome:
        """The complaint of `row`, or the reason why there is none."""
        if row.fault is not None:
            return Refused(row, row.fault)
        cells = row.cells
        problem = self._odd_cell(cells)
        if problem is not None:
            return Refused(row, problem)
        try:
            received = self._date("received", cells)
            closed = self._date("closed", cells)
        except NotInFormatError as error:
            return self._refused_date(row, error.args[0])
        if received is None:
            return Refused(row, fault(N_("%(column)s: there is no date of receipt"), column=self._column("received")))
        problem = impossible(received, self._now) or (closed and impossible(closed, self._now))
        if problem is not None:
            return Refused(row, problem)
        channel = self._channel(cells)
        state = self._status(cells)
        if isinstance(channel, Fault):
            return Refused(row, channel)
        if isinstance(state, Fault):
            return Refused(row, state)
        return self._mapped(row, received, closed, channel or OTHER_CHANNEL, state)

    def _mapped(self, row: Row, received: Moment, closed: Moment | None, channel: str, state: str | None) -> Outcome:
        cells = row.cells
        warnings: list[str] = [CHARACTERS_REMOVED] if row.remark else []
        if state is None:
            state = State.CLOSED if closed else State.OPEN
        if closed is not None:
            if closed.at < received.at and closed.at.date() < received.at.date():
                warnings.append(CLOSED_BEFORE_RECEIVED)
        elif state == State.CLOSED and self._refuse_undated:
            return Refused(
                row,
                fault(
                    N_(
                        "The complaint is closed but has no date of closing. Add the date, or say in a profile "
                        "closed_without_date: unknown"
                    )
                ),
            )
        texts: dict[str, str] = {}
        for name, read in self._texts:
            text = read(cells)
            if len(text) > FIELDS[name].longest:
                return Refused(row, self._too_long(name, text))
            if text:
                texts[name] = text
        if "subject" not in texts and "description" not in texts:
            return Refused(row, fault(N_("There is neither a subject nor a description")))
        reference = self._reference(cells) or None
        if reference and len(reference) > FIELDS["reference"].longest:
            return Refused(row, self._too_long("reference", reference))
        digest = row_digest(cells)
        return MappedRow(
            row.number,
            row.line,
            f"r:{reference_key(reference)}" if reference else f"d:{digest.hex()}",
            digest,
            received,
            closed,
            State(state),
            channel,
            reference,
            texts,
            {name: cells[position] for name, position in self._plan.kept.items() if cells[position]},
            tuple(warnings),
        )

    def _refused_date(self, row: Row, problem: Fault) -> Refused:
        if is_total(row.cells):
            return Refused(
                row,
                fault(N_("A line of totals (%(text)s), no complaint"), text=" ".join(row.cells).strip()),
                left_out=True,
            )
        return Refused(row, problem)

    def _odd_cell(self, cells: list[str]) -> Fault | None:
        for cell in cells:
            if not cell.isascii() and "\ufffd" in cell:
                return fault(
                    N_("The text has characters that were lost when the file was made (\ufffd). Export it again")
                )
        return None

    def _date(self, name: str, cells: list[str]) -> Moment | None:
        entry = self._dates.get(name)
        if entry is None:
            return None
        position, read, empty = entry
        text = cells[position]
        if not text or not text.strip() or text.strip().casefold() in empty:
            return None
        try:
            return read(text)
        except NotInFormatError as error:
            inner: Fault = error.args[0]
            raise NotInFormatError(
                fault("%(column)s: %(problem)s", column=self._column(name), problem=inner.text)
            ) from None

    def _column(self, name: str) -> str:
        columns = self._plan.columns_of(name)
        return columns[0] if columns else _(FIELDS[name].title)

    def _empty_words(self, source: FieldSource) -> set[str]:
        return self._empty | {word.casefold() for word in source.use.empty}

    def _too_long(self, name: str, text: str) -> Fault:
        return fault(
            N_("%(column)s: the text has %(length)s characters; at most %(longest)s are kept. Shorten it"),
            column=self._column(name),
            length=len(text),
            longest=FIELDS[name].longest,
        )

    def _optional_reader(self, name: str) -> Callable[[list[str]], str]:
        source = self._plan.sources.get(name)
        return self._text_reader(source) if source else lambda _cells: ""

    def _text_reader(self, source: FieldSource) -> Callable[[list[str]], str]:
        use = source.use
        empty = self._empty_words(source)
        values = {word.casefold(): value for word, value in use.values.items()}
        if use.constant is not None:
            constant = use.constant
            return lambda _cells: constant
        if len(source.positions) > 1:
            positions, separator = source.positions, use.separator

            def joined(cells: list[str]) -> str:
                parts = (cells[position].strip() for position in positions)
                return separator.join(part for part in parts if part and part.casefold() not in empty)

            return joined
        position = source.positions[0]

        def read(cells: list[str]) -> str:
            text = cells[position]
            if not text:
                return ""
            plain = text.strip(" ")
            if len(plain) < 40 and plain.casefold() in empty:
                return ""
            return values.get(plain.casefold(), plain) if values else plain

        return read

    def _choice(
        self, name: str, words: dict[str, str], unknown: str | None
    ) -> Callable[[list[str]], str | Fault | None]:
        """Reads a column of words that the profile (or, in a guess, the common words) turns into ours."""
        source = self._plan.sources.get(name)
        if source is None:
            return lambda _cells: None
        use = source.use
        if use.constant is not None:
            constant = use.constant
            return lambda _cells: constant
        exact = {fold(word): value for word, value in use.values.items() if not word.endswith("*")}
        prefixes = tuple((fold(word[:-1]), value) for word, value in use.values.items() if word.endswith("*"))
        position, empty = source.positions[0], self._empty_words(source)
        known: dict[str, str | Fault | None] = {}

        def decide(text: str) -> str | Fault | None:
            folded = " ".join(fold(text).split())
            if not folded or text.strip().casefold() in empty:
                return None
            if folded in exact:
                return exact[folded]
            for prefix, value in prefixes:
                if folded.startswith(prefix):
                    return value
            if folded in words:
                return words[folded]
            if use.otherwise is not None or unknown is not None:
                return use.otherwise or unknown
            return fault(
                N_("%(column)s: “%(text)s” is not known. Say in a profile what it means (values: …)"),
                column=self._column(name),
                text=text[:60],
            )

        def read(cells: list[str]) -> str | Fault | None:
            text = cells[position]
            if text not in known:
                if len(known) > 5_000:
                    known.clear()
                known[text] = decide(text)
            return known[text]

        return read


def reference_key(reference: str) -> str:
    """References are the same when they differ in case and blanks only (accents do tell them apart: Ş-1, S-1)."""
    return " ".join(unicodedata.normalize("NFC", reference).casefold().split())


def row_digest(cells: list[str]) -> bytes:
    """SHA-256 of a row's cells (UTF-8, each ended by U+001F): equal only for rows that say the same in every cell."""
    return hashlib.sha256("\x1f".join([*cells, ""]).encode()).digest()
