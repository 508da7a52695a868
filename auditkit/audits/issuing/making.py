"""The bytes of a report: rendered in one language throughout, and converted where a PDF is wanted."""

import io

from auditkit.audits.issuing.document import REPORT, report
from auditkit.audits.issuing.gathering import gather
from auditkit.audits.issuing.rules import Kind
from auditkit.base.db import Session
from auditkit.base.text import translated_by
from auditkit.documents import catalogue, pdf, render
from auditkit.web.catalogues import catalogue as texts_in


def written(tx: Session, number: str, organisation: str, kind: Kind, language: str) -> bytes:
    """The report of an audit in a language its template has.

    Raises NotFound, ReportNotReady, PdfUnavailable, PdfFailed.
    """
    with translated_by(str if language == "en" else texts_in(language).text, language):
        context = report(gather(tx, number, organisation), language=language)
        out = io.BytesIO()
        render.render(catalogue.entry(REPORT, language).file, catalogue.data_of(context), out)
    return pdf.convert(out.getvalue()) if kind is Kind.PDF else out.getvalue()
