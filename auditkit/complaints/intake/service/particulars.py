"""What is known beside the register's own fields, as it becomes known: noted by whoever handles the case.

A complaint that came by e-mail or from a file begins without any; one from the public form lacks what only the
organisation can say: the department, the customer group, who passed it on.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules as core
from auditkit.complaints.intake import rules
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.service.taking import changed, for_change

_LINES = ("order_reference", "batch", "segment", "unit", "department", "referred_by")
_WORDS = ("language", "preference", "recurrent")


@dataclass(frozen=True)
class NoteParticulars:
    """All of them as they are known now. `language` a code, "" where nobody knows it."""

    reference: str
    version: int
    language: str = ""
    preference: str = ""
    recurrent: bool = False
    purchased_on: date | None = None
    order_reference: str = ""
    batch: str = ""
    segment: str = ""
    unit: str = ""
    department: str = ""
    referred_by: str = ""


@verb("complaints.handle", leaves=rules.PARTICULARS_NOTED)
def note_particulars(tx: Session, command: NoteParticulars, now: datetime, actor: Actor) -> None:
    """Note them; the journal keeps what stood there.

    Raises NothingCorrected, ErasedStays, LineTooLong, LineNotStorable, UnknownWord, Conflict or NotFound.
    """
    complaint = for_change(tx, command.reference, command.version)
    said: dict[str, Any] = {name: rules.check_line(name, getattr(command, name)) for name in _LINES}
    said |= {"language": command.language, "recurrent": command.recurrent, "purchased_on": command.purchased_on}
    said["preference"] = core.known_word(command.preference, rules.Preference, empty=True)
    row = tx.execute(select(ComplaintIntake).where(ComplaintIntake.complaint_id == complaint.id)).scalar_one_or_none()
    if row is None:
        row = ComplaintIntake(complaint_id=complaint.id, source="staff", language="", **dict.fromkeys(_LINES, ""))
        row.preference, row.recurrent, row.purchased_on = "", False, None
        tx.add(row)
    if row.anonymous:
        said["preference"] = row.preference  # the own page is the only way back
    before = {name: getattr(row, name) for name in said}
    fields = [name for name, value in said.items() if value != before[name]]
    if not fields:
        raise core.NothingCorrected
    for name in fields:
        setattr(row, name, said[name])
    facts = {name: [before[name], said[name]] for name in _WORDS if name in fields}
    written = {name: said[name] for name in _LINES if name in fields}
    written |= {f"{name}_before": before[name] for name in written}
    changed(tx, complaint, rules.PARTICULARS_NOTED, now, actor, {"fields": fields, **facts}, written)
