"""The blueprint of the privacy pages and what all of them show alike."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.base.errors import Conflict
from auditkit.complaints.categories import category_titles
from auditkit.complaints.rules import KIND_TITLES
from auditkit.library.here import library
from auditkit.web.access import current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.forms import Form

bp = Blueprint("privacy", __name__, url_prefix="/complaints/privacy", template_folder="../templates")


def people() -> dict[int, str]:
    """Person id -> name."""
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return names


def words() -> dict[str, dict[str, str]]:
    """What records store: kinds as message ids, categories as people read them."""
    return {
        "kind": {str(word): title for word, title in KIND_TITLES.items()},
        "category": category_titles(library()),
    }


def does(verb: Callable[..., Any], command: Any, said: str, form: Form | None = None) -> bool:
    """Do a verb and say so; a refusal stands at the form, or above the page. Whether it was done."""
    try:
        with transaction(current_actor()) as tx:
            verb(tx, command, clock.now(), current_actor())
    except REFUSALS as refusal:
        if form is not None:
            form.refuse("", refusal)
            if isinstance(refusal, Conflict) and "seen" in form:
                form["seen"].data = ""  # the page shows again how it stands now: having been told, one may go on
        else:
            flash(str(refusal), "bad")
        return False
    flash(said, "good")
    return True
