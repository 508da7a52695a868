"""Whether a signature stands: over its content, with the key kept beside it, and over the records as they are now."""

from dataclasses import dataclass
from enum import StrEnum

from auditkit.audits.signing import content, queries
from auditkit.audits.signing.queries import Signed
from auditkit.base.db import Session
from auditkit.base.signing import signature_fits
from auditkit.base.text import N_


class Found(StrEnum):
    """What a check found. `not-checked`: an older version, whose records have moved on by amendment."""

    CLEAN = "clean"
    BROKEN = "broken"
    NOT_CHECKED = "not-checked"


@dataclass(frozen=True)
class Checked:
    """`signature`: digest and signature fit the kept content; `records`: the records still say what was signed."""

    signature: Found
    records: Found


SIGNATURE_TITLES = {
    Found.CLEAN: N_("Signature fits"),
    Found.BROKEN: N_("Signature does not fit what is kept"),
}
RECORDS_TITLES = {
    Found.CLEAN: N_("Records are as they were signed"),
    Found.BROKEN: N_("Records differ from what was signed"),
    Found.NOT_CHECKED: N_("Records not checked: a later amendment changed them"),
}


def check(tx: Session, number: str, audit_id: int) -> dict[int, Checked]:
    """Every signature of an audit, by its serial."""
    serials = [one.serial for one in queries.signatures(tx, audit_id)]
    found: dict[int, Checked] = {}
    for serial in serials:
        signed = queries.signed(tx, audit_id, serial)
        if signed is None:
            continue
        records = _records(tx, number, signed) if serial == serials[-1] else Found.NOT_CHECKED
        found[serial] = Checked(Found.CLEAN if fits(signed) else Found.BROKEN, records)
    return found


def fits(signed: Signed) -> bool:
    """Whether digest and signature fit the kept content."""
    return signature_fits(signed.content, signed.digest, signed.public_key, signed.signature)


def _records(tx: Session, number: str, signed: Signed) -> Found:
    now = content.read(signed.content)
    written_as = str(now.get("format", content.FIRST))
    again = content.read(
        content.canonical(tx, number, until=signed.signed_at, amendments=signed.serial, written_as=written_as).decode()
    )
    # What a signature did not stand for depends on who signed; it is part of the content, not of the records.
    now.pop("not_signed_for", None)
    again.pop("not_signed_for", None)
    return Found.CLEAN if now == again else Found.BROKEN
