"""From the cells of a row to the fields of a complaint, or to the reason why not. Pure.

Texts are kept exactly as they are (formula-like and markup-like ones too; output neutralises them), but for blanks
around them and characters that a database cannot hold. Checked by tests/rules/test_importing_mapping.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from auditkit.base.folding import fold
from auditkit.base.text import N_, _
from auditkit.complaints.importing.announcements import Fault, Row, fault
from auditkit.complaints.importing.dates import (
    Moment,
    NotInFormatError,
    latest_possible,
    reader,
    still_to_come,
    undecided,
)
from auditkit.complaints.importing.fields import DATES, FIELDS, TEXTS
from auditkit.complaints.importing.planning import FieldSource, Plan
from auditkit.complaints.importing.rules import reference_key, row_digest
from auditkit.complaints.importing.words import (
    CHANNEL_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    SEVERITY_WORDS,
    STAGE_WORDS,
    is_total,
)
from auditkit.complaints.rules import Kind, Stage, closes_before_received

CLOSED_BEFORE_RECEIVED = "closed_before_received"
CHARACTERS_REMOVED = "characters_removed"
WARNINGS: dict[str, str] = {
    CLOSED_BEFORE_RECEIVED: N_("%(count)s rows were closed before they were received; kept as they are and marked"),
    CHARACTERS_REMOVED: N_("%(count)s rows held characters that no database can store (NUL); these were taken out"),
}
HAPPENED_LATER = "happened_after_received"  # told, but it says nothing about handling, so it is no warning
CLOSED_WITHOUT_DATE = "closed_without_date"
CLOSED_BY_DATE = "closed_by_date"
REMARKS: dict[str, str] = {
    HAPPENED_LATER: N_("%(count)s rows say it happened after it was received; kept as they are"),
    CLOSED_WITHOUT_DATE: N_("%(count)s rows are closed without a date of closing; imported with the date unknown"),
    CLOSED_BY_DATE: N_("%(count)s rows have an open status and a date of closing; imported as closed"),
}

_OURS_ONLY = ("kind", "outcome", "severity")  # of these the file's own word is not kept
_LONGEST_REFERENCE = FIELDS["reference"].longest
Meaning = tuple[str, str] | Fault  # what a word means and the word itself, or why that cannot be said


@dataclass(slots=True)
class MappedRow:
    """A row that can become a complaint. `digest` is of all its cells; `key` of its reference, if it has one."""

    number: int
    line: int
    digest: bytes
    key: bytes | None
    reference: str
    received: Moment
    happened: datetime | None
    acknowledged: Moment | None
    decided: Moment | None
    closed: Moment | None
    closes_before_received: bool
    stage: str
    outcome: str
    channel: str
    status: str
    texts: dict[str, str]
    remarks: tuple[str, ...]
    kind: str = Kind.COMPLAINT.value
    severity: str = ""


@dataclass(slots=True)
class Refused:
    """A row that cannot become a complaint, and why. `left_out`: it is no complaint at all (a line of totals)."""

    row: Row
    fault: Fault
    left_out: bool = False


class _RefusedRowError(Exception):
    """Ends the mapping of one row; `args[0]` is the Fault."""


class RowMapper:
    """Maps rows by a plan. `now` is the time of the import: nothing can have been received after it."""

    def __init__(self, plan: Plan, now: datetime) -> None:
        self._plan = plan
        self._latest = latest_possible(now)
        self._source = plan.profile.source_name
        self._empty = {word.casefold() for word in plan.profile.empty}
        sources = plan.sources
        self._texts = [
            (name, FIELDS[name].longest, self._text_reader(sources[name])) for name in TEXTS if name in sources
        ]
        self._dates = {name: self._date_reader(name) for name in DATES if name in sources}
        self._reference = self._text_reader(sources["reference"]) if "reference" in sources else None
        self._channel = self._meaning_reader("channel", CHANNEL_WORDS, keeps_unknown=True)
        self._kind = self._meaning_reader("kind", KIND_WORDS, keeps_unknown=False)
        self._status = self._meaning_reader("status", STAGE_WORDS, keeps_unknown=False)
        self._outcome = self._meaning_reader("outcome", OUTCOME_WORDS, keeps_unknown=False)
        self._severity = self._meaning_reader("severity", SEVERITY_WORDS, keeps_unknown=False)

    def map(self, row: Row) -> MappedRow | Refused:
        """The complaint of `row`, or the reason why there is none."""
        if row.fault is not None:
            return Refused(row, row.fault)
        try:
            return self._map(row)
        except NotInFormatError as error:
            if is_total(row.cells):
                text = " ".join(row.cells).strip()
                return Refused(row, fault(N_("A line of totals, no complaint: %(text)s"), text=text), left_out=True)
            return Refused(row, error.args[0])
        except _RefusedRowError as error:
            return Refused(row, error.args[0])

    def meaning_of(self, name: str, word: str) -> Meaning:
        """What a word in the column of a choice, such as a status, is taken for, or why nobody can say."""
        source = self._plan.sources[name]
        cells = [""] * (source.positions[0] + 1)
        cells[source.positions[0]] = word
        readers = {
            "kind": self._kind,
            "status": self._status,
            "outcome": self._outcome,
            "channel": self._channel,
            "severity": self._severity,
        }
        read = readers[name]
        return read(cells) if read else ("", "")

    def _map(self, row: Row) -> MappedRow:
        cells = row.cells
        dates = {name: read(cells) for name, read in self._dates.items()}
        received = dates.get("received")
        if received is None:
            raise _RefusedRowError(
                fault(N_("%(column)s: there is no date of receipt"), column=self._column("received"))
            )
        for moment in dates.values():
            if moment is not None and moment.at > self._latest:
                raise _RefusedRowError(still_to_come(moment))
        channel = self._meaning(self._channel, cells)
        kind = self._meaning(self._kind, cells)[0] or Kind.COMPLAINT.value
        meaning, status = self._meaning(self._status, cells)
        outcome = self._meaning(self._outcome, cells)[0]
        severity = self._meaning(self._severity, cells)[0]
        remarks = [CHARACTERS_REMOVED] if row.remark else []
        closed = dates.get("closed")
        stage = self._stage(meaning, dates, outcome, remarks)
        is_odd = closed is not None and closed.at < received.at and _closes_before_received(received, closed)
        if is_odd:
            remarks.append(CLOSED_BEFORE_RECEIVED)
        happened = dates.get("happened")
        if happened and happened.at > received.at and happened.at.date() > received.at.date():
            remarks.append(HAPPENED_LATER)
        texts = self._read_texts(cells)
        reference = self._reference(cells) if self._reference else ""
        if len(reference) > _LONGEST_REFERENCE:
            self._check_length("reference", reference)
        return MappedRow(
            number=row.number,
            line=row.line,
            digest=row_digest(cells),
            key=reference_key(self._source, reference) if reference else None,
            reference=reference,
            received=received,
            happened=happened.at if happened else None,
            acknowledged=dates.get("acknowledged"),
            decided=dates.get("decided"),
            closed=closed,
            closes_before_received=is_odd,
            stage=stage,
            outcome=outcome,
            channel=channel[0] or channel[1],
            status=status,
            texts=texts,
            remarks=tuple(remarks),
            kind=kind,
            severity=severity,
        )

    def _stage(self, meaning: str, dates: dict[str, Moment | None], outcome: str, remarks: list[str]) -> str:
        """The stage a row stands in, by its status and its dates. Raises _RefusedRowError where they contradict."""
        profile = self._plan.profile
        if dates.get("decided") and not outcome:
            raise _RefusedRowError(
                fault(N_("There is a date of decision and no outcome. Say in a profile where the outcome stands"))
            )
        if dates.get("closed"):
            if meaning in ("", Stage.CLOSED):
                return Stage.CLOSED
            if profile.open_with_closing_date == "closed":
                remarks.append(CLOSED_BY_DATE)
                return Stage.CLOSED
            raise _RefusedRowError(
                fault(
                    N_(
                        "The complaint has a date of closing but is not closed. Correct the row, or say in a profile "
                        "open_with_closing_date: closed"
                    )
                )
            )
        if meaning == Stage.CLOSED:
            if profile.closed_without_date == "unknown":
                remarks.append(CLOSED_WITHOUT_DATE)
                return Stage.CLOSED
            raise _RefusedRowError(
                fault(
                    N_(
                        "The complaint is closed but has no date of closing. Add the date, or say in a profile "
                        "closed_without_date: unknown"
                    )
                )
            )
        reached = Stage.DECIDED if outcome else Stage.ACKNOWLEDGED if dates.get("acknowledged") else Stage.RECEIVED
        return max((Stage(meaning or Stage.RECEIVED), reached), key=list(Stage).index)

    def _read_texts(self, cells: list[str]) -> dict[str, str]:
        texts: dict[str, str] = {}
        for name, longest, read in self._texts:
            text = read(cells)
            if text:
                if len(text) > longest:
                    self._check_length(name, text)
                texts[name] = text
        if "subject" not in texts and "description" not in texts:
            raise _RefusedRowError(fault(N_("There is neither a subject nor a description")))
        return texts

    def _check_length(self, name: str, text: str) -> None:
        longest = FIELDS[name].longest
        if len(text) > longest:
            raise _RefusedRowError(
                fault(
                    N_("%(column)s: the text has %(length)s characters; at most %(longest)s are kept. Shorten it"),
                    column=self._column(name),
                    length=f"{len(text):,}",
                    longest=f"{longest:,}",
                )
            )

    def _column(self, name: str) -> str:
        columns = self._plan.columns_of(name)
        return columns[0] if columns else _(FIELDS[name].title)

    def _empty_words(self, source: FieldSource) -> set[str]:
        return self._empty | {word.casefold() for word in source.use.empty}

    def _date_reader(self, name: str) -> Callable[[list[str]], Moment | None]:
        source = self._plan.sources[name]
        position = source.positions[0]
        parse = reader(source.date_format) if source.date_format else undecided
        empty = self._empty_words(source)
        column = self._column(name)

        def read(cells: list[str]) -> Moment | None:
            text = cells[position]
            if not text or not text.strip() or (empty and text.strip().casefold() in empty):
                return None
            try:
                return parse(text)
            except NotInFormatError as error:
                problem: Fault = error.args[0]
                raise NotInFormatError(fault("%(column)s: %(problem)s", column=column, problem=problem.text)) from None

        return read

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
            # Blanks only: a tab or line end before "=1+1" is part of what was said
            text = cells[position].strip(" ")
            if not text or (empty and len(text) < 40 and text.casefold() in empty):
                return ""
            return values.get(text.casefold(), text) if values else text

        return read

    def _meaning_reader(
        self, name: str, words: dict[str, str], *, keeps_unknown: bool
    ) -> Callable[[list[str]], Meaning] | None:
        """Reads a column of words that the profile, or else the common words, turn into ours."""
        source = self._plan.sources.get(name)
        if source is None:
            return None
        use = source.use
        if use.constant is not None:
            constant = (use.constant, "")
            return lambda _cells: constant
        exact = {_plain(word): value for word, value in use.values.items() if not word.endswith("*")}
        beginnings = tuple((fold(word[:-1]), value) for word, value in use.values.items() if word.endswith("*"))
        position, empty = source.positions[0], self._empty_words(source)
        longest = FIELDS[name].longest if name not in _OURS_ONLY else 200
        known: dict[str, Meaning] = {}

        def decide(text: str) -> Meaning:
            plain, own = _plain(text), text.strip(" ")
            if not plain or own.casefold() in empty:
                return "", ""
            if len(own) > longest:
                return fault(
                    N_("%(column)s: the text has %(length)s characters; at most %(longest)s are kept. Shorten it"),
                    column=self._column(name),
                    length=f"{len(own):,}",
                    longest=f"{longest:,}",
                )
            value = exact.get(plain) or next((value for word, value in beginnings if plain.startswith(word)), None)
            value = value or (words.get(plain) if not use.values else None) or use.otherwise
            if value is not None:
                return value, own
            if keeps_unknown:
                return "", own
            return fault(
                N_("%(column)s: “%(text)s” is not known. Choose its meaning under Put it right, or in a profile"),
                column=self._column(name),
                text=own[:60],
            )

        def read(cells: list[str]) -> Meaning:
            text = cells[position]
            meaning = known.get(text)
            if meaning is None:
                if len(known) > 5_000:
                    known.clear()
                meaning = known[text] = decide(text)
            return meaning

        return read

    @staticmethod
    def _meaning(read: Callable[[list[str]], Meaning] | None, cells: list[str]) -> tuple[str, str]:
        if read is None:
            return "", ""
        meaning = read(cells)
        if isinstance(meaning, Fault):
            raise _RefusedRowError(meaning)
        return meaning


def _closes_before_received(received: Moment, closed: Moment) -> bool:
    return closes_before_received(received.at, not received.has_time, closed.at, not closed.has_time)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
