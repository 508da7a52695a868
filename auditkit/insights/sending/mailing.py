"""The mail that brings a report: its figures and charts as text, and the same as a page that shows the pictures.

Whoever sees no pictures, or no pages, reads the same numbers. Checked by tests/slices/insights_sending/.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app

from auditkit.base.charts import Chart, Manner
from auditkit.base.text import _
from auditkit.documents.charts import in_a_sentence, in_words
from auditkit.documents.contexts.indicators import FigureRow, IndicatorReport
from auditkit.insights.sending.queries import Schedule

PAGE = "sending/mail.html"


@dataclass(frozen=True)
class ChartInMail:
    """A chart under the name its picture has within the mail."""

    content_id: str
    title: str
    says: str
    alt: str
    lines: list[str]


@dataclass(frozen=True)
class Told:
    """What a mail says, twice: `lines` as plain text, `page` as HTML."""

    lines: tuple[str, ...]
    page: str


def content_id(serial: int) -> str:
    """What the picture of the nth chart (from 1) is called within a mail."""
    return f"chart-{serial}"


def tell(found: Schedule, report: IndicatorReport, charts: Sequence[Chart], slug: str) -> Told:
    """The report in the language that is spoken."""
    manner = Manner(found.language)
    shown = [
        ChartInMail(content_id(serial), one.title, one.says, in_a_sentence(one, manner), in_words(one, manner))
        for serial, one in enumerate(charts, start=1)
    ]
    public_url = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
    address = f"{public_url}/o/{slug}/insights/?{found.asked}"
    page = current_app.jinja_env.get_template(PAGE).render(
        report=report, charts=shown, language=found.language, mirrored=manner.mirrored, address=address
    )
    return Told((*_text(report, shown), "", _("The figures of today:"), address), page)


def _text(report: IndicatorReport, charts: Sequence[ChartInMail]) -> list[str]:
    lines = [report.organisation.name, report.report.period]
    lines += [report.report.narrowed] if report.report.narrowed else []
    lines += ["", *(_line(one) for one in report.figures)]
    for chart in charts:
        lines += ["", chart.title, *([chart.says] if chart.says else []), *(f"  {line}" for line in chart.lines)]
    return lines


def _line(one: FigureRow) -> str:
    further = [
        _("of %(number)s", number=one.of) if one.of else "",
        _("before: %(value)s", value=one.before) if one.before else "",
    ]
    told = " · ".join(text for text in further if text)
    return f"{one.title}: {one.value}" + (f" ({told})" if told else "")
