"""The list of complaints. It is asked for more than any other page, so what seldom changes is drawn once and kept.

Kept are texts of our own and addresses, by language; never anything a person wrote. `benchmarks/register_page.py`
watches what the page costs.
"""

from datetime import date
from functools import lru_cache
from html import escape as html_escape
from typing import Any
from urllib.parse import quote_plus, urlencode

from flask import render_template, request
from markupsafe import Markup

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints import queries, rules
from auditkit.complaints.forms import ALL_STAGES, titled
from auditkit.complaints.queries import RegisterRow, Sort, Wanted
from auditkit.complaints.register.asking import DUE_TITLES, LISTED, asked_for
from auditkit.complaints.register.queries import kept_filters
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.parts import column_titles, columns
from auditkit.web.access import access, current_actor, may
from auditkit.web.languages import day, locale
from auditkit.web.navigation import address

HOLE = "\x00"  # where a text goes into what is kept
TYPED, TYPED_IN_ADDRESS = "\x01", "\x02"


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """The register: a part of it, in an order, a page at a time."""
    actor, tx = current_actor(), reading()
    wanted = asked_for(request.args, actor, clock.now())
    page = queries.register_page(tx, wanted, request.args.get("page", ""))
    channels, categories = queries.words_used(tx)
    asked = {name: request.args[name] for name in LISTED if request.args.get(name)}
    return render_template(
        "complaints/index.html",
        wanted=wanted,
        page=page,
        stage=wanted.stage or ALL_STAGES,
        around=_around(asked, wanted, tuple(channels), tuple(categories)),
        rows=_rows(page.rows, may_choose=may("complaints.handle")),
        kept=kept_filters(tx, actor.person_id),
        address=f"{address('complaints.index')}?{urlencode(asked)}",
        all_address=f"{address('complaints.index')}?{urlencode(asked | {'stage': ALL_STAGES})}",
        total=f"{queries.COUNTED_UP_TO:,}",
    )


@lru_cache(maxsize=32)
def _titles(_language: str) -> dict[str, dict[str, str]]:
    """Our words for what the columns hold, in a language; "complaint" itself goes without saying."""
    named: dict[str, dict[Any, str]] = {
        "kind": rules.KIND_TITLES,
        "channel": rules.CHANNEL_TITLES,
        "category": rules.CATEGORY_TITLES,
    }
    words = {name: {str(word): _(title) for word, title in titles.items()} for name, titles in named.items()}
    words["kind"][rules.Kind.COMPLAINT.value] = ""
    return words


def _rows(rows: list[RegisterRow], *, may_choose: bool) -> Markup:
    """The lines of the table: each is that of its stage and severity, drawn once and kept, with its texts put in."""
    language, base, today = locale(), address("complaints.index"), clock.now().date()
    titles = _titles(language)
    kinds, channels, categories = titles["kind"], titles["channel"], titles["category"]
    days: dict[date, str] = {}
    parts: list[str] = []
    ids = [row.id for row in rows]
    declared = [column.cells(ids) for column in columns()]
    for row in rows:
        received = row.received_at.date()
        if received not in days:
            days[received] = html_escape(day(received))
        closed = row.stage == "closed"
        stage = "refused" if row.answer == "refused" and not closed else row.stage
        line = _line(language, base, stage, row.severity, may_choose)
        kind, category, channel = kinds[row.kind], row.category, row.channel
        said = row.reference + (f" · {kind}" if kind else "")
        if category:
            said += f" · {categories.get(category, category)}"
        if channel:
            said += f" · {channels.get(channel, channel)}"
        reference, title = html_escape(row.reference), html_escape(row.subject or row.product or row.reference)
        waiting = "" if closed else (today - received).days
        chosen = (reference, reference) if may_choose else ()
        texts = (*chosen, reference, title, html_escape(said), days[received], str(waiting))
        texts += tuple(cells.get(row.id, "") for cells in declared)
        parts += [part for pair in zip(line, texts, strict=False) for part in pair]
        parts.append(line[-1])
    return Markup("".join(parts))  # noqa: S704 - our own template, and every text escaped


@lru_cache(maxsize=1024)
def _line(_language: str, base: str, stage: str, severity: str, may_choose: bool) -> list[str]:
    """A line of the table, cut at the places where its texts go."""
    line = render_template(
        "complaints/_row.html",
        base=base,
        stage=stage,
        severity=severity,
        hole=HOLE,
        columns=column_titles(),
        may_choose=may_choose,
    )
    return line.split(HOLE)


def _around(
    asked: dict[str, str], wanted: Wanted, channels: tuple[str, ...], categories: tuple[str, ...]
) -> list[Markup]:
    """What stands before the table, its head and its foot, with what was typed put in."""
    typed = asked.get("q", "")
    kept = tuple((name, value) for name, value in asked.items() if name != "q")
    may_do = (may("complaints.register"), may("complaints.import"), may("complaints.handle"))
    known = (channels, categories, may_do, wanted.sort, wanted.narrowed)
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
    categories: tuple[str, ...],
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
        categories=[(word, titles["category"].get(word, word)) for word in categories],
        severities=titled(rules.SEVERITY_TITLES),
        kinds=titled(rules.KIND_TITLES),
        levels=[(str(number), _(title)) for number, title in enumerate(rules.LEVEL_TITLES)],
        dues=titled(DUE_TITLES),
        owners=[("me", _("Me")), ("nobody", _("Nobody"))],
        narrowed=narrowed,
        may_register=may_do[0],
        may_import=may_do[1],
        may_choose=may_do[2],
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
