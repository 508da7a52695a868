"""The charts of audit statistics, each with its table; below the number that says something, the words "too few"."""

from collections import Counter
from collections.abc import Callable, Sequence

from auditkit.base.charts import Bar, Bars, Curve, Curves, Heatmap, HeatRow, Pareto, Point, RunChart, Step
from auditkit.base.text import N_, _, ngettext
from auditkit.insights.auditing import rules
from auditkit.insights.auditing.queries import Coverage
from auditkit.insights.auditing.rules import By, Counted, Durations, FindingFact, Gravity, Round
from auditkit.insights.statistics.rules.survival import Times, kaplan_meier
from auditkit.insights.statistics.shown import Shown, of_steps, too_few
from auditkit.web.manner import manner

BY_TITLES = {
    By.CLAUSE: N_("Findings by clause"),
    By.PRINCIPLE: N_("Findings by principle"),
    By.PLACE: N_("Findings by place"),
    By.AUDIT: N_("Findings from audit to audit"),
}
BY_WORDS = {By.CLAUSE: N_("Clause"), By.PRINCIPLE: N_("Principle"), By.PLACE: N_("Place"), By.AUDIT: N_("Audit")}
BY_FORMULAS = {
    By.CLAUSE: N_("Each finding counts once, under the clause it was raised against"),
    By.PRINCIPLE: N_("A finding counts under each of its principles, so the bars may add up to more than there are"),
    By.AUDIT: N_("Audits reported in the period, the oldest first, with their findings of the period"),
    By.PLACE: N_("A finding counts at each place of its audit, so the bars may add up to more than there are"),
}
FEWEST = 5
"""With fewer findings a bar chart says nothing that the list does not say better."""
FEWEST_OF_CURVE = 10
FEWEST_OF_TREND = 2
Named = Callable[[str], str]
PARTS = (Gravity.MAJOR, Gravity.MINOR, Gravity.OTHER)
AuditUrl = Callable[[str], str]
UNLIKE = N_("Audits that ask about other clauses or places are not alike; read each beside its plan.")
Address = Callable[..., str]
"""Where the findings of a word are: (by, word), narrowed by `place=` and `gravity=`."""


def by(facts: Sequence[FindingFact], which: By, source: str, address: Address, named: Named = str) -> Shown:
    """Findings by clause, principle or place, by gravity; each bar and each part of one leads to its findings."""
    found = rules.counted(facts, which)
    chart = Bars(
        name=f"by-{which.value}",
        title=_(BY_TITLES[which]),
        measure=_("Findings"),
        of=_(BY_WORDS[which]),
        series=(_("Major nonconformities"), _("Minor nonconformities"), _("Other findings")),
        formula=_(BY_FORMULAS[which]),
        source=source,
        bars=[
            Bar(
                named(one.word) or _("not stated"),
                (one.major, one.minor, one.other),
                address(which, one.word),
                tuple(address(which, one.word, gravity=part.value) for part in PARTS),
            )
            for one in found
        ],
    )
    return Shown(chart, too_few(len(facts), FEWEST))


def trend(found: Sequence[tuple[Round, Counted]], source: str, address: Address, audit_url: AuditUrl) -> list[Shown]:
    """From audit to audit: the findings by gravity, and the conformity of what was answered."""
    few = ""
    if len(found) < FEWEST_OF_TREND:
        few = _("Too few: a trend needs at least %(fewest)s reported audits.", fewest=FEWEST_OF_TREND)
    findings = Bars(
        name="by-audit",
        title=_(BY_TITLES[By.AUDIT]),
        measure=_("Findings"),
        of=_(BY_WORDS[By.AUDIT]),
        series=(_("Major nonconformities"), _("Minor nonconformities"), _("Other findings")),
        formula=_(BY_FORMULAS[By.AUDIT]),
        source=source,
        warning=_(UNLIKE),
        upright=True,
        bars=[
            Bar(
                one.audit,
                (count.major, count.minor, count.other),
                audit_url(one.audit),
                tuple(address(By.AUDIT, one.audit, gravity=part.value) for part in PARTS),
            )
            for one, count in found
        ],
    )
    conforming = RunChart(
        name="conformity-by-audit",
        title=_("Conformity from audit to audit"),
        measure=_("Conformity of what was answered"),
        of=_(BY_WORDS[By.AUDIT]),
        share=True,
        formula=_("Weighted share of the answers of each reported audit that conform, the oldest first"),
        source=source,
        warning=_(UNLIKE),
        points=[
            Point(one.audit, None if one.percent is None else one.percent / 100, audit_url(one.audit))
            for one, _count in found
        ],
    )
    return [Shown(findings, few), Shown(conforming, few)]


