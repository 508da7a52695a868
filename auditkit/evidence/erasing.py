"""Removing the bytes of erased files from the store: after the transaction that erased their records, never in it.

Bytes are shared: what another organisation holds, or the same one under a record that stands, is left.
"""

from sqlalchemy import select

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import UNSCOPED, transaction
from auditkit.evidence import store
from auditkit.evidence.models import EvidenceErasure, EvidenceFile


def remove_bytes(actor: Actor) -> int:
    """Remove the bytes of the organisation's erased files that nobody else holds; how many objects went.

    Cut off between the two, it is done again by the next call: an object that is gone already is no fault.
    """
    removed = 0
    with transaction(actor) as tx:
        waiting = select(EvidenceErasure, EvidenceFile.digest).join(
            EvidenceFile, EvidenceFile.id == EvidenceErasure.file_id
        )
        for erasure, digest in tx.execute(waiting.where(EvidenceErasure.bytes_gone_at.is_(None))).all():
            erased = select(EvidenceErasure.id).where(EvidenceErasure.file_id == EvidenceFile.id).exists()
            held = select(EvidenceFile.id).where(EvidenceFile.digest == digest, ~erased)
            if tx.execute(held.execution_options(**{UNSCOPED: True})).first() is None:
                store.current().remove(digest)
                removed += 1
            erasure.bytes_gone_at = clock.now()
    return removed
