"""What other folders of complaints put onto the pages of the register: parts of a case's page, columns of the list.

They stand above the core, which does not know them: they declare themselves here when their views are imported.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from auditkit.base.text import _
from auditkit.complaints.queries import Case

MAIN, ASIDE, OWNER = "main", "aside", "owner"

Part = Callable[[Case], str]
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
_columns: list[Column] = []


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
