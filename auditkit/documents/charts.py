"""A chart as a file: its table as CSV or XLSX, its picture as PNG; and as a part of a document, or in words.

Checked by tests/slices/documents/test_documents_charts.py.
"""

import base64
import io
from datetime import datetime

from auditkit.base.charts import Chart, Heading, Manner, Value
from auditkit.base.charts.picture import missing_letters, png
from auditkit.base.text import _
from auditkit.documents.contexts.facts import ChartFacts, Picture
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


FEW_ROWS = 12
MANY_ROWS = 40


def chart_facts(chart: Chart, manner: Manner) -> ChartFacts:
    """The chart for a document: what it says, the same for those who do not see it, and its picture."""
    told = [chart.says, chart.warning, missing_letters(chart, manner)]
    return ChartFacts(
        chart.title,
        " ".join(one for one in told if one),
        in_a_sentence(chart, manner),
        chart.source,
        Picture(base64.b64encode(png(chart, manner)).decode()),
    )


def in_a_sentence(chart: Chart, manner: Manner) -> str:
    """What a chart shows, for those who do not see it: its values where they are few, else what it says."""
    rows = in_words(chart, manner)
    told = "; ".join(rows) if len(rows) <= FEW_ROWS else chart.says
    return f"{chart.title}. {told}"


def in_words(chart: Chart, manner: Manner, most: int = MANY_ROWS) -> list[str]:
    """The rows of a chart's table as lines of text, at most so many; a last line says how many more there are."""
    table = chart.table()
    lines = []
    for row in table.rows[:most]:
        cells = [_cell(head, value, manner) for head, value in zip(table.headings, row.cells, strict=True)]
        more = [
            text if len(cells) == 2 else f"{head.text} {text}"
            for head, text in zip(table.headings[1:], cells[1:], strict=True)
            if text
        ]
        lines.append(f"{cells[0]}: {', '.join(more)}")
    left = len(table.rows) - most
    return [*lines, _("… and %(count)s more", count=manner.number(left))] if left > 0 else lines


def _cell(heading: Heading, value: Value, manner: Manner) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return manner.written(value, digits=heading.digits, share=heading.share)


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
