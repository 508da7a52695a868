"""What other folders of complaints put onto the pages of the register: parts of a case's page, columns of the list, and
how their events look in the timeline of a case.

They stand above the core, which does not know them: they declare themselves here when their views are imported.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from auditkit.base.events import Event
from auditkit.base.text import _
from auditkit.complaints.queries import Case
from auditkit.journal.queries import Entry


@dataclass(frozen=True)
class Mark:
    """How an event is shown in the timeline of a case. `follows`: it follows from the act of the same moment."""

    icon: str
    tone: str = "neutral"
    follows: bool = False


MAIN, ASIDE, OWNER = "main", "aside", "owner"

Part = Callable[[Case], str]
Beside = Callable[[Case, str], str]
Cells = Callable[[Sequence[int]], dict[int, str]]


@dataclass(frozen=True)
class Column:
    """A column of the list: `title` a message id, `cells` gives ready HTML for complaints by key, in one read.

    `sort`: the order of the list that runs by this column, empty where none does.
    """

    title: str
    cells: Cells
    sort: str = ""


_parts: dict[str, list[Part]] = {MAIN: [], ASIDE: [], OWNER: []}
_beside: list[Beside] = []
_columns: list[Column] = []
_marks: dict[str, Mark] = {}


def case_part(place: str) -> Callable[[Part], Part]:
    """Declare a part of a case's page: given the case it renders its section (`MAIN`, `ASIDE`), a line under the owner
    (`OWNER`), or nothing."""

    def declare(part: Part) -> Part:
        _parts[place].append(part)
        return part

    return declare


def parts_of(place: str, case: Case) -> list[Markup]:
    """The declared parts for this case, ready for the template."""
    return [Markup(part(case)) for part in _parts[place]]  # noqa: S704 - rendered by templates, which escape


def beside_next_act(part: Beside) -> Beside:
    """Declare what stands with the next act of a case: given the case and the name of the act it renders it, or ""."""
    _beside.append(part)
    return part


def beside(case: Case, act: str) -> list[Markup]:
    """What was declared to stand with the next act, ready for the template."""
    return [Markup(part(case, act)) for part in _beside]  # noqa: S704 - rendered by templates, which escape


def list_column(title: str, *, sort: str = "") -> Callable[[Cells], Cells]:
    """Declare a column of the list; `title` is a message id, `sort` the order of the list that runs by it."""

    def declare(cells: Cells) -> Cells:
        _columns.append(Column(title, cells, sort))
        return cells

    return declare


def columns() -> list[Column]:
    """The declared columns."""
    return list(_columns)


def column_titles() -> list[str]:
    """Their headings in the language of the screen."""
    return [_(column.title) for column in _columns]


def shown_as(what: Event, icon: str, tone: str = "neutral", *, follows: bool = False) -> None:
    """Declare how an event is shown in the timeline of a case; with `follows` it is told with the act before it."""
    _marks[what.name] = Mark(icon, tone, follows)


def mark_of(event: str) -> Mark | None:
    """What was declared of an event."""
    return _marks.get(event)


def folded(entries: Iterable[Entry]) -> list[tuple[Entry, list[Entry]]]:
    """Entries, newest first, each with what followed from it in the same moment, oldest first."""
    found: list[tuple[Entry, list[Entry]]] = []
    waiting: list[Entry] = []

    def alone() -> None:
        found.extend((one, []) for one in waiting)
        waiting.clear()

    for entry in entries:
        if waiting and waiting[-1].at != entry.at:
            alone()
        mark = mark_of(entry.event)
        if mark is not None and mark.follows:
            waiting.append(entry)
            continue
        found.append((entry, waiting[::-1]))
        waiting.clear()
    alone()
    return found
