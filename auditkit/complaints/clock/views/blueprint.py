"""The blueprint that the pages of the clock hang their routes on."""

from typing import Any

from flask import Blueprint, current_app

bp = Blueprint("complaints_due", __name__, url_prefix="/complaints/due", template_folder="../templates")


def people() -> dict[int, str]:
    """Person id -> name."""
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return names


def refuse(form: Any, refusal: Exception, fields: dict[type[Exception], str] | None = None) -> None:
    """Show what a verb refused, beside the field that mends it where one does."""
    form.refuse((fields or {}).get(type(refusal), ""), refusal)
