"""Packs and the erasure of a case: whole packs of that complaint go, those of the organisation are named.

A pack is signed, so nothing can be taken out of one; who has a copy keeps it.
tests/slices/packs/test_packs_of_erased.py holds it.
"""

import hashlib
import zipfile
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from auditkit.base.actor import Actor
from auditkit.base.db import Session, reading
from auditkit.base.text import N_
from auditkit.complaints.privacy import elsewhere
from auditkit.journal.service import record
from auditkit.packs import pdfs, service
from auditkit.packs.models import Pack
from auditkit.packs.rules import FILE_REMOVED
from auditkit.packs.verify.layout import WHOLE

WHY_SIGNED = N_(
    "They are signed and hold what they held when they were built; their files are kept here until they are taken out "
    "of the instance"
)


def erase(tx: Session, reference: str, now: datetime, actor: Actor) -> elsewhere.Gone:
    """Whole packs of this complaint are no longer kept; other whole packs that are kept are named."""
    packs = tx.execute(select(Pack).where(Pack.form == WHOLE, Pack.stored)).scalars().all()
    own = [one for one in packs if one.subject == reference]
    for pack in own:
        pack.stored = False
        record(tx, FILE_REMOVED, now=now, actor=actor, subject=(service.SUBJECT, pack.id), facts={"root": pack.root})
    rest = [one.id for one in packs if one.stored and not one.subject]
    kept = [{"packs": rest, "why": WHY_SIGNED}] if rest else []
    return elsewhere.Gone({"pack": len(own)}, list(kept))


def remove_bytes(actor: Actor) -> int:
    """Remove the files of packs of one complaint that are no longer kept, and their PDFs; how many files."""
    folder = service.packs_folder(current_app.extensions["auditkit.settings"].instance)
    gone = select(Pack.root).where(Pack.form == WHOLE, Pack.stored.is_(False), Pack.subject != "")
    removed = 0
    for root in reading(actor).execute(gone).scalars():
        path = folder / f"{root}.zip"
        if path.is_file():
            removed += _remove_pdfs(folder, path)
            path.unlink()
            removed += 1
    return removed


def _remove_pdfs(folder: Path, pack: Path) -> int:
    """PDFs are kept by the digest of the Word file that they were made of, which lies in the pack."""
    removed = 0
    with zipfile.ZipFile(pack) as bag:
        for name in bag.namelist():
            if name.endswith(".docx"):
                kept = pdfs.kept_by(folder, hashlib.sha256(bag.read(name)).hexdigest())
                if kept.is_file():
                    kept.unlink()
                    removed += 1
    return removed
