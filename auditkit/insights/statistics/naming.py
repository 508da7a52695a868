"""Words of the register as people read them, and addresses of the records behind them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import url_for

from auditkit.base.text import N_, _
from auditkit.complaints.categories import known_title
from auditkit.complaints.rules import CHANNEL_TITLES, OUTCOME_TITLES, SEVERITY_TITLES
from auditkit.insights.indicators.recurrence import BeforeAfter
from auditkit.insights.rules import DIMENSION_TITLES, MOST_WORDS, NOT_STATED, Period, Selection
from auditkit.insights.statistics.queries import CAUSE, LANGUAGE, OUTCOME, SEGMENT
from auditkit.library.here import lists
from auditkit.web.languages import LANGUAGES

_TITLES: dict[str, dict[str, str]] = {
    "channel": {str(word): title for word, title in CHANNEL_TITLES.items()},
    "severity": {str(word): title for word, title in SEVERITY_TITLES.items()},
    OUTCOME: {str(word): title for word, title in OUTCOME_TITLES.items()} | {"": N_("Not decided")},
}
BY_TITLES = {
    **DIMENSION_TITLES,
    CAUSE: N_("Root cause"),
    LANGUAGE: N_("Language"),
    SEGMENT: N_("Market segment"),
    OUTCOME: N_("Outcome"),
}
CAUSES = "root-causes"
Pairs = Sequence[tuple[str, object]]


def word_title(by: str, word: str) -> str:
    """A word of a dimension, in the language of the screen where it is one of ours."""
    if not word and by != OUTCOME:
        return _("Not stated")
    if by == LANGUAGE:
        return LANGUAGES.get(word, word)
    if by == CAUSE:
        causes = lists().values.get(CAUSES)
        known = {one.id: one.label for one in causes.values} if causes else {}
        return known.get(word, word)
    if by == "category":
        return known_title(lists(), word)
    title = _TITLES.get(by, {}).get(word)
    return _(title) if title else word


def outcomes() -> tuple[str, ...]:
    """Every word of the outcome in its order; the empty one, for those not decided yet, at the end."""
    return tuple(_TITLES[OUTCOME])


def records_url(selection: Selection, period: Period | None = None, by: str = "", *words: str) -> str:
    """The list of the complaints of a selection received in a period, of any of these words of a dimension or cause.

    Empty where nothing can list them, such as more words than a selection takes.
    """
    asked = selection.within(period) if period else selection
    if by and by not in DIMENSION_TITLES:
        return behind_url(asked, by, words) if by == CAUSE else ""
    if len(words) > MOST_WORDS:
        return ""
    asked = asked.only(by, *words) if by else asked
    return f"{url_for('indicators.records', name='received')}?{asked.address}"


def others_url(selection: Selection, by: str, named: Sequence[str]) -> str:
    """The list of the complaints received that have any other word of a dimension or cause than these."""
    return behind_url(selection, "others", named, {"by": by})


def granted_url(selection: Selection, by: str, currency: str, words: Sequence[str], *, others: bool = False) -> str:
    """The list of the complaints with these words for which something was granted; `others`: with any other word."""
    return behind_url(
        selection, "granted", words, {"by": by, "currency": currency, **({"others": 1} if others else {})}
    )


def crossed_url(
    selection: Selection,
    first: str,
    firsts: Sequence[str],
    second: str,
    seconds: Sequence[str],
    *,
    others: bool = False,
) -> str:
    """The list of the complaints in the cells of these words of two dimensions; `others`: in any other cell."""
    more: list[tuple[str, object]] = [
        ("by", first),
        ("across", second),
        *(("and", one or NOT_STATED) for one in seconds),
    ]
    return behind_url(selection, "crossed", firsts, [*more, ("others", 1)] if others else more)


def around_url(selection: Selection, one: BeforeAfter, after: bool) -> str:
    """The list of the complaints that were counted before an action or since it was done."""
    return behind_url(selection, "after-action" if after else "before-action", (), {"action": one.number})


def behind_url(
    selection: Selection, of: str, words: Sequence[str] = (), more: Mapping[str, object] | Pairs = ()
) -> str:
    """The list of the complaints behind one of `behind.LISTS`, which no selection can say."""
    pairs = [*selection.pairs(), ("of", of), *(("word", word or NOT_STATED) for word in words)]
    further = more.items() if isinstance(more, Mapping) else more
    return f"{url_for('statistics.records')}?{urlencode([*pairs, *further])}"
