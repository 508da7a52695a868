"""Which words of the register stand out: Pareto plain and weighed, two dimensions crossed, outcomes by group."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from auditkit.base.charts import Bar, Heatmap, HeatRow, Pareto
from auditkit.base.db import Session
from auditkit.base.text import N_, _, ngettext
from auditkit.insights.rules import FEWEST, Selection
from auditkit.insights.statistics import queries
from auditkit.insights.statistics.naming import (
    BY_TITLES,
    crossed_url,
    granted_url,
    others_url,
    outcomes,
    records_url,
    word_title,
)
from auditkit.insights.statistics.queries import CAUSE, LANGUAGE, OUTCOME, SEGMENT, WEIGHTS, Ranked
from auditkit.insights.statistics.rules.shares import Fairness, fairness
from auditkit.insights.statistics.shown import Shown, source_of, too_few

BARS, ROWS, COLUMNS = 12, 12, 8
PARETO_BY = ("category", "product", "site", "channel", CAUSE)
WEIGHED = {"count": N_("Number of complaints"), "severity": N_("Weighed by severity"), "cost": N_("Cost of remedies")}
CROSSED = (("category", "site"), ("channel", OUTCOME))
FAIR_BY = ("channel", LANGUAGE, SEGMENT)


def pareto(tx: Session, selection: Selection, now: datetime, by: str, weight: str) -> list[Shown]:
    """One Pareto, or one for each currency where the cost is asked for."""
    counted = queries.words(tx, selection, now, by)
    cases = counted.whole
    if weight == "cost":
        amounts = queries.cost(tx, selection, now, by) or {"": queries.Ranked([])}
        return [_pareto(selection, now, by, found, cases, currency=currency) for currency, found in amounts.items()]
    if weight == "severity":
        weights = ", ".join(str(one) for one in WEIGHTS.values())
        formula = _("Each complaint counts by its severity (%(weights)s; not assessed: 1)", weights=weights)
        weighed = queries.weighed(tx, selection, now, by)
        return [_pareto(selection, now, by, weighed, cases, formula=formula, measure=_("Weight"))]
    return [_pareto(selection, now, by, counted, cases)]


def _pareto(
    selection: Selection,
    now: datetime,
    by: str,
    found: Ranked,
    cases: int,
    *,
    formula: str = "",
    measure: str = "",
    currency: str | None = None,
) -> Shown:
    by_title = _(BY_TITLES[by])
    if currency is not None:
        measure = _("Granted, %(currency)s", currency=currency) if currency else _("Granted")
        formula = _("Amounts of the decisions that were made, in their own currency")
    unit = 100 if currency is not None else 1
    shown = found.rows if found.number <= BARS else found.rows[: BARS - 1]
    number, left = found.without(len(shown))

    def opens(words: Sequence[str], *, others: bool = False) -> str:
        if currency:
            return granted_url(selection, by, currency, words, others=others)
        return others_url(selection, by, words) if others else records_url(selection, None, by, *words)

    chart = Pareto(
        name="pareto" if not currency else f"pareto-{currency.lower()}",
        title=_("Pareto: %(by)s", by=by_title),
        measure=measure or _("Complaints"),
        of=by_title,
        says=_vital(found),
        formula=formula or _("Complaints received in the period by %(by)s", by=by_title),
        source=source_of(selection, cases, now),
        digits=2 if currency else 0,
        bars=[Bar(word_title(by, word), (value / unit,), opens([word])) for word, value in shown],
        rest=Bar(
            ngettext("%(num)s other", "%(num)s others", number),
            (left / unit,),
            opens([word for word, _value in shown], others=True),
        )
        if number
        else None,
    )
    few = too_few(cases)
    if not few and not found.rows:
        few = _("Nothing of this is on record for the period.")
    return Shown(chart, few)


def _vital(found: Ranked) -> str:
    so_far = 0
    for number, (_word, value) in enumerate(found.rows, 1):
        so_far += value
        if so_far >= 0.8 * found.whole:
            return ngettext(
                "%(num)s of %(of)s makes up four fifths of the whole.",
                "%(num)s of %(of)s make up four fifths of the whole.",
                number,
                of=found.number,
            )
    return ""


def crossing(tx: Session, selection: Selection, now: datetime, first: str, second: str) -> Shown:
    """A heatmap of two dimensions, the most frequent words of each; what is left out has a list of its own."""
    counted = queries.crossed(tx, selection, now, first, second)
    rows, columns = _most(counted, 0, ROWS), _most(counted, 1, COLUMNS)
    if second == OUTCOME:
        columns = [word for word in outcomes() if word in columns]
    cases = sum(counted.values())
    if len(counted) == queries.MOST_PAIRS:
        cases = queries.words(tx, selection, now, first).whole
    left = cases - sum(number for pair, number in counted.items() if pair[0] in rows and pair[1] in columns)
    chart = Heatmap(
        name=f"{first}-by-{second}",
        title=_("%(first)s by %(second)s", first=_(BY_TITLES[first]), second=_(BY_TITLES[second])),
        measure=_("Complaints"),
        of=_(BY_TITLES[first]),
        formula=_("Complaints received in the period, counted by both"),
        source=source_of(selection, cases, now),
        warning=ngettext("%(num)s rarer case is left out", "%(num)s rarer cases are left out", left) if left else "",
        warning_url=crossed_url(selection, first, rows, second, columns, others=True) if left else "",
        columns=tuple(word_title(second, word) for word in columns),
        rows=[
            HeatRow(
                word_title(first, word),
                tuple(counted.get((word, one), 0) for one in columns),
                tuple(crossed_url(selection, first, [word], second, [one]) for one in columns),
                records_url(selection, None, first, word),
            )
            for word in rows
        ],
    )
    return Shown(chart, too_few(cases))


def _most(counted: Mapping[tuple[str, str], int], side: int, most: int) -> list[str]:
    sums: dict[str, int] = {}
    for pair, number in counted.items():
        sums[pair[side]] = sums.get(pair[side], 0) + number
    return sorted(sums, key=lambda word: (-sums[word], word))[:most]


@dataclass(frozen=True)
class FairPart:
    """Outcomes by one kind of group. `few`: why there is no judgement."""

    title: str
    found: Fairness
    titles: Mapping[str, str]
    cases: int
    few: str


def fair(tx: Session, selection: Selection, now: datetime) -> list[FairPart]:
    """Whether complaints are upheld alike by channel, language and market segment."""
    return [_fair(queries.outcomes(tx, selection, now, by), by, word_title) for by in FAIR_BY]


def _fair(table: Mapping[str, tuple[int, int]], by: str, titled: Callable[[str, str], str]) -> FairPart:
    cases = sum(one[1] for one in table.values())
    few = too_few(cases)
    if not few and sum(one[1] >= FEWEST for one in table.values()) < 2:
        few = _("Too few: there are not two groups of at least %(fewest)s cases to compare.", fewest=FEWEST)
    return FairPart(_(BY_TITLES[by]), fairness(table), {word: titled(by, word) for word in table}, cases, few)
