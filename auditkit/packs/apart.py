"""Reads for a pack in two forks of this process: one gathers, one counts the clause matrix (decision 0007).

Whoever makes the pack then never loads the tables, queries and rules of all slices, nor the library; and both read at
the same time. tests/slices/packs/test_apart.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app

from auditkit.base.actor import Actor
from auditkit.base.db import Session, db, reading
from auditkit.documents.tables import Sheet
from auditkit.packs.definitions import definition
from auditkit.packs.forks import Fork, Line
from auditkit.packs.gathering import Draft, Item, Register
from auditkit.packs.gathering.draft import dated
from auditkit.packs.gathering.standing import Standings
from auditkit.packs.reading import Here, PreparePack, standings
from auditkit.packs.speaking import speaking

if TYPE_CHECKING:
    from auditkit.packs.gathering.outcome import Outcome

CACHE_KIB = 512
ROWS_AT_ONCE = 200


class Apart:
    """Has forks read for a pack, beginning now; see `reading.Records`. To be closed.

    To be made where the process has loaded little more than reading needs, inside an application's context, by one
    who may ask for the pack (`reading.check`).
    """

    def __init__(self, command: PreparePack, actor: Actor, instance: Path) -> None:
        standards = command.standards
        shared = (standards, standards.edition(definition(command.pack_id).edition))
        self._gathers = Fork(_with_records(actor, partial(_gather, command, instance)), shared)
        self._counts = Fork(_with_records(actor, partial(_count, command)), shared)

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, *_: object) -> None:
        self._gathers.close()
        self._counts.close()

    def draft(self) -> Draft:
        """See Records; the rows of registers are asked for when they are written."""
        found: Draft = self._gathers.line.hear()
        self._counts.line.say(dated(found))
        return _with_sheets(found, lambda place: partial(self._sheets, place))

    def outcome(self) -> "Outcome":
        """See Records."""
        self._gathers.line.say(None)
        told: Outcome = self._gathers.line.hear()
        return told

    def standings(self) -> Standings:
        """See Records."""
        told: Standings = self._counts.line.hear()
        return told

    def _sheets(self, place: int) -> Iterator[Sheet]:
        line = self._gathers.line
        line.say(place)
        while (sheet := line.hear()) is not None:
            yield replace(sheet, rows=self._rows())

    def _rows(self) -> Iterator[Any]:
        while rows := self._gathers.line.hear():
            yield from rows


def _with_records(actor: Actor, serve: Callable[[Session, Line], None]) -> Callable[[Line], None]:
    """`serve` with a session of its own."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's proxy has it

    def begin(line: Line) -> None:
        with app.app_context():
            db.engine.dispose(close=False)  # the connections are this process's parent's
            tx = reading(actor)
            if tx.get_bind().dialect.name == "sqlite":
                # It reads once, and must not grow with the records.
                tx.connection().exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")
            serve(tx, line)

    return begin


def _gather(command: PreparePack, instance: Path, tx: Session, line: Line) -> None:
    """Say the draft, then what is asked for: the outcome (None), or the sheets of a register by its item's place."""
    here = Here(tx, command, instance)
    found = here.draft()
    # What reads rows stays where the records are.
    line.say(_with_sheets(found, lambda _place: _read_elsewhere))
    while True:
        asked = line.hear()
        if asked is None:
            line.say(here.outcome())
        else:
            _say_sheets(found.items[asked], line)


def _say_sheets(item: Item, line: Line) -> None:
    assert isinstance(item.content, Register)  # noqa: S101 - nothing else has sheets
    with speaking(item.language):
        for sheet in item.content.sheets():
            line.say(replace(sheet, rows=()))
            rows = iter(sheet.rows)
            while some := list(islice(rows, ROWS_AT_ONCE)):
                line.say(some)
            line.say([])
    line.say(None)


def _with_sheets(found: Draft, sheets_of: Callable[[int], Callable[[], Iterator[Sheet]]]) -> Draft:
    """The draft with other sheets in its registers, those of the item at each place."""
    items = tuple(
        replace(item, content=replace(item.content, sheets=sheets_of(place)))
        if isinstance(item.content, Register)
        else item
        for place, item in enumerate(found.items)
    )
    return replace(found, items=items, further=tuple(replace(one, items=items) for one in found.further))


def _read_elsewhere() -> Iterator[Sheet]:
    raise RuntimeError("the rows of this register are asked for through Apart")


def _count(command: PreparePack, tx: Session, line: Line) -> None:
    """Load what counting needs, then count for the date that is said."""
    from auditkit.packs.gathering import matrix  # noqa: F401 - loaded while the other one gathers

    command.library()
    line.say(standings(tx, command, line.hear()))
