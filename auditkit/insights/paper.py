"""A page of charts as a Word document: the same pictures, with what each says, its formula and source.

It is filled into the template of indicator reports, without figures. Checked by tests/slices/insights/test_paper.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from flask import Response, request

from auditkit.base import clock
from auditkit.base.charts import Chart
from auditkit.base.text import _
from auditkit.documents import catalogue
from auditkit.documents.charts import chart_facts
from auditkit.documents.contexts.facts import ChartFacts, DocumentFacts, LeftOut, Organisation
from auditkit.documents.contexts.indicators import IndicatorReport, ReportFacts
from auditkit.documents.own import here
from auditkit.evidence.names import content_disposition, download_name
from auditkit.insights.rules import Period
from auditkit.insights.statistics.shown import Shown
from auditkit.web.access import current_organisation
from auditkit.web.charts import CHART, KIND
from auditkit.web.languages import day, day_there, locale
from auditkit.web.manner import manner

TEMPLATE, DOCX = "indicator-report", "docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def wanted() -> bool:
    """Whether the address asks for the page as a document."""
    return request.args.get(KIND) == DOCX and CHART not in request.args


def address() -> str:
    """This page's address, asking for it as a document."""
    kept = [(name, one) for name, one in request.args.items(multi=True) if name not in (CHART, KIND)]
    return f"{request.path}?{urlencode([*kept, (KIND, DOCX)])}"


def paper(title: str, period: Period, narrowed: Mapping[str, str], parts: Sequence[Shown]) -> Response:
    """The charts of a page as Word; those with too few cases are named as left out, with the reason."""
    known = catalogue.languages_of(TEMPLATE)
    left_out = [LeftOut(part.chart.title, part.few) for part in parts if part.few]
    language = locale() if locale() in known else "en"
    today = day(day_there(clock.now()))
    context = IndicatorReport(
        organisation=Organisation(current_organisation().name),
        document=DocumentFacts(title, "1", today),
        report=ReportFacts(
            title,
            f"{day(period.first)} – {day(period.last)}",
            "; ".join(f"{name}: {words}" for name, words in narrowed.items()),
            today,
        ),
        figures=(),
        charts=tuple(_facts(part.chart) for part in parts if not part.few),
        left_out=tuple(left_out or [LeftOut(_("Nothing"), _("Every chart of the page is in this report"))]),
    )
    response = Response(here.made(TEMPLATE, context, title, language=language), mimetype=WORD)
    named = download_name(f"{title} {day_there(clock.now()).isoformat()}.{DOCX}", (f".{DOCX}",))
    response.headers["Content-Disposition"] = content_disposition(named)
    return response


def _facts(chart: Chart) -> ChartFacts:
    found = chart_facts(chart, manner())
    return replace(found, source=". ".join(one for one in (chart.formula, chart.source) if one))
