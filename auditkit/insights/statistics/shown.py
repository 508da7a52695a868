"""What a page of statistics shows: a chart, or where there are too few cases a list and the words "too few"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from auditkit.base.charts import Chart
from auditkit.base.text import _, ngettext
from auditkit.insights.rules import FEWEST, Period, Selection
from auditkit.web.languages import beginning, day, listed, moment
from auditkit.web.manner import manner


@dataclass(frozen=True)
class RuleSeen:
    """A rule that was applied: whether it was noticed, and how often it is in a process that did not change."""

    title: str
    noticed: str
    alarms: str


@dataclass(frozen=True)
class Shown:
    """One part of a page. `chart` always has its table; the picture is left out where `few` says why."""

    chart: Chart
    few: str = ""
    remarks: tuple[str, ...] = ()
    rules: tuple[RuleSeen, ...] = ()


def too_few(cases: int, fewest: int = FEWEST) -> str:
    """The words for fewer cases than a picture can be drawn of; empty where there are enough."""
    if cases >= fewest:
        return ""
    return ngettext(
        "Too few: %(num)s case. Statistics begin at %(fewest)s; the list says all there is.",
        "Too few: %(num)s cases. Statistics begin at %(fewest)s; the list says all there is.",
        cases,
        fewest=fewest,
    )


def of_steps(formula: str) -> str:
    """The formula of a curve, which says why no record opens from its steps."""
    return f"{formula}. {_('A step is an estimate from all of them, so no list of its own is behind it')}"


def source_of(selection: Selection, cases: int, now: datetime) -> str:
    """Which records a figure was counted from, and when."""
    return ngettext(
        "Complaints register, %(from)s to %(to)s, %(num)s case, counted on %(now)s",
        "Complaints register, %(from)s to %(to)s, %(num)s cases, counted on %(now)s",
        cases,
        **{"from": day(selection.period.first), "to": day(selection.period.last), "now": moment(now)},
    )


def labels(periods: Sequence[Period], *, weeks: bool) -> list[str]:
    """Short names of weeks (ISO) or months."""
    return [week_label(one.first) if weeks else beginning(one.first, f"{one.first:%Y-%m}") for one in periods]


def week_label(first: date) -> str:
    """The ISO week of a day, 2026-W31; in Persian its first day."""
    year, week, _weekday = first.isocalendar()
    return beginning(first, f"{year}-W{week:02}")


def named(words: Sequence[str]) -> str:
    """Several words in one sentence."""
    return listed(words)


def chance_text(chance: float) -> str:
    """The chance of a finding where nothing differs; never a bare nought."""
    smallest = 0.0001
    if chance < smallest:
        return _("below %(number)s", number=manner().number(smallest, 4))
    return manner().number(chance, 4)


def alarm_rate(chance: float, *, per_point: bool) -> str:
    """How often a rule is wrong where nothing changed."""
    if chance <= 0:
        return _("none")
    if per_point:
        return _("one point in %(number)s", number=max(1, round(1 / chance)))
    return _("%(percent)s %% of such series", percent=manner().number(chance * 100, 1))
