"""Rows of a workbook (XLSX, XLSB, XLS, ODS) as texts, equal to what the same table says as CSV.

python-calamine reads; it holds one sheet in memory, so `limits.MAX_WORKBOOK` is checked before.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.web.languages import listed

if TYPE_CHECKING:
    from python_calamine import CalamineSheet


def open_sheet(path: Path, wanted: str | None) -> tuple["CalamineSheet", list[str]]:
    """(the sheet asked for or the first one with cells, names of all sheets with cells).

    Raises BadInput for a damaged or protected workbook, an unknown sheet, or no cells at all.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError  # heavy: only when a workbook comes

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        names = list(workbook.sheet_names)
        if wanted is not None:
            if wanted not in names:
                raise BadInput(
                    N_("The workbook has no sheet %(wanted)s; it has %(names)s"), wanted=wanted, names=listed(names)
                )
            return workbook.get_sheet_by_name(wanted), [wanted]
        filled = [(name, sheet) for name in names if (sheet := workbook.get_sheet_by_name(name)).total_height]
    except PasswordError as error:
        raise BadInput(N_("The workbook is protected by a password. Remove the password and save it again")) from error
    except CalamineError as error:
        raise BadInput(
            N_("The workbook is damaged (%(reason)s). Save it again and import the new copy"), reason=str(error)
        ) from error
    if not filled:
        raise BadInput(N_("The workbook is empty: no sheet has any cells"))
    return filled[0][1], [name for name, _sheet in filled]


def rows_of(sheet: "CalamineSheet") -> Iterator[list[str]]:
    """The rows as texts, from the sheet's first row on (empty ones too, so that row numbers are the sheet's)."""
    return ([_text(value) for value in row] for row in sheet.iter_rows())


def _text(value: Any) -> str:
    """A cell as the CSV export of the same sheet would say it, dates in ISO form."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value) if value is not None else ""
