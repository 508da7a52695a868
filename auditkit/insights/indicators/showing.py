"""Figures in words and numbers of the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from auditkit.base.charts import Curve, Curves, Mark
from auditkit.base.charts import Step as Drawn
from auditkit.base.text import N_, _, ngettext
from auditkit.content.library import shared
from auditkit.content.shapes import Indicator
from auditkit.insights.indicators import computing, times
from auditkit.insights.rules import FEWEST, Figure, Selection, Side, Unit
from auditkit.insights.statistics.rules.survival import kaplan_meier
from auditkit.web.languages import day
from auditkit.web.manner import manner

DIGITS = {Unit.HOURS: 1, Unit.DAYS: 1, Unit.SCORE: 2, Unit.RATE: 2}


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it; every text is ready. `url` leads to its own page, empty for none."""

    figure: Figure
    title: str
    value: str
    made_of: str
    interval: str
    note: str
    left_out: tuple[tuple[str, str], ...]
    url: str


def show(figure: Figure, selection: Selection) -> Shown:
    """One figure."""
    return Shown(
        figure,
        _(figure.title),
        value_text(figure),
        made_of(figure),
        interval_text(figure),
        _(figure.note, **figure.note_facts) if figure.note else "",
        tuple((_(why), manner().number(number)) for why, number in figure.left_out.items()),
        figure_url(figure, selection),
    )


def figure_url(figure: Figure, selection: Selection) -> str:
    """The page of a figure over a selection."""
    address = url_for("indicators.show", name=figure.name)
    currency = f"&currency={figure.currency}" if figure.currency else ""
    return f"{address}?{selection.address}{currency}"


def records_url(figure: Figure, selection: Selection, side: Side) -> str:
    """The list of the complaints behind it."""
    address = url_for("indicators.records", name=figure.name)
    currency = f"&currency={figure.currency}" if figure.currency else ""
    return f"{address}?{selection.address}&side={side.value}{currency}"


def value_text(figure: Figure) -> str:
    """The number; where there are too few cases how many they are, and a dash where there is nothing to count."""
    if figure.value is not None:
        return number_text(figure.unit, figure.value, figure.currency)
    if figure.too_few and figure.numerator is not None and figure.unit is Unit.SHARE:
        return of_text(figure.numerator, figure.denominator or 0)
    return "–"


def number_text(unit: Unit, value: float, currency: str = "") -> str:
    """A number with its unit."""
    here = manner()
    if unit is Unit.SHARE:
        return here.share(value)
    if unit is Unit.MONEY:
        return f"{here.number(value / 100, 2)} {currency}"
    number = here.number(value, DIGITS.get(unit, 0))
    if unit is Unit.HOURS:
        return _("%(number)s h", number=number)
    if unit is Unit.DAYS:
        whole = round(value)
        return ngettext("%(num)s day", "%(num)s days", whole) if value == whole else _("%(days)s days", days=number)
    return number


def of_text(part: int, whole: int) -> str:
    """Such as 12 of 40."""
    here = manner()
    return _("%(part)s of %(whole)s", part=here.number(part), whole=here.number(whole))


def made_of(figure: Figure) -> str:
    """What the number is made of."""
    if figure.denominator is not None and figure.numerator is not None:
        return of_text(figure.numerator, figure.denominator)
    return manner().number(figure.n)


def interval_text(figure: Figure) -> str:
    """The 95% interval, empty where it has none."""
    if figure.low is None or figure.high is None:
        return ""
    return " – ".join(number_text(figure.unit, end) for end in (figure.low, figure.high))


def indicator(name: str) -> Indicator:
    """The entry of the content that a figure belongs to. Raises NotFound."""
    return shared().indicators[computing.indicator_of(name)]


PART_TITLES: Mapping[str, str] = {
    "p50": N_("Median of those that ended"),
    "p75": N_("Three quarters of those that ended"),
    "p90": N_("Nine in ten of those that ended"),
    "p95": N_("Nineteen in twenty of those that ended"),
    "km-p50": N_("Median, with those that still wait"),
    "km-p75": N_("Three quarters, with those that still wait"),
    "km-p90": N_("Nine in ten, with those that still wait"),
    "km-p95": N_("Nineteen in twenty, with those that still wait"),
    "still": N_("Still wait"),
    "before-receipt": N_("Ended before they were received, as their file says"),
    "longest": N_("The longest"),
    "per-case": N_("For each complaint closed"),
}
_CASES = ("still", "before-receipt")


def parts(figure: Figure) -> Iterable[tuple[str, str]]:
    """The further numbers of a figure: (title, text)."""
    for name, value in figure.parts.items():
        if name == "before-receipt" and not value:
            continue
        unit = Unit.CASES if name in _CASES else figure.unit
        text = _("not reached") if value is None else number_text(unit, value, figure.currency)
        yield _(PART_TITLES[name]), text


def curve(wait: times.Wait, found: times.Waited, selection: Selection) -> Curves | None:
    """The share that still waits after each time; None where there are too few cases for a picture."""
    if sum(found.ended.values()) + sum(found.still.values()) < FEWEST:
        return None
    estimate = kaplan_meier(found.times)
    median = estimate.quantile(0.5)
    along = _("Hours since receipt") if wait.unit is Unit.HOURS else _("Days since receipt")
    return Curves(
        name=wait.name,
        title=_(wait.title),
        measure=_("Share that still waits"),
        says=_("How many still wait after so long. Those that wait today are counted as long as they have waited."),
        formula=_(
            "Kaplan and Meier: cases still open count with the time they have waited; "
            "the band is the interval of 95 per cent (log-log)"
        ),
        source=period_text(selection),
        share=True,
        curves=[Curve(_("All"), [Drawn(one.time, one.open_share, one.low, one.high) for one in estimate.moments])],
        along=along,
        ends=float(max(*found.times.ended, *found.still, 1)),
        marks=() if median is None else (Mark(median, _("half")),),
        top=1.0,
    )


def period_text(selection: Selection) -> str:
    """Of which records: the register, received in these days."""
    first, last = day(selection.period.first), day(selection.period.last)
    return _("Register of complaints, %(first)s to %(last)s", first=first, last=last)
