"""The list of complaints. It is asked for more than any other page, so what seldom changes is drawn once and kept.

Kept are texts of our own and addresses, by language; never anything a person wrote. `benchmarks/register_page.py`
watches what the page costs.
"""

import re
from datetime import date
from functools import lru_cache
from html import escape as html_escape
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import render_template, request
from markupsafe import Markup

from auditkit.base import clock
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints import queries, rules, service
from auditkit.complaints.categories import category_titles
from auditkit.complaints.forms import ALL_STAGES, titled
from auditkit.complaints.queries import Register, RegisterRow, Sort, Wanted
from auditkit.complaints.register.asking import DUE_TITLES, LISTED, asked_for
from auditkit.complaints.register.queries import Around, around
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.parts import column_titles, columns
from auditkit.library.here import library
from auditkit.web.access import access, current_actor, may
from auditkit.web.languages import day, in_own_digits, locale, zone_here
from auditkit.web.navigation import address

HOLE = "\x00"  # where a text goes into what is kept
TYPED, TYPED_IN_ADDRESS = "\x01", "\x02"
Named = tuple[tuple[str, str], ...]
_MAY_DO = ("complaints.register", "complaints.import", "complaints.handle", "actions.edit")


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """The register: a part of it, in an order, a page at a time."""
    actor, tx, args = current_actor(), reading(), request.args
    wanted = asked_for(args, actor, clock.now())
    page = queries.register_page(tx, wanted, args.get("page", ""))
    beside = around(tx, actor.person_id)
    asked = {name: args[name] for name in LISTED if args.get(name)}
    here, titles = address("complaints.index"), category_titles(library())
    return render_template(
        "complaints/index.html",
        wanted=wanted,
        page=page,
        stage=wanted.stage or ALL_STAGES,
        around=_around(asked, wanted, beside, titles),
        pager=_pager(page, f"{here}?{urlencode(asked)}"),
        rows=_rows(page.rows, titles, may_choose=actor.may("complaints.handle")),
        kept=beside.kept,
        all_address="" if page.rows else f"{here}?{urlencode(asked | {'stage': ALL_STAGES})}",
    )


@lru_cache(maxsize=32)
def _titles(_language: str) -> dict[str, dict[str, str]]:
    """Our words for what the columns hold, in a language; "complaint" itself goes without saying."""
    named: dict[str, dict[Any, str]] = {
        "kind": rules.KIND_TITLES,
        "channel": rules.CHANNEL_TITLES,
    }
    words = {name: {str(word): _(title) for word, title in titles.items()} for name, titles in named.items()}
    words["kind"][rules.Kind.COMPLAINT.value] = ""
    return words


def _rows(rows: list[RegisterRow], categories: dict[str, str], *, may_choose: bool) -> Markup:
    """The lines of the table: each is that of its stage and severity, drawn once and kept, with its texts put in."""
    language, base, zone = locale(), address("complaints.index"), zone_here()
    assert zone is not None  # noqa: S101 - the page is an organisation's; asked for once, not for each row
    today = clock.now().astimezone(zone).date()
    own = in_own_digits if language == "fa" else str  # digits; to ask once is quicker than to ask for each row
    ids = [row.id for row in rows]
    declared = [column.cells(ids) for column in columns()]
    lines: list[str] = []
    for row in rows:
        received, stage = day_of(row.received_at, zone), row.stage
        waiting = ""
        if stage != "closed":
            waiting = own(str((today - received).days))
            if row.answer == "refused":
                stage = "refused"
        reference, title = row.reference, row.subject or row.product or row.reference
        if _MARKED(reference):
            reference = html_escape(reference)
        if _MARKED(title):
            title = html_escape(title)
        said = f"{reference}{_words(language, row.kind, categories.get(row.category, row.category), row.channel)}"
        texts = [reference, title, said, _day(language, received), waiting]
        texts += [cells.get(row.id, "") for cells in declared]
        if may_choose:
            texts = [reference, reference, *texts]
        lines.append(_line(language, base, stage, row.severity, may_choose) % tuple(texts))
    return Markup("".join(lines))  # noqa: S704 - our own template, and every text escaped


_MARKED = re.compile("[&<>\"']").search  # to ask first is quicker than to escape, and hardly a text has any


@lru_cache(maxsize=4096)
def _words(language: str, kind: str, category: str, channel: str) -> str:
    """What stands after the reference: our words for what it is, as HTML. `category` as people read it."""
    titles = _titles(language)
    words = (titles["kind"][kind], category, titles["channel"].get(channel, channel))
    return html_escape("".join(f" · {word}" for word in words if word))


@lru_cache(maxsize=4096)
def _day(_language: str, received: date) -> str:
    return html_escape(day(received))


