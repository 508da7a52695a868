"""Charts on pages: what `templates/web/charts.html` needs from Python. The drawing is in `base.charts`.

A page hands its charts to the macro and links `charts.css` in its head; a view that answers `insights.charts.asked`
first also gives them as CSV, XLSX and PNG.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request
from markupsafe import Markup

from auditkit.base.charts import Chart, Heading, Value, drawn, sparkline
from auditkit.web.components import unique_id
from auditkit.web.manner import manner

CHART, KIND = "chart", "as"
"""Names in the address: which chart is asked for, and as what kind of file."""


def cell(heading: Heading, value: Value) -> str:
    """A value of a chart's table as the page shows it."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return manner().written(value, digits=heading.digits, share=heading.share)


def address(chart: Chart, kind: str) -> str:
    """This page's address, asking for one of its charts as a file."""
    kept: list[tuple[str, Any]] = [(name, one) for name, one in request.args.items(multi=True) if name != CHART]
    return f"{request.path}?{urlencode([*((n, v) for n, v in kept if n != KIND), (CHART, chart.name), (KIND, kind)])}"


def _drawn(chart: Chart) -> Markup:
    return drawn(chart, manner(), unique_id(f"chart-{chart.name}"))


def _sparkline(values: Sequence[float | None], label: str) -> Markup:
    return sparkline(values, label, manner(), unique_id("sparkline"))


def init_app(app: Flask) -> None:
    """Make charts known to the templates of `app`."""
    app.jinja_env.globals.update(
        chart_drawn=_drawn, chart_cell=cell, chart_address=address, sparkline=_sparkline, chart_number=_number
    )


def _number(value: float | None, digits: int = 0, share: bool = False) -> str:
    return "–" if value is None else manner().written(value, digits=digits, share=share)
