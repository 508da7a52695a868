"""The blueprint of correspondence, and what its pages share: words, the end of an act, the tabs of the lists."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import N_, _
from auditkit.complaints.correspondence import queries, rules
from auditkit.complaints.correspondence.forms import LANGUAGE_NAMES
from auditkit.web.access import current_actor, may
from auditkit.web.acting import REFUSALS

bp = Blueprint("correspondence", __name__, url_prefix="/correspondence", template_folder="../templates")
STATES = {
    "waiting": (N_("Waits to be sent"), "info"),
    "taken": (N_("Is being sent"), "info"),
    "sending": (N_("Is being sent"), "info"),
    "sent": (N_("Handed over"), "good"),
    "failed": (N_("Not delivered"), "bad"),
    "uncertain": (N_("May have arrived"), "warn"),
}


def words() -> dict[str, Any]:
    """What messages, channels, states and outcomes are called, for templates."""
    return {
        "kinds": {str(word): _(title) for word, title in rules.KIND_TITLES.items()},
        "channels": {str(word): _(title) for word, title in rules.CHANNEL_TITLES.items()},
        "states": {name: (_(title), tone) for name, (title, tone) in STATES.items()},
        "notes": {name: _(text) for name, text in rules.NOTES.items()},
        "letter_titles": {name: _(title) for name, title in rules.LETTER_TITLES.items()},
        "mail_kinds": {name: _(title) for name, title in rules.MAIL_KIND_TITLES.items()},
        "outcomes": {name: _(title) for name, title in rules.OUTCOME_TITLES.items()},
        "languages": LANGUAGE_NAMES,
    }


def act(verb: Any, command: Any, done: str) -> None:
    """Run a verb, and say that it is done or why it was refused."""
    try:
        with transaction(current_actor()) as tx:
            verb(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        flash(str(refusal), "bad")
    else:
        flash(done, "good")


def to_case(complaint_id: int) -> AnyResponse:
    """Back to the messages of the case."""
    reference = queries.reference_of(reading(), complaint_id)
    return redirect(url_for("complaints.show", reference=reference, _anchor="messages"))


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """The lists that the person may see: (text, address, whether it is this one)."""
    pages = [
        (_("Need a person"), ".failures", "complaints.handle"),
        (_("E-mail in"), ".mails", "complaints.handle"),
        (_("Letters"), ".letters", "complaints.handle"),
        (_("Settings"), ".settings", "organisation.manage"),
    ]
    return [(text, url_for(endpoint), endpoint == current) for text, endpoint, needs in pages if may(needs)]
