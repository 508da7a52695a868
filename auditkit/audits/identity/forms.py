"""Forms of asking to see who complained, and of answering that."""

from typing import Any

from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired

from auditkit.audits.identity import rules
from auditkit.base.text import _, lazy_
from auditkit.web.forms import Form, TextField, required

MENDED_BY: dict[type[Exception], str] = {
    rules.IdentityReasonMissing: "reason",
    rules.RefusalReasonMissing: "words",
    rules.DaysOutOfRange: "days",
}


class _Form(Form):
    mended_by = MENDED_BY


class AskForm(_Form):
    """Ask to see who complained."""

    reason = TextField(
        lazy_("What it is needed for"), [required(lazy_("Say what cannot be tested without knowing who complained"))]
    )


class AnswerForm(_Form):
    """Grant it for some days, or refuse it."""

    granted = RadioField(lazy_("Answer"), [InputRequired(lazy_("Say whether it is granted"))])
    days = IntegerField(lazy_("For how many days"), [InputRequired(lazy_("Enter a number of days"))])
    words = TextField(lazy_("Reason, or what to heed"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.granted.choices = [("yes", _("Grant")), ("no", _("Do not grant"))]
