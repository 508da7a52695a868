"""What an import says to the person: guesses that were made, and faults of single rows. Pure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from auditkit.base.text import _, ngettext
from auditkit.web.languages import in_own_digits, listed

GUESS = "guess"  # the program decided; a profile can decide otherwise
WARNING = "warning"  # imported as it stands, but somebody should look
QUESTION = "question"  # undecidable: shown in a dry run, refused in a real import
_TEXTS = {"delimiter": ("name",)}  # by what a sentence is about: its parameters that are texts themselves
_DAYS = {"rows": ("day",)}  # and those that are days, as ISO 8601, since announcements are kept as JSON
FIRST_LINES = 10  # of rows that something is told of; the others are counted


@dataclass(frozen=True)
class Announcement:
    """One sentence about the file. `about` names the subject (encoding, delimiter, header, dates, columns, rows, …).

    Of a sentence about rows the parameter `count` says how many they are, `lines` where the first of them begin.
    """

    about: str
    kind: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the language of the reader."""
        spoken = {name: _(self.params[name]) for name in _TEXTS.get(self.about, ()) if name in self.params}
        days = {
            name: date.fromisoformat(self.params[name]) for name in _DAYS.get(self.about, ()) if name in self.params
        }
        return self._with_lines(_(self.message, **{**self.params, **spoken, **days}))

    def _with_lines(self, sentence: str) -> str:
        lines, count = self.params.get("lines"), self.params.get("count", 0)
        if not lines:
            return sentence
        named = [in_own_digits(str(line)) for line in lines]
        if count > len(lines):
            named.append(_("%(more)s more", more=count - len(lines)))
        return ngettext(
            "%(sentence)s (line %(lines)s)",
            "%(sentence)s (lines %(lines)s)",
            count,
            sentence=sentence,
            lines=listed(named),
        )

    def as_json(self) -> dict[str, str]:
        """For `--json`: `{"about", "kind", "text"}`."""
        return {"about": self.about, "kind": self.kind, "text": self.text}


def guess(about: str, message: str, **params: Any) -> Announcement:
    """A decision the program took and tells."""
    return Announcement(about, GUESS, message, params)


def warning(about: str, message: str, **params: Any) -> Announcement:
    """Something that is imported as it stands, but that somebody should look at."""
    return Announcement(about, WARNING, message, params)


def question(about: str, message: str, **params: Any) -> Announcement:
    """Something only a person can decide: a real import refuses to go on without the answer."""
    return Announcement(about, QUESTION, message, params)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row or one cell: a message id and its parameters."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence in the language of the reader."""
        return _(self.message, **self.params)


def fault(message: str, **params: Any) -> Fault:
    """A fault of one row, with the parameters its message needs."""
    return Fault(message, params)


class Row:
    """One row of the table: `number` counts data rows from 1, `line` is where it begins in the file (Excel: the row).

    `cells` are as many as the table has columns, unless `fault` says why they cannot be trusted; `raw` cells are kept
    for the list of refused rows either way.
    """

    __slots__ = ("cells", "fault", "line", "number", "remark")

    def __init__(
        self, number: int, line: int, cells: list[str], fault: Fault | None = None, remark: Fault | None = None
    ) -> None:
        self.number = number
        self.line = line
        self.cells = cells
        self.fault = fault
        self.remark = remark
