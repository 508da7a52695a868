"""How long complaints take: histogram, and the share still open over time with open cases counted, also by group."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.charts import Bin, Curve, Curves, Histogram, Mark, Step
from auditkit.base.db import Session
from auditkit.base.text import N_, _, ngettext
from auditkit.insights.indicators import times, waiting
from auditkit.insights.indicators.frame import frame
from auditkit.insights.indicators.times import Wait, Waited
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import FEWEST, Selection, Unit
from auditkit.insights.statistics import queries
from auditkit.insights.statistics.behind import TOOK
from auditkit.insights.statistics.naming import BY_TITLES, behind_url, word_title
from auditkit.insights.statistics.promised import Promised, promised
from auditkit.insights.statistics.rules.spread import binned
from auditkit.insights.statistics.rules.survival import Survival, Times, kaplan_meier, log_rank
from auditkit.insights.statistics.shown import Shown, chance_text, of_steps, source_of, too_few
from auditkit.web.languages import listed
from auditkit.web.manner import manner

GROUPS = 4
COMPARED_BY = ("category", "channel", "site", "severity", "product")
DOUBTFUL = 0.05
MOST_STEPS = 250
PERCENTILE_TITLES = {50: N_("Median"), 75: N_("P75"), 90: N_("P90"), 95: N_("P95")}


@dataclass(frozen=True)
class Lasting:
    """The parts of the page: how long those that ended took, how many are still open, and groups compared."""

    spread: Shown
    curve: Shown
    groups: Shown | None
    compared: str
    promised: Promised


def lasting(tx: Session, selection: Selection, now: datetime, wait: Wait, by: str) -> Lasting:
    """Times of the complaints received in the period."""
    found = Board(tx, selection, now).waited(wait.name)
    limits = promised(frame(tx, selection, now), wait)
    curve = _curve(selection, now, limits, kaplan_meier(found.times))
    groups, compared = _groups(tx, selection, now, wait, by) if by else (None, "")
    return Lasting(_spread(selection, now, limits, found), curve, groups, compared, limits)


def _unit(wait: Wait) -> str:
    return _("Hours") if wait.unit is Unit.HOURS else _("Days")


def _spread(selection: Selection, now: datetime, limits: Promised, found: Waited) -> Shown:
    wait, times_ = limits.wait, found.times.ended
    cases = sum(times_.values())
    marks = [
        Mark(value, f"{_(title)} {manner().number(value, 1)}")
        for percent, title in PERCENTILE_TITLES.items()
        if (value := waiting.percentile(times_, percent)) is not None
    ]
    open_too = sum(found.still.values())
    warning = ngettext(
        "%(num)s case is still open and not in this picture; the curve below counts it.",
        "%(num)s cases are still open and not in this picture; the curve below counts them.",
        open_too,
    )
    chart = Histogram(
        name="spread",
        title=_("%(wait)s: those that ended", wait=_(wait.title)),
        measure=_("Complaints"),
        along=_unit(wait),
        says=f"{listed(one.text for one in marks)}. {limits.says}" if marks else limits.says,
        formula=_(
            "Whole units from receipt, cut down; percentiles interpolated between neighbours; the target line of a "
            "limit stands where half of the complaints under it fell due earlier, as working time varies in length"
        ),
        source=source_of(selection, cases, now),
        warning=warning if open_too else "",
        bins=[Bin(one.low, one.high, one.count, _took(selection, wait, one.low, one.high)) for one in binned(times_)],
        marks=(*marks, *limits.lines),
    )
    return Shown(chart, too_few(cases))


def _took(selection: Selection, wait: Wait, low: float, high: float | None) -> str:
    bounds: dict[str, object] = {"low": low} if high is None else {"low": low, "high": high}
    return behind_url(selection, TOOK, (), {"wait": wait.name, **bounds})


def _curve(selection: Selection, now: datetime, limits: Promised, found: Survival) -> Shown:
    wait, half = limits.wait, found.quantile(0.5)
    says = _("Not half of them have come so far.")
    if half is not None:
        says = _within(half, wait)
    chart = Curves(
        name="open",
        title=_("%(wait)s: share still waiting", wait=_(wait.title)),
        measure=_("Share still waiting"),
        share=True,
        along=_unit(wait),
        ends=_ends([found]),
        says=f"{says} {limits.says}",
        formula=of_steps(
            _(
                "Kaplan and Meier: cases still open count with the time they have waited; "
                "the band is the interval of 95 per cent (log-log)"
            )
        ),
        source=source_of(selection, found.cases, now),
        curves=[Curve(_("All"), _steps(found))],
        marks=(*((Mark(half, _("Median")),) if half is not None else ()), *limits.lines),
    )
    return Shown(chart, too_few(found.cases))


def _within(half: int, wait: Wait) -> str:
    if wait.unit is Unit.HOURS:
        return ngettext(
            "Half of them are through after %(num)s hour.", "Half of them are through after %(num)s hours.", half
        )
    return ngettext("Half of them are through after %(num)s day.", "Half of them are through after %(num)s days.", half)


def _ends(found: list[Survival]) -> float:
    """Where the axis ends: when 98 of 100 are through, else at the last that is known."""
    reached = [one.quantile(0.98) for one in found]
    known = [one.moments[-1].time for one in found]
    ends = max((known[place] if time is None else time for place, time in enumerate(reached)), default=1.0)
    return max(ends, 1.0)


def _steps(found: Survival) -> list[Step]:
    """The steps of the curve, thinned where there are more than a picture can show."""
    every = max(1, len(found.moments) // MOST_STEPS)
    kept = [at for number, at in enumerate(found.moments) if number % every == 0 or number == len(found.moments) - 1]
    return [Step(at.time, at.open_share, at.low, at.high) for at in kept]


def _groups(tx: Session, selection: Selection, now: datetime, wait: Wait, by: str) -> tuple[Shown, str]:
    words = [word for word, cases in queries.words(tx, selection, now, by).rows if cases >= FEWEST][:GROUPS]
    counted = {word: times.waited(frame(tx, selection.only(by, word), now), wait).times for word in words}
    found = {word: kaplan_meier(one) for word, one in counted.items()}
    chart = Curves(
        name="groups",
        title=_("%(wait)s by %(by)s", wait=_(wait.title), by=_(BY_TITLES[by])),
        measure=_("Share still waiting"),
        share=True,
        along=_unit(wait),
        ends=_ends(list(found.values())),
        formula=of_steps(
            _("Kaplan and Meier for the most frequent groups of at least %(fewest)s cases", fewest=FEWEST)
        ),
        source=source_of(selection, sum(one.cases for one in found.values()), now),
        curves=[Curve(word_title(by, word), _steps(one)) for word, one in found.items()],
    )
    if len(found) < 2:
        return Shown(chart, _("Too few: there are not two groups of at least %(fewest)s cases.", fewest=FEWEST)), ""
    return Shown(chart), _compared(list(counted.values()))


def _compared(groups: list[Times]) -> str:
    found = log_rank(groups)
    if found is None:
        return _("Log-rank test: not checked, because nothing has ended yet.")
    numbers = {"chi": manner().number(found.chi_square, 2), "chance": chance_text(found.chance)}
    if found.chance < DOUBTFUL:
        return _(
            "Log-rank test: the groups differ more than by chance (chi-square %(chi)s, chance %(chance)s; at 5 %% one "
            "in twenty such findings is false where nothing differs).",
            **numbers,
        )
    return _("Log-rank test: no difference beyond chance (chi-square %(chi)s, chance %(chance)s).", **numbers)
