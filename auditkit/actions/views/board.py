"""The list of actions with its filters, the board, and the figures."""

from typing import Any

from flask import render_template, request, url_for

from auditkit.actions import drawing, queries
from auditkit.actions.queries import Order, Wanted
from auditkit.actions.rules import ORIGIN_TITLES, Grade, Kind, State, amount
from auditkit.actions.views.blueprint import bp, names, people, today, words
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import N_, _
from auditkit.web.access import access, current_actor
from auditkit.web.languages import direction

ORDER_TITLES = {Order.DUE: N_("Due first"), Order.NEWEST: N_("Newest first"), Order.CHANGED: N_("Changed last")}
KEPT = ("whose", "owner", "state", "kind", "grade", "origin", "category", "late", "text", "order")


def wanted() -> Wanted:
    """What the address asks for; words it does not know ask for nothing."""
    asked = request.args
    state, kind, grade = asked.get("state", ""), asked.get("kind", ""), asked.get("grade", "")
    return Wanted(
        owner_id=asked.get("owner", type=int),
        mine=current_actor().person_id if asked.get("whose") == "mine" else None,
        state=State(state) if state in list(State) else None,
        kind=Kind(kind) if kind in list(Kind) else None,
        grade=Grade(grade) if grade and grade in list(Grade) else None,
        origin=asked.get("origin", "") if asked.get("origin", "") in ORIGIN_TITLES else "",
        category_id=asked.get("category", type=int),
        overdue_on=today() if asked.get("late") == "yes" else None,
        text=asked.get("text", "").strip()[:200],
    )


def kept_arguments() -> dict[str, Any]:
    """The filters of the address, for links that keep them."""
    return {name: value for name, value in request.args.items() if name in KEPT and value}


def _choices() -> dict[str, Any]:
    table = words()
    return {
        "state_choices": [(one.value, _(title)) for one, title in table["STATE_TITLES"].items()],
        "kind_choices": [(one.value, _(title)) for one, title in table["KIND_TITLES"].items()],
        "grade_choices": [(one.value, _(title)) for one, title in table["GRADE_TITLES"].items() if one],
        "origin_choices": [(one, _(title)) for one, title in ORIGIN_TITLES.items()],
        "category_choices": [(key, title) for key, title, _gone in queries.categories(reading(), retired=True)],
        "owner_choices": people(),
        "order_choices": [(one.value, _(title)) for one, title in ORDER_TITLES.items()],
        "names": names(),
        "today": today(),
        **table,
    }


@bp.get("/")
@access("actions.read")
def index() -> str:
    """Actions as a list: filtered, in one of three orders, a page at a time."""
    asked, order = wanted(), _order()
    lines, following = queries.page(reading(), asked, order, _after(order))
    return render_template(
        "actions/index.html",
        lines=lines,
        filtered=asked.narrowed,
        kept=kept_arguments(),
        next_url=url_for(".index", **kept_arguments(), after=f"{following[0]}~{following[1]}") if following else None,
        **_choices(),
    )


def _order() -> Order:
    found = request.args.get("order", "")
    return Order(found) if found in list(Order) else Order.DUE


def _after(order: Order) -> queries.Key | None:
    value, _mark, number = request.args.get("after", "").partition("~")
    if not (number.isascii() and number.isdecimal()) or not queries.key_fits(order, value):
        return None  # an address typed by hand: the list from its start
    return value, int(number)


@bp.get("/board")
@access("actions.read")
def board() -> str:
    """A column for each phase of the path."""
    asked = wanted()
    columns = queries.board(reading(), asked, clock.now())
    return render_template(
        "actions/board.html", columns=columns, filtered=asked.narrowed, kept=kept_arguments(), **_choices()
    )


@bp.get("/figures")
@access("actions.read")
def statistics() -> str:
    """Ageing, causes, cost, and how often the effect failed."""
    tx = reading()
    bars = queries.causes(tx)
    shown = [drawing.Bar(one.title or _("No category yet"), one.number, one.cumulative) for one in bars]
    label = _("Causes by category, most frequent first; the table below has the same figures")
    return render_template(
        "actions/figures.html",
        bands=queries.ageing(tx, clock.now(), today()),
        bars=shown,
        picture=drawing.pareto(shown, label=label, mirrored=direction() == "rtl") if shown else "",
        costs=queries.costs(tx),
        effects=queries.effects(tx),
        amount=amount,
        **words(),
    )
