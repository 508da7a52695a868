"""The charts of a frozen input, drawn of nothing but what was frozen. Checked by tests/slices/reviews/."""

from collections.abc import Iterator
from datetime import date

from auditkit.base.charts import Bar, Chart, Pareto, Point, RunChart
from auditkit.base.text import _
from auditkit.insights.rules import FEWEST, Period, Selection
from auditkit.insights.statistics.naming import records_url, word_title
from auditkit.reviews.inputs.content import Content, Table
from auditkit.reviews.inputs.titles import BY_CATEGORY, BY_MONTH, TABLE_TITLES
from auditkit.web.languages import beginning, day

FEWEST_MONTHS, FEWEST_WORDS = 3, 2


def charts(found: Content, *, opens: bool = False) -> list[Chart]:
    """What can be drawn of an input; of too few complaints nothing, the numbers stand in its tables.

    `opens`: whether the reader may see the register, so that points and bars lead to its complaints.
    """
    tables = {one.name: one for one in found.tables}
    return [*_months(found, tables.get(BY_MONTH), opens), *_categories(found, tables.get(BY_CATEGORY), opens)]


def _months(found: Content, table: Table | None, opens: bool) -> Iterator[Chart]:
    if table is None or len(table.rows) < FEWEST_MONTHS or _sum(table) < FEWEST:
        return
    yield RunChart(
        name=BY_MONTH,
        title=_(TABLE_TITLES[BY_MONTH]),
        measure=_("Complaints"),
        of=_("Month"),
        points=[
            Point(month_label(month), float(number), _of_month(found, month) if opens else "")
            for month, number in table.rows
        ],
        source=_source(found),
        formula=_("Complaints, disputes and concerns by the month of their receipt, in the organisation's days"),
    )


def _categories(found: Content, table: Table | None, opens: bool) -> Iterator[Chart]:
    if table is None or len(table.rows) < FEWEST_WORDS or _sum(table) < FEWEST:
        return
    yield Pareto(
        name=BY_CATEGORY,
        title=_(TABLE_TITLES[BY_CATEGORY]),
        measure=_("Complaints"),
        of=_("Category"),
        bars=[
            Bar(
                word_title("category", word),
                (float(number),),
                records_url(_whole(found), None, "category", word) if opens else "",
            )
            for word, number in table.rows
        ],
        says=_("The most frequent first, with the share they make together."),
        source=_source(found),
        formula=_("Complaints received in the period"),
    )


def _whole(found: Content) -> Selection:
    return Selection(Period(found.span.first, found.span.last))


def _of_month(found: Content, month: str) -> str:
    """Where the complaints of a month of the input are."""
    whole = _whole(found)
    part = next((one for one in whole.period.months() if f"{one.first:%Y-%m}" == month), None)
    return records_url(whole, part) if part else ""


def month_label(month: str) -> str:
    """A calendar month as it was frozen, 2026-03; in Persian its first day."""
    return beginning(date.fromisoformat(f"{month}-01"), month)


def _sum(table: Table) -> int:
    return sum(int(number) for _word, number in table.rows)


def _source(found: Content) -> str:
    return _("Register of complaints, %(first)s to %(last)s", first=day(found.span.first), last=day(found.span.last))
