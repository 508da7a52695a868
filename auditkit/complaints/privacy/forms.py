"""Forms of the privacy pages."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField
from wtforms.validators import InputRequired

from auditkit.base.text import _, lazy_
from auditkit.complaints.privacy import rules
from auditkit.complaints.privacy.beside import KEPT
from auditkit.complaints.rules import KIND_TITLES
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required


class ReasonForm(Form):
    """A reason that goes on record."""

    reason = TextField(lazy_("Reason"), [required(lazy_("Give the reason; it goes on record"))])


class ReadForm(Form):
    """Why somebody wants to see who complained; asked for by setting."""

    reason = LineField(lazy_("Why do you need to know?"))


class RuleForm(Form):
    """How long complaints are kept."""

    kind = ChoiceField(lazy_("Kind of feedback"))
    category = ChoiceField(lazy_("Category"))
    months = IntegerField(lazy_("Months after closing"), [required(lazy_("Enter a number of months"))])
    warn_days = IntegerField(lazy_("Days of warning before"), [required(lazy_("Enter a number of days"))])
    duty = BooleanField(lazy_("A law demands that it is kept so long; nobody can ask for erasure before"))
    automatic = BooleanField(lazy_("Erase by itself when the time has come; otherwise a person decides"))
    seen = HiddenField()
    basis = TextField(lazy_("On what ground"), description=lazy_("The law, contract or decision behind it."))

    def __init__(self, categories: Mapping[str, str], **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = [("", _("Any")), *((kind.value, _(title)) for kind, title in KIND_TITLES.items())]
        self.category.choices = [("", _("Any")), *categories.items()]


class SettingsForm(Form):
    """The organisation's settings of personal data."""

    seen = HiddenField()
    reason_required = BooleanField(lazy_("Whoever looks up who complained has to say why"))
    request_days = IntegerField(
        lazy_("Days within which a person's request is answered"), [required(lazy_("Enter a number of days"))]
    )


class KeepingForm(Form):
    """For how many days each kind of record beside the cases is kept."""

    seen = HiddenField()


for _what, _keep in KEPT.items():
    setattr(
        KeepingForm,
        f"keep_{_what.name.lower()}",
        IntegerField(
            lazy_(_keep.title), [InputRequired(lazy_("Enter a number of days"))], description=lazy_(_keep.then)
        ),
    )


class RequestForm(Form):
    """A request of a person."""

    kind = ChoiceField(lazy_("What does the person ask for?"))
    received_on = DateField(lazy_("Came in on"), [required(lazy_("Enter the day the request came in"))])

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [(kind.value, _(title)) for kind, title in rules.REQUEST_TITLES.items()]


class SearchForm(Form):
    """Looking for a person's cases."""

    typed = LineField(
        lazy_("Name, e-mail address or telephone number"),
        [required(lazy_("Enter a name, an e-mail address or a telephone number"))],
    )


class SettleForm(Form):
    """The answer to a request."""

    answer = TextField(lazy_("What was answered"), description=lazy_("Without naming the person."))
    refused = BooleanField(lazy_("The request was refused as a whole; the answer says why"))
