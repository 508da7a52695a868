"""Words of the register as people read them, and addresses of the records behind them."""

from flask import url_for

from auditkit.base.text import N_, _
from auditkit.complaints.rules import CATEGORY_TITLES, CHANNEL_TITLES, SEVERITY_TITLES
from auditkit.content.library import shared
from auditkit.insights.rules import DIMENSION_TITLES, Period, Selection
from auditkit.insights.statistics.queries import CAUSE, LANGUAGE, SEGMENT
from auditkit.web.languages import LANGUAGES

_TITLES: dict[str, dict[str, str]] = {
    "category": {str(word): title for word, title in CATEGORY_TITLES.items()},
    "channel": {str(word): title for word, title in CHANNEL_TITLES.items()},
    "severity": {str(word): title for word, title in SEVERITY_TITLES.items()},
}
BY_TITLES = {
    **DIMENSION_TITLES,
    CAUSE: N_("Root cause"),
    LANGUAGE: N_("Language"),
    SEGMENT: N_("Market segment"),
}
CAUSES = "root-causes"


def word_title(by: str, word: str) -> str:
    """A word of a dimension, in the language of the screen where it is one of ours."""
    if not word:
        return _("Not stated")
    if by == LANGUAGE:
        return LANGUAGES.get(word, word)
    if by == CAUSE:
        causes = shared().values.get(CAUSES)
        known = {one.id: one.label for one in causes.values} if causes else {}
        return known.get(word, word)
    known_title = _TITLES.get(by, {}).get(word)
    return _(known_title) if known_title else word


def records_url(selection: Selection, period: Period | None = None, by: str = "", word: str = "") -> str:
    """The list of the complaints of a selection received in a period; empty where a selection cannot say it."""
    if by and by not in DIMENSION_TITLES:
        return ""
    asked = selection.within(period) if period else selection
    asked = asked.only(by, word) if by else asked
    return f"{url_for('indicators.records', name='received')}?{asked.address}"
