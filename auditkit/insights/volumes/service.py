"""Entering how many orders, contracts or customers there were, one month or a file of them."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.errors import NotFound
from auditkit.base.verbs import verb
from auditkit.complaints.importing.reading import NO_HEADER, Hints, open_table
from auditkit.documents.tables import unguard
from auditkit.insights.rollups.reading import sites_used
from auditkit.insights.volumes import queries, rules
from auditkit.insights.volumes.models import VolumeEntry
from auditkit.insights.volumes.rules import VOLUME_SET, VOLUME_TAKEN_OUT, VOLUMES_BROUGHT_IN, Line, Volume
from auditkit.journal.service import record


@dataclass(frozen=True)
class SetVolume:
    """So many in a month (2026-03), at one site or in the whole organisation. `counts`: of what, in its words."""

    month: str
    counts: str
    number: int | None
    site: str = ""


@dataclass(frozen=True)
class BringIn:
    """A file (CSV or XLSX) of rows: month, what is counted, how many, perhaps the site."""

    content: bytes


@dataclass(frozen=True)
class TakeOut:
    """A month that is not to count."""

    month: str
    counts: str
    site: str = ""


@verb("organisation.manage", leaves=VOLUME_SET)
def set_volume(tx: Session, command: SetVolume, now: datetime, actor: Actor) -> None:
    """Enter it, or correct it. Raises MonthUnreadable, MonthToCome, VolumeImpossible, CountsMissing."""
    month = rules.month_of(command.month, today_of_house(tx, now))
    number = rules.checked_number(command.number)
    kinds, sites = _words(tx, now)
    volume = Volume(month, rules.checked_counts(command.counts, kinds), number, rules.checked_site(command.site, sites))
    before = _known(tx, now).get((month, volume.counts, volume.site))
    row = _enter(tx, volume, number, now, actor)
    facts = {**_facts(volume), "number": number, "before": before}
    record(tx, VOLUME_SET, now=now, actor=actor, subject=("business-volume", row.id), facts=facts)


@verb("organisation.manage", leaves=VOLUMES_BROUGHT_IN)
def bring_in(tx: Session, command: BringIn, now: datetime, actor: Actor) -> tuple[int, int]:
    """Take a whole file over, or nothing of it; (how many were new or others than before, how many were the same).

    Raises FileTooLarge, FileEmpty, RowsRefused, and BadInput for a file that holds no table.
    """
    if len(command.content) > rules.LARGEST:
        raise rules.FileTooLarge(size=rules.LARGEST // 1_000_000)
    before = _known(tx, now)
    kinds, sites = _words(tx, now)
    rows = rules.read(_lines(command.content), kinds, today_of_house(tx, now), sites)
    fresh = [one for one in rows if before.get((one.month, one.counts, one.site)) != one.number]
    first = [_enter(tx, one, one.number, now, actor) for one in fresh][:1]
    facts = {
        "sha256": hashlib.sha256(command.content).hexdigest(),
        "rows": len(rows),
        "changed": [[one.month.isoformat(), one.counts, one.number, *filter(None, (one.site,))] for one in fresh],
    }
    subject = ("business-volume", first[0].id if first else 0)
    record(tx, VOLUMES_BROUGHT_IN, now=now, actor=actor, subject=subject, facts=facts)
    return len(fresh), len(rows) - len(fresh)


@verb("organisation.manage", leaves=VOLUME_TAKEN_OUT)
def take_out(tx: Session, command: TakeOut, now: datetime, actor: Actor) -> None:
    """Let a month count no longer. Raises MonthUnreadable, NotFound."""
    month = rules.month_of(command.month, today_of_house(tx, now))
    before = _known(tx, now).get((month, command.counts, command.site))
    if before is None:
        raise NotFound
    volume = Volume(month, command.counts, before, command.site)
    row = _enter(tx, volume, None, now, actor)
    facts = {**_facts(volume), "before": before}
    record(tx, VOLUME_TAKEN_OUT, now=now, actor=actor, subject=("business-volume", row.id), facts=facts)


def _known(tx: Session, now: datetime) -> dict[tuple[date, str, str], int]:
    return {(one.month, one.counts, one.site): one.number for one in queries.volumes(tx, now)}


def _words(tx: Session, now: datetime) -> tuple[list[str], list[str]]:
    """How what is counted and the sites are spelt: as before, and sites as the register has them."""
    kinds, sites = queries.words(tx, now)
    return kinds, [*sites, *sites_used(tx)]


def _facts(volume: Volume) -> dict[str, str]:
    site = {"site": volume.site} if volume.site else {}
    return {"month": volume.month.isoformat(), "counts": volume.counts, **site}


def _enter(tx: Session, volume: Volume, number: int | None, now: datetime, actor: Actor) -> VolumeEntry:
    row = VolumeEntry(
        month=volume.month, counts=volume.counts, site=volume.site, number=number, entered_at=now,
        entered_by=actor.person_id,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return row


def _lines(content: bytes) -> Iterator[Line]:
    """The rows of a file as the import of complaints reads tables: any delimiter and encoding, or a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "volumes")
        path.write_bytes(content)
        table = open_table(path, Hints(header=NO_HEADER))
        for row in table.rows():
            if row.number > rules.MOST_ROWS:
                raise rules.TooManyRows(most=rules.MOST_ROWS)
            yield row.line, _cells(row.cells), row.fault.text if row.fault else ""


def _cells(cells: Sequence[str]) -> list[str]:
    return [unguard(cell.strip()) for cell in cells]
