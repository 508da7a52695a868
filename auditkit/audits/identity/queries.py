"""Requests to see who complained, of an audit or of one of its cases, and the grant somebody may use now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from auditkit.audits.identity.models import AuditIdentityRequest as Request
from auditkit.audits.identity.rules import Answer, Standing
from auditkit.audits.models import Audit
from auditkit.audits.rules import State
from auditkit.base.db import Session


@dataclass(frozen=True)
class RequestView:
    """A request with its answer. `number` is the audit's; people are ids."""

    id: int
    number: str
    complaint_id: int
    reference: str
    reason: str
    asked_at: datetime
    asked_by: int
    granted: bool | None
    answer: str
    answered_at: datetime | None
    answered_by: int | None
    until: datetime | None

    def standing(self, now: datetime) -> Standing:
        """Where it stands at this moment."""
        return Answer(self.granted, self.until).standing(now)


_PLAIN = tuple(getattr(Request, name) for name in RequestView.__dataclass_fields__ if name != "number")


def of_audit(tx: Session, audit_id: int, reference: str = "") -> list[RequestView]:
    """The requests of an audit, or of one case in it, newest first."""
    query = _select().where(Request.audit_id == audit_id)
    return _views(tx, query.where(Request.reference == reference) if reference else query)


def waiting(tx: Session) -> list[RequestView]:
    """What nobody has answered yet, in every audit that runs, newest first."""
    return _views(tx, _select().where(Request.granted.is_(None), Audit.state == State.RUNNING))


def standing_of(requests: Sequence[RequestView], person_id: int | None, now: datetime) -> RequestView | None:
    """The request of this person that is open, or that they may use now; None where they would have to ask."""
    usable = (Standing.OPEN, Standing.GRANTED)
    return next((one for one in requests if one.asked_by == person_id and one.standing(now) in usable), None)


def _select() -> Select[Any]:
    return select(Audit.number, *_PLAIN).join(Audit, Audit.id == Request.audit_id).order_by(Request.id.desc())


def _views(tx: Session, query: Select[Any]) -> list[RequestView]:
    return [RequestView(**row._mapping) for row in tx.execute(query)]
