"""Reads of the logo. Which one an organisation has stands in `accounts.queries.OrganisationView` too, by its digest."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from auditkit.accounts.look.models import OrganisationLogo
from auditkit.accounts.look.rules import MEDIA_TYPES
from auditkit.base.db import Session


@dataclass(frozen=True)
class KeptLogo:
    """The logo with all that is known of it; sides in pixels."""

    kind: str
    width: int
    height: int
    digest: str
    set_at: datetime
    set_by_id: int | None
    content: bytes

    @property
    def media_type(self) -> str:
        """What it is handed out as."""
        return MEDIA_TYPES[self.kind]


def logo(tx: Session) -> KeptLogo | None:
    """The logo of the session's organisation; None where it has none."""
    columns = (getattr(OrganisationLogo, name) for name in KeptLogo.__dataclass_fields__)
    row = tx.execute(select(*columns)).one_or_none()
    return KeptLogo(*row) if row is not None else None
