"""Answers from devices: stored once, however often they are sent, and merged cell by cell with what others did.

tests/slices/audits/offline/ sends the same answer twice, late, and against somebody else's.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from auditkit.audits.offline.models import AuditArrival
from auditkit.audits.offline.rules import Place
from auditkit.audits.rules import ANSWERED, CONFLICT_MET, Change, merge
from auditkit.audits.storing import SUBJECT, Answer, read_row, store
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.prepared import Prepared
from auditkit.base.verbs import verb
from auditkit.journal.service import record


@dataclass(frozen=True)
class Save:
    """What a device changed in one row. `client_id` is the name it gave this answer, for ever its own.

    `made_at` is the device's time; `evidence` ids of files that came along.
    """

    number: str
    row_id: int
    client_id: str
    made_at: datetime
    changes: Mapping[str, Change]
    evidence: tuple[int, ...] = ()
    place: Place | None = None


@verb("audits.run", leaves=(ANSWERED, CONFLICT_MET))
def save(tx: Session, command: Save, now: datetime, actor: Actor) -> list[dict[str, Any]]:
    """Merge a device's answer into its row; returns the cells that were not taken, as [{cell, base, mine, theirs}].

    Files are always added. Ask `queries.arrived` before, in the same transaction: a second arrival is no new answer.
    Raises NotFound, NotRunning, NoSuchAnswer, NoteMissing, EvidenceMissing, AnswerChanged, and IntegrityError where the
    same answer arrives twice in the same moment.
    """
    row = read_row(tx, command.number, command.row_id)
    merged = merge({"answer": row.answer, "note": row.note, "interviewee": row.interviewee}, command.changes)
    clashes = [asdict(one) for one in merged.clashes]
    if merged.changed or command.evidence or not clashes:
        answer = Answer(
            number=command.number,
            row_id=row.id,
            version=row.version,
            answer=merged.values["answer"],
            note=merged.values["note"],
            evidence=command.evidence,
            interviewee=merged.values["interviewee"],
        )
        store(tx, row, answer, now, actor)
    if clashes:
        facts = {"audit": row.number, "item": row.item_id, "cells": [one["cell"] for one in clashes]}
        record(tx, CONFLICT_MET, now=now, actor=actor, subject=(SUBJECT, row.id), facts=facts)
    _keep(tx, command, clashes, now, actor)
    return clashes


_COLUMNS = (
    "organisation_id", "client_id", "row_id", "person_id", "made_at", "arrived_at", "latitude", "longitude", "accuracy",
    "conflicts",
)  # fmt: skip
_INSERT = Prepared(insert(AuditArrival).inline(), columns=_COLUMNS)


def _keep(tx: Session, command: Save, clashes: list[dict[str, Any]], now: datetime, actor: Actor) -> None:
    place = command.place
    values = {
        "organisation_id": actor.organisation_id,
        "client_id": command.client_id,
        "row_id": command.row_id,
        "person_id": actor.person_id,
        "made_at": command.made_at,
        "arrived_at": now,
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "accuracy": place.accuracy if place else None,
        "conflicts": clashes,
    }
    _INSERT.touched(tx, values)
