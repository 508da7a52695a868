"""Counting the requests of a token, and those that were refused for want of one, of a network."""

from datetime import datetime

from sqlalchemy import update

from auditkit.api.models import ApiToken
from auditkit.api.queries import Bearer
from auditkit.api.rules import REFUSALS_AN_HOUR, REQUESTS_AN_HOUR
from auditkit.base import limits
from auditkit.base.db import Session
from auditkit.base.limits import Used

REQUESTS = limits.Limit("api", REQUESTS_AN_HOUR)
REFUSALS = limits.Limit("api-refused", REFUSALS_AN_HOUR)


def count(tx: Session, bearer: Bearer | None, address: str | None, now: datetime) -> Used:
    """Count one request: of its token, and note when that was used; or of its network, where it has none that works."""
    if bearer is None:
        return limits.take(tx, REFUSALS, address, now)
    tx.execute(update(ApiToken).where(ApiToken.id == bearer.token_id).values(used_at=now))
    return limits.take(tx, REQUESTS, None, now, scope=f"token {bearer.token_id}")
