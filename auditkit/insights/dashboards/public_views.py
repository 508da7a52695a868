"""The figures an organisation shows everybody; nothing unless it decided so."""

from flask import Blueprint, render_template

from auditkit.accounts.queries import today_of_house
from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.insights.dashboards import queries, rules
from auditkit.insights.indicators import showing
from auditkit.insights.rollups.reading import Board
from auditkit.insights.rules import Figure, Selection, period_of
from auditkit.library.here import library
from auditkit.web.access import PUBLIC, access, current_organisation

bp = Blueprint("public_figures", __name__, url_prefix="/figures", template_folder="templates")


@bp.get("")
@access(PUBLIC)
def show() -> str:
    """What complaints came to, with how each figure is made."""
    tx, now = reading(), clock.now()
    published = queries.published(tx)
    if not published.shown:
        raise NotFound
    selection = Selection(period_of(published.span, today_of_house(tx, now)), span=published.span)
    names = tuple(name for name in published.figures if name in rules.PUBLISHABLE)
    return render_template(
        "dashboards/public.html",
        organisation=current_organisation(),
        published=published,
        selection=selection,
        figures=[
            (one, _told(one), library().indicators[one.indicator]) for one in Board(tx, selection, now).figures(names)
        ],
    )


def _told(figure: Figure) -> tuple[str, str, str]:
    """Value, made of, interval. Of too few cases not even the number: people could be recognised in it."""
    if figure.too_few or (figure.n and figure.n < rules.FEWEST_PUBLIC):
        return "", "", ""
    return showing.value_text(figure), showing.made_of(figure), showing.interval_text(figure)
