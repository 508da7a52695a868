"""What a page of figures is asked for by its address, and what its filter offers."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from flask import request

from auditkit.accounts.queries import today_of_house
from auditkit.base import clock
from auditkit.base.db import Session, reading
from auditkit.base.text import _
from auditkit.complaints.queries.register import words_used
from auditkit.complaints.rules import Severity
from auditkit.insights.rollups.reading import sites_used
from auditkit.insights.rules import (
    DIMENSION_TITLES,
    DIMENSIONS,
    NOT_STATED,
    SPAN_TITLES,
    Selection,
    Span,
    selection_from,
)
from auditkit.insights.statistics.naming import word_title
from auditkit.web.access import current_actor

OFFERED = ("category", "channel", "severity", "site")


def chosen(usual: Span = Span.TWELVE_MONTHS) -> Selection:
    """The selection of this request. Raises what `selection_from` raises."""
    return selection_from(request.args.items(multi=True), today_of_house(reading(current_actor()), clock.now()), usual)


def kept(asked: str) -> Selection:
    """The selection of an address that somebody kept; a named period is that of today."""
    return selection_from(parse_qsl(asked), today_of_house(reading(current_actor()), clock.now()))


@dataclass(frozen=True)
class Choice:
    """One field of the filter: what it offers as (value, text), and what is chosen."""

    name: str
    title: str
    options: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True)
class Filter:
    """The filter above figures. `more` are pairs of the address that it does not offer and must keep."""

    selection: Selection
    spans: list[tuple[str, str]]
    choices: list[Choice]
    more: list[tuple[str, str]]

    @property
    def narrowed(self) -> list[tuple[str, list[str]]]:
        """What of the register is chosen, in words: (title of the dimension, its words)."""
        return [
            (_(DIMENSION_TITLES[name]), [word_title(name, word) for word in self.selection.words(name)])
            for name in DIMENSIONS
            if self.selection.words(name)
        ]

    @property
    def first(self) -> date:
        """The first day asked for."""
        return self.selection.period.first


def filter_of(tx: Session, selection: Selection) -> Filter:
    """What the filter of a page with this selection offers; several words of a kind are kept as they are."""
    channels, categories = words_used(tx)
    words: dict[str, list[str]] = {
        "category": categories,
        "channel": channels,
        "severity": [str(one) for one in Severity],
        "site": sites_used(tx),
    }
    choices, more = [], []
    for name in OFFERED:
        picked = selection.words(name)
        if len(picked) > 1:
            more += [(name, word or NOT_STATED) for word in picked]
            continue
        options = [(str(word), word_title(name, word)) for word in words[name] if word]
        if len(options) > 1 or picked:
            choices.append(Choice(name, _(DIMENSION_TITLES[name]), options, picked[0] if picked else ""))
    more += [pair for pair in selection.pairs() if pair[0] not in (*OFFERED, "from", "to", "period")]
    return Filter(selection, [(span.value, _(title)) for span, title in SPAN_TITLES.items()], choices, more)
