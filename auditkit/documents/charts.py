"""A chart as a file: its table as CSV or XLSX, its picture as PNG.

Checked by tests/slices/documents/test_documents_charts.py.
"""

import io
from datetime import datetime

from auditkit.base.charts import Chart, Manner
from auditkit.base.charts.picture import png
from auditkit.base.text import _
from auditkit.documents.tables import Column, Sheet, write_csv, write_xlsx

CSV, XLSX, PNG = "csv", "xlsx", "png"
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PNG: "image/png",
}


def chart_file(chart: Chart, kind: str, manner: Manner, now: datetime) -> bytes:
    """The chart as `kind` (a key of MEDIA_TYPES). Numbers stay numbers: shares as parts of one, times as they are.

    A workbook has a second sheet with formula, source and warning. Raises KeyError for another kind.
    """
    MEDIA_TYPES[kind]
    if kind == PNG:
        return png(chart, manner)
    table = chart.table()
    heads = [Column(one.text, 14 if one.number else 28) for one in table.headings]
    rows = [row.cells for row in table.rows]
    out = io.BytesIO()
    if kind == CSV:
        write_csv(out, heads, rows)
        return out.getvalue()
    sheets = [Sheet(chart.title[:31] or "1", heads, rows), _about(chart, manner, now)]
    write_xlsx(out, sheets, title=chart.title, created=now, right_to_left=manner.mirrored)
    return out.getvalue()


def _about(chart: Chart, manner: Manner, now: datetime) -> Sheet:
    facts = (
        (_("Title"), chart.title),
        (_("What it shows"), chart.says),
        (_("Formula"), chart.formula),
        (_("Source"), chart.source),
        (_("Note"), chart.warning),
        (_("Made"), now),
    )
    columns = [Column(_("What"), 16), Column(_("Text"), 90)]
    return Sheet(_("About"), columns, [fact for fact in facts if fact[1]])
