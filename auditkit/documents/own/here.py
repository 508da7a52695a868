"""Making a document for the organisation whose page this is, with the template in force, and noting which one that was.

    content = here.made("audit-plan", context, _("Audit plan %(number)s", number=number), language="fa")

Checked by tests/slices/documents/test_documents_own_pages.py.
"""

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.documents import catalogue
from auditkit.documents.own.making import Made, make
from auditkit.documents.own.rules import Kind
from auditkit.web.access import current_actor


def made(
    template_id: str, context: catalogue.Context, title: str, *, language: str = "en", kind: Kind = Kind.WORD
) -> bytes:
    """The document as bytes. Raises TemplateRefused (with the name of the template), PdfUnavailable, PdfFailed."""
    return told(make(reading(), template_id, context, language, kind), title)


def told(document: Made, title: str) -> bytes:
    """The bytes of a document that is handed out, after noting which template made it."""
    with transaction(current_actor()) as tx:
        document.tell(tx, title, clock.now(), current_actor())
    return document.content
