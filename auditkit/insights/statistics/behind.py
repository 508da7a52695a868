"""The complaints behind a point or a bar of the statistics that no selection and no indicator can say.

Checked by tests/slices/insights/test_drilling.py: as many as the chart counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditkit.base.errors import NotFound
from auditkit.base.text import N_
from auditkit.insights.indicators import recurrence, times
from auditkit.insights.indicators.frame import ACKNOWLEDGE, DECIDE, Conditions, Frame
from auditkit.insights.rules import DIMENSIONS
from auditkit.insights.statistics import promised, queries, satisfied
from auditkit.insights.statistics.promised import PROMISED
from auditkit.insights.statistics.queries import CAUSE, OUTCOME
from auditkit.insights.statistics.satisfied import SATISFACTION

MISSED_ACKNOWLEDGEMENTS, MISSED_DECISIONS = "missed-acknowledgements", "missed-decisions"
UPHELD, TOOK, OTHERS, GRANTED = "upheld", "took", "others", "granted"
BEFORE, AFTER = "before-action", "after-action"
CROSSED = "crossed"
RANKED = (*DIMENSIONS, CAUSE)
CROSSABLE = (*DIMENSIONS, OUTCOME)
LISTS: Mapping[str, str] = {
    MISSED_ACKNOWLEDGEMENTS: N_("Acknowledgements not in time"),
    MISSED_DECISIONS: N_("Decisions not told in time"),
    UPHELD: N_("Upheld wholly or partly"),
    TOOK: N_("Those that took so long"),
    CAUSE: N_("Complaints with this root cause"),
    OTHERS: N_("All others"),
    GRANTED: N_("Complaints for which something was granted"),
    BEFORE: N_("Before the action was opened"),
    AFTER: N_("Since the action was done"),
    PROMISED: N_("Complaints that came under a limit"),
    CROSSED: N_("Complaints of these cells"),
    SATISFACTION: N_("Closed cases and who was asked how satisfied they are"),
}


@dataclass(frozen=True)
class Wanted:
    """Which list: of `LISTS`; for a cause its words, for times the wait and its bounds in whole units.

    For words of a dimension `by` names it; `others` takes every other word than these. `action` is the number of one.
    For cells of two dimensions `across` names the second and `seconds` are its words.
    """

    of: str
    words: Sequence[str] = ()
    wait: str = ""
    low: float = 0
    high: float | None = None
    by: str = ""
    currency: str = ""
    others: bool = False
    action: str = ""
    limit: int = 0
    across: str = ""
    seconds: Sequence[str] = ()
    reply: str = ""


def promises(counted: Frame, wanted: Wanted) -> int | None:
    """How many promises were not kept in the complaints of the list, which may have several; None of other lists."""
    targets = {MISSED_ACKNOWLEDGEMENTS: ACKNOWLEDGE, MISSED_DECISIONS: DECIDE}.get(wanted.of)
    return None if targets is None else queries.missed_of(counted, targets).hits


def conditions(counted: Frame, wanted: Wanted) -> Conditions:
    """What a complaint must be to stand in the list. Raises NotFound."""
    match wanted.of:
        case "missed-acknowledgements":
            return queries.behind_missed(counted, ACKNOWLEDGE)
        case "missed-decisions":
            return queries.behind_missed(counted, DECIDE)
        case "upheld":
            return queries.behind_upheld(counted)
        case "cause":
            return queries.behind_words(counted, CAUSE, wanted.words)
        case "others" if wanted.by in RANKED:
            return queries.behind_words(counted, wanted.by, wanted.words, others=True)
        case "granted" if wanted.by in RANKED:
            words, others = wanted.words, wanted.others
            return queries.behind_words(counted, wanted.by, words, others=others, currency=wanted.currency)
        case "before-action" | "after-action":
            tx, selection, after = counted.tx, counted.selection, wanted.of == AFTER
            return recurrence.behind(tx, selection, counted.now, wanted.action, after=after)
        case "crossed" if {wanted.by, wanted.across} <= set(CROSSABLE):
            first, second = (wanted.by, wanted.words), (wanted.across, wanted.seconds)
            return queries.behind_crossed(counted, *first, *second, others=wanted.others)
        case "satisfaction" if wanted.reply in ("", *satisfied.Reply):
            return satisfied.behind(counted, wanted.words, wanted.reply)
        case "promised" if wanted.wait in times.BY_NAME:
            return promised.behind(counted, times.BY_NAME[wanted.wait], wanted.limit)
        case "took" if wanted.wait in times.BY_NAME:
            return times.took(counted, times.BY_NAME[wanted.wait], wanted.low, wanted.high)
    raise NotFound
