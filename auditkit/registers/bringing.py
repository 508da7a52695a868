"""Bringing a workbook back: all of it in one transaction, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auditkit.accounts.queries import today_of_house
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.verbs import verb
from auditkit.content.shapes import RegisterShape
from auditkit.journal.service import record
from auditkit.registers import rules, service, workbook
from auditkit.registers.models import RegisterImport

LONGEST_FILE_NAME = 255
UNNAMED = "workbook.xlsx"


@dataclass(frozen=True)
class BringIn:
    """`spoken`: the register in each language it may have gone out in, the present one first.

    `content` of an XLSX file; `names` of the members by id; `file_name` as the person called it.
    """

    spoken: Mapping[str, RegisterShape]
    content: bytes
    names: Mapping[int, str]
    file_name: str


@dataclass(frozen=True)
class BroughtIn:
    """How many entries were written anew, how many changed, and how many rows changed nothing."""

    new: int
    changed: int
    unchanged: int


@verb("registers.edit", leaves=rules.BROUGHT_IN)
def bring_in(tx: Session, command: BringIn, now: datetime, actor: Actor) -> BroughtIn:
    """Take over what a workbook changes. Raises what `workbook.read` raises, EntryChanged."""
    shape = next(iter(command.spoken.values()))
    found = workbook.read(tx, command.spoken, command.content, command.names, today_of_house(tx, now))
    rows = found.rows
    for row in rows:
        if row.number:
            change = service.ChangeEntry(shape, row.number, row.version, row.values, row.keeper_id, row.review_on)
            service.change(tx, change, now, actor)
        else:
            service.write(tx, service.WriteEntry(shape, row.values, row.keeper_id, row.review_on), now, actor)
    done = BroughtIn(sum(not row.number for row in rows), sum(bool(row.number) for row in rows), found.unchanged)
    tx.add(
        RegisterImport(
            register=shape.id,
            file_name=command.file_name.strip()[-LONGEST_FILE_NAME:] or UNNAMED,
            digest=digest(command.content),
            written=done.new,
            changed=done.changed,
            unchanged=done.unchanged,
            at=now,
            by_id=actor.person_id,
        )
    )
    facts = {"register": shape.id, "new": done.new, "changed": done.changed, "file": digest(command.content)}
    record(tx, rules.BROUGHT_IN, now=now, actor=actor, subject=("register", actor.organisation_id), facts=facts)
    return done