def repeats(facts: Sequence[FindingFact], source: str, address: Address) -> Shown:
    """Which clauses bring findings again."""
    again = [one for one in rules.counted(facts, By.CLAUSE) if one.repeats]
    chart = Bars(
        name="repeats",
        title=_("Repeat findings by clause"),
        measure=_("Findings"),
        of=_(BY_WORDS[By.CLAUSE]),
        series=(_("Repeat findings"), _("For the first time")),
        formula=_("Clauses with a finding that repeats an earlier one; each finding counts once"),
        source=source,
        bars=[
            Bar(
                one.word or _("not stated"),
                (one.repeats, one.all - one.repeats),
                address(By.CLAUSE, one.word),
                tuple(address(By.CLAUSE, one.word, repeat=word) for word in ("yes", "no")),
            )
            for one in again
        ],
    )
    few = too_few(len(facts), FEWEST)
    return Shown(chart, few or ("" if again else _("No finding of the period repeats an earlier one.")))


def pareto(facts: Sequence[FindingFact], source: str, address: Address) -> Shown:
    """Which clauses make up most of the nonconformities."""
    asked = [fact for fact in facts if fact.nonconformity]
    chart = Pareto(
        name="pareto",
        title=_("Clauses that bring most nonconformities"),
        measure=_("Nonconformities"),
        of=_("Clause"),
        formula=_("Major and minor nonconformities, each once, the most frequent clauses first"),
        source=source,
        bars=[
            Bar(
                one.word or _("not stated"),
                (one.all,),
                address(By.CLAUSE, one.word, gravity=Gravity.NONCONFORMITY.value),
            )
            for one in rules.counted(asked, By.CLAUSE)
        ],
    )
    return Shown(chart, too_few(len(asked), FEWEST))


def crossed(facts: Sequence[FindingFact], source: str, address: Address) -> Shown | None:
    """Clauses against places; None where there are not two places."""
    places, rows = rules.crossed(facts)
    if len(places) < 2:
        return None
    chart = Heatmap(
        name="clause-by-place",
        title=_("Findings by clause and place"),
        measure=_("Findings"),
        of=_("Clause"),
        columns=tuple(place or _("not stated") for place in places),
        rows=[
            HeatRow(
                clause or _("not stated"),
                values,
                tuple(address(By.CLAUSE, clause, place=place) for place in places),
                address(By.CLAUSE, clause),
            )
            for clause, values in rows
        ],
        formula=_(BY_FORMULAS[By.PLACE]),
        source=source,
    )
    return Shown(chart, too_few(len(facts), FEWEST))


def settling(found: Durations, source: str) -> Shown:
    """How long nonconformities stay unsettled, those still waiting counted with the time they have waited."""
    survival = kaplan_meier(Times(Counter(found.settled), Counter(found.waiting)))
    half = survival.quantile(0.5)
    says = _("Half of them have not been settled yet.")
    if half is not None:
        says = ngettext(
            "Half of them are settled after %(num)s day.", "Half of them are settled after %(num)s days.", half
        )
    last = max([*found.settled, *found.waiting, 1])
    chart = Curves(
        name="days-to-settle",
        title=_("Days until nonconformities are settled"),
        measure=_("Share not settled yet"),
        along=_("Days since the finding was raised"),
        share=True,
        says=says,
        ends=float(last),
        formula=of_steps(
            _(
                "Kaplan and Meier: settled is when the effect of every action that answers the finding was verified; "
                "findings that wait count with the days they have waited"
            )
        ),
        source=source,
        curves=[Curve(_("All"), [Step(float(at.time), at.open_share, at.low, at.high) for at in survival.moments])],
    )
    return Shown(chart, too_few(survival.cases, FEWEST_OF_CURVE))


def conformity(found: Coverage, source: str, address: Callable[[str, int], str]) -> Shown | None:
    """Conformity by clause and year of the cycle, of what was answered in finished audits; None without answers.

    `address`: where the audits behind a clause and a year are.
    """
    rows = [
        HeatRow(
            line.label,
            tuple(None if cell.percent is None else float(cell.percent) for cell in line.cells),
            tuple(address(line.key, year) for year in found.cycle),
        )
        for line in found.lines
        if any(cell.percent is not None for cell in line.cells)
    ]
    if not rows:
        return None
    chart = Heatmap(
        name="conformity",
        title=_("Conformity by clause and year"),
        measure=_("Percent of what was answered"),
        of=_("Clause"),
        columns=tuple(str(year) for year in found.cycle),
        rows=rows,
        counts=False,
        formula=_("Weighted share of the answers of finished audits that conform; a dash: nothing was answered"),
        source=source,
        warning=_("A high share says little where few questions were asked."),
    )
    return Shown(chart)


def percent_text(part: int, whole: int) -> str:
    """A share as it is written; a dash of nothing."""
    return "–" if not whole else manner().written(part / whole, digits=0, share=True)
