"""The list of complaints. It is asked for more than any other page, so what seldom changes is drawn once and kept.

Kept are texts of our own and addresses, by language; never anything a person wrote. `benchmarks/register_page.py`
watches what the page costs.
"""

from datetime import date
from functools import lru_cache
from html import escape as html_escape
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from markupsafe import Markup

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints import queries, rules
from auditkit.complaints.forms import ALL_STAGES, titled, wanted_from
from auditkit.complaints.queries import RegisterRow, Sort, Wanted
from auditkit.complaints.views.blueprint import bp
from auditkit.web.access import access, may
from auditkit.web.languages import day, locale
from auditkit.web.navigation import address

LISTED = ("stage", "q", "channel", "severity", "category", "from", "to", "run", "sort")
HOLE = "\x00"


@bp.get("/")
@access("complaints.read")
def index() -> str:
    """The register: a part of it, in an order, a page at a time."""
    wanted = wanted_from(request.args, find_by_identity=may("identity.read"))
    tx = reading()
    page = queries.register_page(tx, wanted, request.args.get("page", ""))
    channels, categories = queries.words_used(tx)
    narrowing = _narrowing(wanted)
    asked = {name: request.args[name] for name in LISTED if request.args.get(name)}
    return render_template(
        "complaints/index.html",
        wanted=wanted,
        page=page,
        top=_top_of(wanted, asked),
        rows=_rows(page.rows),
        filters=_filters(locale(), wanted.sort, narrowing, tuple(channels), tuple(categories)),
        narrowed=any(narrowing),
        **_addresses(wanted, asked),
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


def _rows(rows: list[RegisterRow]) -> Markup:
    """The lines of the table: each is that of its stage and severity, drawn once and kept, with its texts put in."""
    language, base, today = locale(), address("complaints.index"), clock.now().date()
    titles = _titles(language)
    kinds, channels, categories = titles["kind"], titles["channel"], titles["category"]
    days: dict[date, str] = {}
    parts: list[str] = []
    for row in rows:
        received = row.received_at.date()
        if received not in days:
            days[received] = html_escape(day(received))
        closed = row.stage == "closed"
        line = _line(language, base, "refused" if row.answer == "refused" and not closed else row.stage, row.severity)
        kind, category, channel = kinds[row.kind], row.category, row.channel
        said = row.reference + (f" · {kind}" if kind else "")
        if category:
            said += f" · {categories.get(category, category)}"
        if channel:
            said += f" · {channels.get(channel, channel)}"
        reference, title = html_escape(row.reference), html_escape(row.subject or row.product or row.reference)
        waiting = "" if closed else (today - received).days
        parts.append(
            f"{line[0]}{reference}{line[1]}{title}{line[2]}{html_escape(said)}{line[3]}{days[received]}"
            f"{line[4]}{waiting}{line[5]}"
        )
    return Markup("".join(parts))  # noqa: S704 - our own template, and every text escaped


@lru_cache(maxsize=1024)
def _line(_language: str, base: str, stage: str, severity: str) -> list[str]:
    """A line of the table, cut at the places where its texts go."""
    line = render_template("complaints/_row.html", base=base, stage=stage, severity=severity, hole=HOLE)
    return line.split(HOLE)


def _narrowing(wanted: Wanted) -> tuple[Any, ...]:
    """What the folded filters ask for, in their order."""
    days = (wanted.received_from, wanted.received_to)
    return (wanted.channel, wanted.category, wanted.severity, *days, wanted.import_run)


@lru_cache(maxsize=256)
def _filters(
    language: str, sort: Sort, narrowing: tuple[Any, ...], channels: tuple[str, ...], categories: tuple[str, ...]
) -> Markup:
    """The order and the folded filters: long lists that seldom change."""
    channel, category, severity, received_from, received_to, import_run = narrowing
    titles = _titles(language)
    fields = render_template(
        "complaints/_filters.html",
        sort=sort.value,
        channel=channel,
        channels=[(word, titles["channel"].get(word, word)) for word in channels],
        category=category,
        categories=[(word, titles["category"].get(word, word)) for word in categories],
        severity=severity,
        severities=titled(rules.SEVERITY_TITLES),
        received_from=received_from,
        received_to=received_to,
        import_run=import_run,
        narrowed=sum(1 for value in narrowing if value),
    )
    return Markup(fields)  # noqa: S704 - our own template, which escapes


def _top_of(wanted: Wanted, asked: dict[str, str]) -> Markup:
    base, stage = address("complaints.index"), wanted.stage or ALL_STAGES
    kept = urlencode({name: value for name, value in asked.items() if name not in ("stage", "sort")})
    kept = f"&{kept}" if kept else ""
    return _top(locale(), base, stage, kept, may("complaints.register"), may("complaints.import"))


@lru_cache(maxsize=256)
def _top(_language: str, base: str, stage: str, kept: str, may_register: bool, may_import: bool) -> Markup:
    """The head of the page with its buttons, and the register by stage."""
    tabs = [("open", _("Open")), *titled(rules.STAGE_TITLES), (ALL_STAGES, _("All"))]
    top = render_template(
        "complaints/_top.html",
        tabs=[(title, f"{base}?stage={word}{kept}", word == stage) for word, title in tabs],
        base=base,
        may_register=may_register,
        may_import=may_import,
    )
    return Markup(top)  # noqa: S704 - our own template, which escapes


def _addresses(wanted: Wanted, asked: dict[str, str]) -> dict[str, Any]:
    """The addresses that a page of the list links to."""
    base, stage = address("complaints.index"), wanted.stage or ALL_STAGES
    asked = asked | {"stage": stage}
    other = Sort.NEWEST if wanted.sort == Sort.OLDEST else Sort.OLDEST
    return {
        "list_url": f"{base}?{urlencode(asked)}",
        "sort_url": f"{base}?{urlencode(asked | {'sort': other.value})}",
        "clear_url": f"{base}?stage={stage}",
        "all_url": f"{base}?{urlencode(asked | {'stage': ALL_STAGES})}",
        "stage": stage,
        "total": f"{queries.COUNTED_UP_TO:,}",
    }
