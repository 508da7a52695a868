"""Bringing a workbook back: all of it in one transaction, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.content.shapes import RegisterShape
from auditkit.journal.service import record
from auditkit.registers import queries, rules, service, workbook


@dataclass(frozen=True)
class BringIn:
    """`content` of an XLSX file; `names` of the members by id."""

    shape: RegisterShape
    content: bytes
    names: Mapping[int, str]


@dataclass(frozen=True)
class BroughtIn:
    """How many entries were written anew and how many changed."""

    new: int
    changed: int


@verb("registers.edit", leaves=rules.BROUGHT_IN)
def bring_in(tx: Session, command: BringIn, now: datetime, actor: Actor) -> BroughtIn:
    """Take over what a workbook changes. Raises what `workbook.read` raises, EntryChanged."""
    shape = command.shape
    rows = workbook.read(tx, shape, command.content, command.names, now.date())
    for row in rows:
        if row.number:
            entry = queries.entry(tx, shape.id, row.number, now.date())
            change = service.ChangeEntry(shape, row.number, row.version, row.values, None, entry.review_on)
            service.change(tx, change, now, actor)
        else:
            service.write(tx, service.WriteEntry(shape, row.values), now, actor)
    done = BroughtIn(sum(not row.number for row in rows), sum(bool(row.number) for row in rows))
    facts = {"register": shape.id, "new": done.new, "changed": done.changed}
    record(tx, rules.BROUGHT_IN, now=now, actor=actor, subject=("register", actor.organisation_id), facts=facts)
    return done
