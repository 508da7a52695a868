"""The list of refused rows as CSV: where each stands, why it was refused, and its cells, to be put right and imported.

Cells that a spreadsheet would run are guarded (documents.tables); a profile with `guarded: true` takes that back.
"""

import csv
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from auditkit.base.errors import BadInput
from auditkit.base.text import N_
from auditkit.complaints.importing.mapping import Refused
from auditkit.documents.tables import guard

HEAD = ("line", "row", "reason")


class RejectsFile:
    """Writes refused rows as they come. The file is made by `begin`, so a refused file leaves no empty list behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: TextIO | None = None
        self._writer: Any = None

    def begin(self, columns: list[str]) -> None:
        """Start the list with the names of the table's columns. Raises BadInput where it cannot be written."""
        try:
            self._file = self.path.open("w", encoding="utf-8-sig", errors="replace", newline="")
        except OSError as error:
            raise BadInput(
                N_("The list of refused rows cannot be written to %(file)s (%(reason)s). Name another file"),
                file=self.path.name,
                reason=error.strerror or "",
            ) from error
        self._writer = csv.writer(self._file)
        self._writer.writerow([*HEAD, *map(guard, columns)])

    def add(self, refused: Refused) -> None:
        """Write one row."""
        row = refused.row
        self._writer.writerow([row.line, row.number, guard(refused.fault.text), *map(guard, row.cells)])

    def __enter__(self) -> "RejectsFile":
        """Ready to be begun."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, whatever happened."""
        if self._file is not None:
            self._file.close()
