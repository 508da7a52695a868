"""Making a document with the template in force. `here.py` does it for a page; jobs and verbs use `make` and `tell`.

Checked by tests/slices/documents/test_documents_own.py.
"""

import io
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.documents import catalogue, pdf, render
from auditkit.documents.direction import sided
from auditkit.documents.own import choosing, service
from auditkit.documents.own.choosing import Chosen
from auditkit.documents.own.dressing import dressed, logo
from auditkit.documents.own.rules import Kind


@dataclass(frozen=True)
class Made:
    """A document as bytes, and what made it."""

    content: bytes
    kind: Kind
    chosen: Chosen
    template_digest: str

    def tell(self, tx: Session, title: str, now: datetime, actor: Actor) -> int:
        """Note which template made it, under `title`; the note's id."""
        command = service.TellMade(
            self.chosen.entry.id,
            self.chosen.language,
            self.kind,
            title,
            self.chosen.origin,
            self.chosen.version,
            self.template_digest,
            self.content,
        )
        return service.tell_made(tx, command, now, actor)


def make(
    tx: Session, template_id: str, context: catalogue.Context, language: str = "en", kind: Kind = Kind.WORD
) -> Made:
    """Fill the template in force. Raises TemplateRefused (with its name), TemplateGone, PdfUnavailable, PdfFailed."""
    instance = current_app.extensions["auditkit.settings"].instance
    chosen = choosing.chosen(tx, instance, template_id, language)
    out = io.BytesIO()
    data = dressed(catalogue.data_of(sided(context, chosen.language)), logo(tx))
    digest = render.render(chosen.entry.file, data, out, chosen.language)
    content = pdf.convert(out.getvalue()) if kind is Kind.PDF else out.getvalue()
    return Made(content, kind, chosen, digest)
