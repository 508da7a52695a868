"""Charts of a page as files. A view with charts answers `asked(charts) or render_template(...)`."""

from collections.abc import Iterable

from flask import Response, abort, request

from auditkit.base import clock
from auditkit.base.charts import Chart
from auditkit.documents.charts import MEDIA_TYPES, chart_file
from auditkit.evidence.names import content_disposition, download_name
from auditkit.web.charts import CHART, KIND
from auditkit.web.languages import day_there
from auditkit.web.manner import manner


def asked(charts: Iterable[Chart]) -> Response | None:
    """The file that the address asks for, made of one of this page's charts; None where it asks for the page itself.

    404 for a chart that the page does not have (any more) or a kind of file that there is not.
    """
    name, kind = request.args.get(CHART, ""), request.args.get(KIND, "")
    if not name:
        return None
    chart = next((one for one in charts if one.name == name), None)
    if chart is None or kind not in MEDIA_TYPES:
        abort(404)
    now = clock.now()
    response = Response(chart_file(chart, kind, manner(), now), mimetype=None, content_type=MEDIA_TYPES[kind])
    named = download_name(f"{chart.title} {day_there(now).isoformat()}.{kind}", (f".{kind}",))
    response.headers["Content-Disposition"] = content_disposition(named)
    return response
