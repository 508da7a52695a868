"""The retention table: the library's kinds of records with the organisation's values, and its own rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from auditkit.base.db import Session
from auditkit.content.library import Library
from auditkit.policies import facts
from auditkit.policies.facts import Setting
from auditkit.policies.models import OrganisationFact, RecordKeeping
from auditkit.policies.rules.keeping import FACT, SUGGESTED


@dataclass(frozen=True)
class Kept:
    """A row. `id` is None while the organisation said nothing of its own; `followed` names what the period follows.

    `period` is what holds now, in words, empty where nothing is set.
    """

    id: int | None
    record: str
    title: str
    shows: str
    clauses: tuple[str, ...]
    period: str
    source: str
    followed: str
    basis: str = ""
    place: str = ""
    keeper: str = ""
    disposal: str = ""


def sources(tx: Session) -> dict[str, tuple[str, str]]:
    """What a period can follow: name -> (title, value in words). Settings about keeping, and facts about keeping."""
    found = {one.name: (one.title, one.shown) for one in facts.live(tx).values() if _about_keeping(one)}
    query = select(OrganisationFact.name, OrganisationFact.value).where(OrganisationFact.name.like("%retention%"))
    return found | {f"{FACT}{row.name}": (row.name, row.value) for row in tx.execute(query.order_by("name"))}


def table(tx: Session, library: Library) -> list[Kept]:
    """Every row: the library's in its order, then the organisation's own by title."""
    known = sources(tx)
    stored = list(tx.execute(select(RecordKeeping).order_by(RecordKeeping.title)).scalars())
    of_library = {row.record: row for row in stored if row.record}
    rows = [
        _row(of_library.get(one.id), one.id, one.title, one.shows, one.clauses, known)
        for one in library.records.values()
    ]
    return rows + [_row(row, "", row.title, "", (), known) for row in stored if not row.record]


def _row(
    row: RecordKeeping | None,
    record: str,
    title: str,
    shows: str,
    clauses: Iterable[str],
    known: Mapping[str, tuple[str, str]],
) -> Kept:
    if row is None:
        source = SUGGESTED.get(record, "")
        source = source if source in known else ""
        words = known.get(source, ("", ""))
        return Kept(None, record, title, shows, tuple(clauses), words[1], source, words[0])
    words = known.get(row.source, ("", ""))
    period = words[1] if row.source else row.period
    return Kept(
        row.id,
        record,
        title,
        shows,
        tuple(clauses),
        period,
        row.source,
        words[0],
        row.basis,
        row.place,
        row.keeper,
        row.disposal,
    )


def _about_keeping(setting: Setting) -> bool:
    return ".keeping" in setting.name
