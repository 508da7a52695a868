"""The blueprint of the registers' pages, and what all of them share."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint

from auditkit.accounts.queries import members
from auditkit.base.db import Session, reading, transaction
from auditkit.base.text import _
from auditkit.content.shapes import FieldKind, RegisterField
from auditkit.library.here import library
from auditkit.library.saying import said
from auditkit.registers import queries
from auditkit.registers.rules import STANDING_TITLES, EntryRefused, Standing
from auditkit.web.access import current_actor
from auditkit.web.acting import REFUSALS

bp = Blueprint("registers", __name__, url_prefix="/registers", template_folder="../templates")
TONES = {
    Standing.RETIRED: "neutral",
    Standing.EXPIRED: "bad",
    Standing.OVERDUE: "bad",
    Standing.SOON: "warn",
    Standing.CURRENT: "good",
}


def words() -> dict[str, Any]:
    """Titles and tones, for templates."""
    return {"STANDING_TITLES": STANDING_TITLES, "STANDING_TONES": TONES, "FieldKind": FieldKind}


@bp.context_processor
def _for_values() -> dict[str, Any]:
    """What templates need to show values as people read them."""
    return {
        "said": said,
        "content_language": lambda: library().language.replace("_", "-"),
        "as_day": date.fromisoformat,
        "plain": lambda number: format(number.normalize(), "f"),
        "number_of": Decimal,
        "standing_choices": lambda: [(one.value, _(title)) for one, title in STANDING_TITLES.items()],
        "options_of": options_of,
        "review_lines": _review_lines,
    }


def options_of(field: RegisterField) -> list[tuple[str | int, str]]:
    """What a list can be narrowed to by a field: its choices, or the members."""
    if field.kind is FieldKind.PERSON:
        return list(people().items())
    return [(one.id, one.label) for one in field.choices]


def _review_lines(reviews: Sequence[queries.ReviewView], names: Mapping[int, str]) -> list[dict[str, Any]]:
    return [
        {"when": one.at, "title": one.outcome, "by": names.get(one.by_id or 0, ""), "icon": "eye"} for one in reviews
    ]


def people() -> dict[int, str]:
    """The members by id."""
    return {one.person_id: one.name for one in members(reading())}


def done(form: Any, act: Callable[[Session], Any]) -> Any:
    """What `act` gave; None where the form was not sent, or was refused and now says why."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction(current_actor()) as tx:
            return act(tx)
    except EntryRefused as refusal:
        form.refuse_entry(refusal)
    except REFUSALS as refusal:
        form.refuse("", refusal)
    return None
