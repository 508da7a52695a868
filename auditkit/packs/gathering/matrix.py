"""Counts the clause matrix for a pack and puts it into words. Heavy: it loads the library and the probes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditkit.base.db import Session
from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import _
from auditkit.content.library import Library
from auditkit.packs.gathering.found import Libraries
from auditkit.packs.gathering.standing import CellTold, Override, PartTold, RowTold, Standing
from auditkit.packs.rules import ClauseState
from auditkit.readiness import queries, telling
from auditkit.readiness.queries import Behind
from auditkit.readiness.rules import COLUMN_TITLES, WHY_TITLES, Cell, Matrix, Part, Period, Row
from auditkit.web.languages import day_there


@dataclass(frozen=True)
class Wanted:
    """Which matrix: `library` gives the organisation's in the pack's language, `names`: person id -> name."""

    library: Libraries
    edition: str
    start: date
    end: date
    as_of: datetime
    names: Mapping[int, str]


def standing(tx: Session, wanted: Wanted) -> Standing:
    """Count now, in the language of the moment. What cannot be counted is said in `why`."""
    library = wanted.library()
    try:
        period = Period(wanted.start, wanted.end)
        made, behind = queries.with_exceptions(tx, library, wanted.edition, period, wanted.as_of)
    except (BadInput, NotFound) as refusal:  # a period of more than three years, an edition that nothing counts
        return Standing(wanted.as_of, edition=wanted.edition, why=str(refusal))
    return _Telling(made, behind, library, wanted).standing()


class _Telling:
    """Puts a matrix into words."""

    def __init__(self, made: Matrix, behind: list[Behind], library: Library, wanted: Wanted) -> None:
        self.made, self.wanted = made, wanted
        self.behind = {one.part.id: one for one in behind}
        self.probes = queries.counting(library, made.edition).probes
        self.titles = {one.id: one.title for one in self.probes.probes}
        self.months = len(made.period.months)

    def standing(self) -> Standing:
        """All of it."""
        score = self.made.score
        return Standing(
            as_of=self.wanted.as_of,
            edition=self.made.edition,
            counted_by=self.made.bridge or self.made.edition,
            digest=self.made.digest,
            content=self.made.content,
            percent=score.percent,
            points=score.points,
            most=score.most,
            cells=score.cells,
            checked=score.checked,
            rows=tuple(map(self._row, self.made.rows)),
        )

    def _row(self, row: Row) -> RowTold:
        return RowTold(row.ref, ClauseState[row.state.name], row.principle, tuple(map(self._cell, row.cells)))

    def _cell(self, cell: Cell) -> CellTold:
        why = WHY_TITLES.get(cell.why)
        override = None
        if cell.override is not None:
            one = cell.override
            override = Override(
                ClauseState[one.state.name], one.reason, self.wanted.names.get(one.made_by or 0, ""),
                day_there(one.made_at), cell.changed_since,
            )  # fmt: skip
        return CellTold(
            column=cell.column.value,
            title=_(COLUMN_TITLES[cell.column]),
            state=ClauseState[cell.state.name],
            computed=ClauseState[cell.computed.name],
            said=telling.said(cell, self.months, self.titles.__getitem__),
            why=_(why) if why else "",
            parts=tuple(self._parts(cell)),
            override=override,
        )

    def _parts(self, cell: Cell) -> Iterator[PartTold]:
        for part in cell.parts:
            behind = self.behind.get(part.id)
            called = " ".join(word for word in (telling.part_title(part, self.probes), _name(part)) if word)
            yield PartTold(
                kind=part.kind.value,
                id=part.id,
                title=called,
                state=ClauseState[part.state.name],
                counted=telling.counted(part),
                newest=part.newest,
                via=part.via.ref if part.via else "",
                # References only: what is written about an exception may name who complained.
                exceptions=tuple(one.label for one in behind.exceptions) if behind else (),
                more=behind.more if behind else False,
            )


def _name(part: Part) -> str:
    named = part.kind.value in ("document", "audit", "finding", "action", "carried")
    return f"{part.id} {part.label}".strip() if part.kind.value == "document" else part.id if named else ""
