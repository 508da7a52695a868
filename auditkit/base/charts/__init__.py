"""Charts as pictures: SVG drawn on the server for pages, and the same picture as PNG for documents. Pure.

A chart is a value (`shapes`): what is shown, with its table, formula and source. `drawn` makes SVG that needs neither
inline style nor script: every mark has a class, for the page's stylesheet, and presentation attributes, for the
picture alone. `picture.png` makes PNG of it. Where the language runs from right to left, everything is mirrored.
Checked by tests/rules/test_charts.py.
"""

from auditkit.base.charts.drawing import drawn, sparkline
from auditkit.base.charts.manner import ENGLISH, Manner
from auditkit.base.charts.shapes import (
    Bar,
    Bars,
    Bin,
    Chart,
    Curve,
    Curves,
    Heading,
    Heatmap,
    HeatRow,
    Histogram,
    Intervals,
    Mark,
    Pareto,
    Point,
    Ranged,
    Row,
    RunChart,
    Step,
    Table,
    Value,
)

__all__ = [
    "ENGLISH",
    "Bar",
    "Bars",
    "Bin",
    "Chart",
    "Curve",
    "Curves",
    "Heading",
    "HeatRow",
    "Heatmap",
    "Histogram",
    "Intervals",
    "Manner",
    "Mark",
    "Pareto",
    "Point",
    "Ranged",
    "Row",
    "RunChart",
    "Step",
    "Table",
    "Value",
    "drawn",
    "sparkline",
]
