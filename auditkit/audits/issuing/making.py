"""The bytes of a report: rendered in one language throughout, and converted where a PDF is wanted."""

from auditkit.audits.issuing.document import REPORT, report
from auditkit.audits.issuing.gathering import gather
from auditkit.audits.issuing.rules import Kind
from auditkit.audits.wording import Wording
from auditkit.base.db import Session
from auditkit.base.text import translated_by
from auditkit.content.library import Library, in_language, shared
from auditkit.content.texts import ENGLISH
from auditkit.documents.contexts.audit import AuditReport
from auditkit.documents.own import making
from auditkit.documents.own import rules as own
from auditkit.web.catalogues import catalogue as texts_in


def made(
    tx: Session, number: str, organisation: str, kind: Kind, language: str, *, library: Library | None = None
) -> making.Made:
    """The report of an audit in a language its template has, made with the template in force.

    `library` is the organisation's, where the questions' words in that language are looked up; else the shipped one.

    Raises NotFound, ReportNotReady, TemplateRefused, PdfUnavailable, PdfFailed.
    """
    with translated_by(str if language == "en" else texts_in(language).text, language):
        context = filled(tx, number, organisation, language, library=library)
        return making.make(tx, REPORT, context, language, own.Kind(kind.value))


def filled(
    tx: Session, number: str, organisation: str, language: str, *, library: Library | None = None
) -> AuditReport:
    """What the report is filled with; texts of ours in `language`. Raises NotFound, ReportNotReady."""
    with translated_by(str if language == "en" else texts_in(language).text, language):
        read = library or shared()
        source = read.translated_from or read
        words = Wording(in_language(source, language if language in source.languages else ENGLISH))
        return report(gather(tx, number, organisation, words), language=language)


def written(tx: Session, number: str, organisation: str, kind: Kind, language: str) -> bytes:
    """The bytes of the same."""
    return made(tx, number, organisation, kind, language).content
