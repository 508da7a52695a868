"""Report of indicators: the figures of a dashboard over a period (clauses 8.2 to 8.4)."""

from dataclasses import dataclass

from auditkit.documents.contexts.facts import (
    EXAMPLE_CHART,
    EXAMPLE_HOUSE,
    ChartFacts,
    DocumentFacts,
    LeftOut,
    Organisation,
)
from auditkit.documents.contexts.records import Kind, drawn_from


@dataclass(frozen=True)
class ReportFacts:
    """What the report is of. `narrowed` names what of the register counts; empty: all of it."""

    title: str
    period: str
    narrowed: str
    counted: str


@drawn_from(Kind.FIGURE, "title")
@dataclass(frozen=True)
class FigureRow:
    """A figure: what it is of, its interval, the period before, or why it cannot be told. Texts may be empty."""

    title: str
    value: str
    of: str
    interval: str
    before: str
    formula: str
    pitfall: str


@drawn_from(Kind.DASHBOARD, "report.title")
@dataclass(frozen=True)
class IndicatorReport:
    """The whole report; template `indicator-report`."""

    organisation: Organisation
    document: DocumentFacts
    report: ReportFacts
    figures: tuple[FigureRow, ...]
    charts: tuple[ChartFacts, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def example(cls) -> "IndicatorReport":
        """Three figures of a month, one of them of too few cases."""
        return cls(
            EXAMPLE_HOUSE,
            DocumentFacts("Branches, last month", "1", "1 April 2026"),
            ReportFacts("Branches, last month", "1 March 2026 to 31 March 2026", "Category: delivery", "1 April 2026"),
            (
                FigureRow("Complaints received", "128", "", "", "117", "Complaints received in the period",
                          "A rising number can mean that complaining became easier."),
                FigureRow("Decided on time", "91.4%", "93", "83.9% to 95.6%", "88%",
                          "Decided by the due date, of those decided and those overdue",
                          "Leaving out open cases makes it look better."),
                FigureRow("Decided outside against us", "too few", "3", "", "", "Of those decided outside", ""),
            ),
            (EXAMPLE_CHART,),
            (LeftOut("Time to answer", "This figure is not computed any more"),),
        )  # fmt: skip
