"""Run charts: complaints received, promises missed and complaints upheld over time, and gaps between severe ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from auditkit.base.charts import Point, RunChart
from auditkit.base.db import Session
from auditkit.base.text import N_, _, ngettext
from auditkit.insights.indicators.frame import ACKNOWLEDGE, DECIDE
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import FEWEST, Period, Selection
from auditkit.insights.statistics import queries
from auditkit.insights.statistics.queries import Event, Share
from auditkit.insights.statistics.rules import limits as rules
from auditkit.insights.statistics.rules.limits import MIN_POINTS, Limits, Rule, Runs
from auditkit.insights.statistics.rules.seasons import Seasons, seasons
from auditkit.insights.statistics.shown import RuleSeen, Shown, alarm_rate, labels, source_of, too_few
from auditkit.insights.volumes.queries import of_kind
from auditkit.web.manner import manner

WEEKS_UP_TO_DAYS = 400
FEWEST_GAPS = 5
SEASON_MONTHS = 60
SCATTERS = 1.4
PER = 1_000
FEWEST_OF_A_POINT = 5
"""Shares of fewer cases than this jump between a few values; they are counted by months, and have no limits."""
RULE_TITLES = {
    Rule.BEYOND: N_("A point beyond its limits"),
    Rule.LONG_RUN: N_("A long run on one side of the median"),
    Rule.FEW_CROSSINGS: N_("Few crossings of the median"),
}
Opens = Callable[[Period], str]


def parts_of(period: Period, today: date) -> tuple[list[Period], bool]:
    """The whole weeks (Monday first) of a period, or its whole months where it is longer than 400 days; whether weeks.

    What has not ended yet is left out: half a week would look like a fall.
    """
    ends = min(period.last, today - timedelta(days=1))
    if period.days > WEEKS_UP_TO_DAYS:
        return [one for one in _whole(period) if one.last <= ends], False
    first = period.first + timedelta(days=-period.first.weekday() % 7)
    found = []
    while first + timedelta(days=6) <= ends:
        found.append(Period(first, first + timedelta(days=6)))
        first += timedelta(days=7)
    return found, True


@dataclass(frozen=True)
class Asked:
    """What every chart of the page is made from."""

    tx: Session
    selection: Selection
    today: date
    now: datetime

    @property
    def parts(self) -> tuple[list[Period], bool]:
        """The weeks or months of the selection."""
        return parts_of(self.selection.period, self.today)


def received(asked: Asked, opens: Opens) -> Shown:
    """Complaints received: a c-chart of weeks, or of months by their days (u)."""
    parts, weeks = asked.parts
    counts = queries.received(asked.tx, asked.selection, parts, asked.now).get("", [0] * len(parts))
    found = _count_limits(counts, parts, weeks=weeks) if len(parts) >= MIN_POINTS else None
    if weeks:
        formula = _("Complaints received in each whole week; limits: mean ± 3 √mean (c-chart)")
    else:
        formula = _("Complaints received in each whole month; limits by its number of days (u-chart)")
    points = [
        Point(label, count, opens(part))
        for label, count, part in zip(labels(parts, weeks=weeks), counts, parts, strict=True)
    ]
    chart = RunChart(
        name="received",
        title=_("Complaints received"),
        measure=_("Complaints a week") if weeks else _("Complaints a month"),
        of=_("Week") if weeks else _("Month"),
        formula=formula,
        source=source_of(asked.selection, sum(counts), asked.now),
        points=points,
    )
    shown = _noticed(chart, counts, found, too_few(sum(counts)))
    scatter = rules.dispersion(counts, found) if found and weeks else 1.0
    warning = (
        _(
            "The counts scatter %(times)s times as much as chance alone would make them. Points beyond the limits may "
            "mean no more than that.",
            times=manner().number(scatter, 1),
        )
        if scatter > SCATTERS
        else ""
    )
    return replace(shown, chart=replace(shown.chart, warning=warning or shown.chart.warning), remarks=_season(asked))


def _count_limits(counts: Sequence[int], parts: Sequence[Period], *, weeks: bool) -> Limits:
    if weeks:
        return rules.counts(counts)
    days = [part.days for part in parts]
    daily = rules.rates(counts, days)
    return Limits(
        daily.centre * sum(days) / len(days),
        tuple(low * number for low, number in zip(daily.lower, days, strict=True)),
        tuple(high * number for high, number in zip(daily.upper, days, strict=True)),
        daily.false_alarms,
    )


def rate(asked: Asked, number: int, counts: str, opens: Opens) -> Shown | None:
    """Complaints per 1,000 of what is counted, a u-chart of months; None where no month of the period is on record.

    `number` tells it from the charts of other kinds. Of sites it is known what was counted at each; of products never.
    """
    known = of_kind(asked.tx, counts, asked.now, asked.selection.sites)
    parts = [one for one in _whole_months(asked) if one.first in known]
    if not parts or asked.selection.products:
        return None
    received = queries.received(asked.tx, asked.selection, parts, asked.now).get("", [0] * len(parts))
    volumes = [known[part.first] for part in parts]
    limits = _per_thousand(rules.rates(received, volumes)) if len(parts) >= MIN_POINTS else None
    values = [PER * cases / volume for cases, volume in zip(received, volumes, strict=True)]
    chart = RunChart(
        name=f"rate-{number}",
        title=_("Complaints per 1,000: %(counts)s", counts=counts),
        measure=_("Complaints per 1,000"),
        of=_("Month"),
        digits=2,
        formula=_(
            "Complaints received in each whole month by what was counted in it (%(counts)s), times 1,000; "
            "limits: mean rate ± 3 √(mean rate / number) (u-chart)",
            counts=counts,
        ),
        source=source_of(asked.selection, sum(received), asked.now),
        points=[
            Point(label, value, opens(part), parts=(cases, volume))
            for label, value, part, cases, volume in zip(
                labels(parts, weeks=False), values, parts, received, volumes, strict=True
            )
        ],
    )
    return _noticed(chart, values, limits, too_few(sum(received)))


def _whole_months(asked: Asked) -> list[Period]:
    return [one for one in _whole(asked.selection.period) if one.last < asked.today]


def _whole(period: Period) -> list[Period]:
    return [one for one in period.months() if one.first.day == 1 and (one.last + timedelta(days=1)).day == 1]


def _per_thousand(limits: Limits) -> Limits:
    lower, upper = (tuple(PER * one for one in side) for side in (limits.lower, limits.upper))
    return Limits(PER * limits.centre, lower, upper, limits.false_alarms)


def missed(asked: Asked, opens: Opens, *, decide: bool) -> Shown:
    """Promises not kept: a p-chart of acknowledging, or of deciding."""

    def count(parts: list[Period]) -> list[Share]:
        targets = DECIDE if decide else ACKNOWLEDGE
        return queries.missed(asked.tx, asked.selection, parts, asked.now, targets)

    title = _("Decisions not told in time") if decide else _("Acknowledgements not in time")
    formula = _(
        "Of the due dates that fell into each period, those met late or not met yet; dropped ones do not count; "
        "limits: share ± 3 √(share (1 − share) / n) (p-chart)"
    )
    name = "missed-decisions" if decide else "missed-acknowledgements"
    return _shares(asked, count, opens, name, title, formula)


def upheld(asked: Asked, opens: Opens) -> Shown:
    """Decisions for the complainant: a p-chart."""

    def count(parts: list[Period]) -> list[Share]:
        return queries.upheld(asked.tx, asked.selection, parts, asked.now)

    formula = _(
        "Of the decisions of each period, those that uphold the complaint wholly or partly; "
        "limits: share ± 3 √(share (1 − share) / n) (p-chart)"
    )
    return _shares(asked, count, opens, "upheld", _("Upheld wholly or partly"), formula)


def _shares(
    asked: Asked,
    count: Callable[[list[Period]], list[Share]],
    opens: Opens,
    chart_name: str,
    title: str,
    formula: str,
) -> Shown:
    found, names, parts = _counted(asked, count)
    kept = [place for place, one in enumerate(found) if one.of]
    cases = sum(one.of for one in found)
    limits = None
    enough = bool(kept) and median(found[place].of for place in kept) >= FEWEST_OF_A_POINT
    if len(kept) >= MIN_POINTS and enough:
        limits = rules.shares([found[place].hits for place in kept], [found[place].of for place in kept])
    chart = RunChart(
        name=chart_name,
        title=title,
        measure=_("Share"),
        share=True,
        formula=formula,
        source=source_of(asked.selection, cases, asked.now),
        points=[
            Point(name, one.hits / one.of if one.of else None, opens(part), parts=(one.hits, one.of))
            for name, one, part in zip(names, found, parts, strict=True)
        ],
    )
    values = [found[place].hits / found[place].of for place in kept]
    shown = _noticed(chart, values, limits, too_few(cases), kept)
    hits = sum(one.hits for one in found)
    said = ngettext("%(hits)s of %(num)s case", "%(hits)s of %(num)s cases", cases, hits=hits)
    return replace(shown, chart=replace(shown.chart, says=said))


def _counted(asked: Asked, count: Callable[[list[Period]], list[Share]]) -> tuple[list[Share], list[str], list[Period]]:
    """The shares by weeks, or by months where weeks have too few cases each."""
    parts, weeks = asked.parts
    found = count(parts)
    cases = [one.of for one in found if one.of]
    if weeks and cases and median(cases) < FEWEST_OF_A_POINT:
        ended = asked.today - timedelta(days=1)
        parts, weeks = [one for one in asked.selection.period.months() if one.last <= ended], False
        found = count(parts)
    return found, labels(parts, weeks=weeks), parts


def severe(asked: Asked, opens: Callable[[str], str]) -> Shown:
    """Days without a severe complaint between one and the next: a g-chart."""
    events = queries.severe(asked.tx, asked.selection, asked.now)
    gaps = [max((after.day - before.day).days - 1, 0) for before, after in pairwise(events)]
    limits = rules.gaps(gaps) if len(gaps) >= MIN_POINTS else None
    chart = RunChart(
        name="severe",
        title=_("Days between complaints of critical severity"),
        measure=_("Days without one"),
        of=_("Up to the complaint"),
        formula=_(
            "Whole days between one critical complaint and the next; upper limit: mean + 3 √(mean (mean + 1)) "
            "(g-chart); high is good"
        ),
        source=source_of(asked.selection, len(events), asked.now),
        points=[
            Point(event.reference, gap, opens(event.reference)) for event, gap in zip(events[1:], gaps, strict=True)
        ],
    )
    shown = _noticed(chart, gaps, limits, too_few(len(gaps), FEWEST_GAPS))
    return replace(shown, remarks=_last_severe(events, asked.today))


def _last_severe(events: Sequence[Event], today: date) -> tuple[str, ...]:
    if not events:
        return (_("No complaint of critical severity is on record for this period."),)
    days = (today - events[-1].day).days
    return (ngettext("The last one was %(num)s day ago.", "The last one was %(num)s days ago.", days),)


def _noticed(
    chart: RunChart, values: Sequence[float], limits: Limits | None, few: str, places: Sequence[int] | None = None
) -> Shown:
    """The chart with its limits and what the rules notice. `places`: where in the chart the values stand."""
    at = list(places) if places is not None else list(range(len(values)))
    if few:  # a list, and of that only what there is
        listed = [one for one in chart.points if (one.parts[1] if one.parts else one.value is not None)]
        return Shown(replace(chart, points=listed), few)
    if limits is None:
        return Shown(replace(chart, warning=_("Too few points, or too few cases in each: no limits are drawn.")))
    beyond, runs = limits.beyond(values), rules.runs(values)
    marks = {place: _("beyond the limits") for place in beyond}
    for place in runs.long_run:
        marks.setdefault(place, _("in a long run"))
    points = list(chart.points)
    for number, place in enumerate(at):
        points[place] = replace(
            points[place], lower=limits.lower[number], upper=limits.upper[number], mark=marks.get(number, "")
        )
    said = _("Nothing stands out from chance.")
    if beyond or runs.noticed:
        said = _("Something other than chance is likely: see the rules below.")
    chart = replace(chart, points=points, centre=limits.centre, centre_is=_("Mean"), says=said)
    return Shown(chart, rules=_rules_seen(limits, beyond, runs))


def _rules_seen(limits: Limits, beyond: Sequence[int], runs: Runs) -> tuple[RuleSeen, ...]:
    points = ngettext("noticed: %(num)s point", "noticed: %(num)s points", len(beyond))
    no = _("not noticed")
    seen = [
        RuleSeen(_(RULE_TITLES[Rule.BEYOND]), points if beyond else no, alarm_rate(limits.false_alarms, per_point=True))
    ]
    if runs.useful < 10:
        return tuple(seen)
    longest = rules.long_run_chance(runs.useful, runs.longest_allowed)
    crossed = rules.few_crossings_chance(runs.useful, runs.crossings_needed)
    run_text = _(
        "noticed: a run of %(run)s, at most %(most)s are due to chance", run=runs.longest, most=runs.longest_allowed
    )
    few_text = _(
        "noticed: %(number)s crossings, at least %(least)s are due to chance",
        number=runs.crossings,
        least=runs.crossings_needed,
    )
    return (
        *seen,
        RuleSeen(
            _(RULE_TITLES[Rule.LONG_RUN]),
            run_text if Rule.LONG_RUN in runs.noticed else no,
            alarm_rate(longest, per_point=False),
        ),
        RuleSeen(
            _(RULE_TITLES[Rule.FEW_CROSSINGS]),
            few_text if Rule.FEW_CROSSINGS in runs.noticed else no,
            alarm_rate(crossed, per_point=False),
        ),
    )


# Seasons


def _season(asked: Asked) -> tuple[str, ...]:
    """What the months of the last years say, whatever the period of the page."""
    ends = min(asked.selection.period.last, asked.today).replace(day=1) - timedelta(days=1)
    first = date(ends.year - SEASON_MONTHS // 12, ends.month, 1)
    months = Period(first, ends).months()[1:]
    sums = Board(asked.tx, asked.selection.within(Period(months[0].first, ends)), asked.now)
    counts = [number for _month, number, _same in sums.months("received")]
    begun = next((place for place, count in enumerate(counts) if count), len(counts))
    counts, months = counts[begun + 1 :], months[begun + 1 :]  # the first month with complaints may be half a month
    found = seasons(counts, months[0].first.month) if months else None
    if found is None:
        return (_("Seasons: not checked, because there are fewer than 24 whole months."),)
    if sum(counts) < FEWEST * 12:
        return (_("Seasons: not checked, because there are too few complaints in most months."),)
    return (_season_words(found),)


def _season_words(found: Seasons) -> str:
    years = ngettext("%(num)s year", "%(num)s years", found.years)
    if not found.noticed:
        return _("Seasons: over %(years)s the months do not differ more than by chance.", years=years)
    return _(
        "Seasons: over %(years)s the months differ more than by chance (Friedman's test, 5 %% false alarms). "
        "Month %(month)s stands highest, %(times)s times the usual. Compare with the same month of the year before.",
        years=years,
        month=found.highest,
        times=manner().number(max(found.ratio), 1),
    )