@lru_cache(maxsize=1024)
def _line(_language: str, base: str, stage: str, severity: str, may_choose: bool) -> str:
    """A line of the table, to be filled with its texts by %."""
    line = render_template(
        "complaints/_row.html",
        base=base,
        stage=stage,
        severity=severity,
        hole=HOLE,
        columns=column_titles(),
        may_choose=may_choose,
    )
    return line.replace("%", "%%").replace(HOLE, "%s")


def _pager(page: Register, here: str) -> Markup:
    """The way to the other pages, and how many complaints there are."""
    parts = _pager_parts(locale(), page.total, page.more, page.previous is not None, page.next is not None)
    here = html_escape(here)
    addresses = [here, f"{here}&amp;page={page.previous}"] if page.previous else []
    addresses += [f"{here}&amp;page={page.next}"] if page.next else []
    return Markup("".join(chain.from_iterable(zip_longest(parts, addresses, fillvalue=""))))  # noqa: S704 - escaped


@lru_cache(maxsize=4096)
def _pager_parts(_language: str, total: int, more: bool, before: bool, after: bool) -> list[str]:
    """The pager, cut where its addresses go."""
    counted = f"{queries.COUNTED_UP_TO:,}" if more else ""
    drawn = render_template(
        "complaints/_pager.html", total=total, counted=counted, before=before, after=after, hole=HOLE
    )
    return drawn.split(HOLE)


def _around(asked: dict[str, str], wanted: Wanted, beside: Around, titles: dict[str, str]) -> list[Markup]:
    """What stands before the table, its head and its foot, with what was typed put in."""
    typed = asked.get("q", "")
    kept = tuple((name, value) for name, value in asked.items() if name != "q")
    may_do = tuple([may(permission) for permission in _MAY_DO])
    priorities = tuple([(one.id, one.label) for one in library().matrix(service.MATRIX).priorities])
    categories = tuple([(word, titles.get(word, word)) for word in beside.categories])
    known = (beside.channels, categories, priorities, beside.handlers, may_do, wanted.sort, wanted.narrowed)
    parts = _list(locale(), address("complaints.index"), kept, bool(typed), *known)
    if typed:
        parts = [part.replace(TYPED, html_escape(typed)).replace(TYPED_IN_ADDRESS, quote_plus(typed)) for part in parts]
    return [Markup(part) for part in parts]  # noqa: S704 - our own template, and what was typed escaped


@lru_cache(maxsize=256)
def _list(
    language: str,
    base: str,
    kept: tuple[tuple[str, str], ...],
    searching: bool,
    channels: tuple[str, ...],
    categories: Named,
    priorities: Named,
    people: Named,
    may_do: tuple[bool, ...],
    sort: Sort,
    narrowed: int,
) -> list[str]:
    """The page but for its lines and what was typed: tabs, filters with their long lists, the table's head."""
    asked = dict(kept)
    titles = _titles(language)
    page = render_template(
        "complaints/_list.html",
        columns=[(_(one.title), one.sort, _address(base, asked | {"sort": one.sort}, searching)) for one in columns()],
        asked=asked,
        sort=sort,
        stage=asked.get("stage", "open"),
        base=base,
        hole=HOLE,
        typed=TYPED if searching else "",
        tabs=_tabs(base, kept, searching),
        keep_address=_address(f"{base}filters", asked, searching),
        export_address=_address(f"{base}export", asked, searching),
        sort_address=_sort_address(base, kept, searching, sort),
        channels=[(word, titles["channel"].get(word, word)) for word in channels],
        categories=categories,
        severities=titled(rules.SEVERITY_TITLES),
        kinds=titled(rules.KIND_TITLES),
        levels=[(str(number), _(title)) for number, title in enumerate(rules.LEVEL_TITLES)],
        dues=titled(DUE_TITLES),
        priorities=priorities,
        people=people,
        narrowed=narrowed,
        may_register=may_do[0],
        may_import=may_do[1],
        may_choose=may_do[2],
        may_open_action=may_do[3],
    )
    return page.split(HOLE)


def _address(base: str, asked: dict[str, str], searching: bool) -> str:
    return f"{base}?{urlencode(asked)}{f'&q={TYPED_IN_ADDRESS}' if searching else ''}"


def _tabs(base: str, kept: tuple[tuple[str, str], ...], searching: bool) -> list[tuple[str, str, bool]]:
    """The register by stage, as (title, address, whether it is this one); each in its own order."""
    asked = {name: value for name, value in kept if name != "sort"}
    here = asked.get("stage", "open")
    tabs = [("open", _("Open")), *titled(rules.STAGE_TITLES), (ALL_STAGES, _("All"))]
    return [(title, _address(base, asked | {"stage": word}, searching), word == here) for word, title in tabs]


def _sort_address(base: str, kept: tuple[tuple[str, str], ...], searching: bool, sort: Sort) -> str:
    other = Sort.NEWEST if sort == Sort.OLDEST else Sort.OLDEST
    return _address(base, dict(kept) | {"sort": other.value}, searching)
