"""The complainant's form, and the settings."""

from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional

from auditkit.base.text import _, lazy_
from auditkit.complaints.survey.rules import ACCEPTED_TITLES, LONGEST_COMMENT, SCORE_TITLES, Practice
from auditkit.web.forms import Form, TextField


class AnswerForm(Form):
    """The questions; `accepted` only where the answer is not on record."""

    handling = RadioField(
        lazy_("How satisfied are you with the way your complaint was handled?"),
        [InputRequired(lazy_("Choose one of the five answers"))],
    )
    outcome = RadioField(
        lazy_("How satisfied are you with the outcome?"), [InputRequired(lazy_("Choose one of the five answers"))]
    )
    accepted = RadioField(lazy_("Do you accept the outcome?"), [Optional()])
    comment = TextField(lazy_("What should we do better, or keep?"), max_length=LONGEST_COMMENT)
    may_contact = BooleanField(lazy_("You may contact me about my answers"))

    def __init__(self, *arguments: Any, asks_accepted: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        scale = [(str(score), _(title)) for score, title in sorted(SCORE_TITLES.items(), reverse=True)]
        self.handling.choices = scale
        self.outcome.choices = scale
        self.accepted.choices = [(word.value, _(title)) for word, title in ACCEPTED_TITLES.items()]
        if not asks_accepted:
            del self.accepted


class SettingsForm(Form):
    """How the organisation asks. `seen` carries what stood there when the page was opened."""

    seen = HiddenField()
    on = BooleanField(lazy_("Ask complainants after closing"))
    wait_days = IntegerField(lazy_("Days after closing (0: at once)"), [InputRequired(lazy_("Enter a number of days"))])
    valid_days = IntegerField(lazy_("Days for which the link works"), [InputRequired(lazy_("Enter a number of days"))])
    remind_days = IntegerField(
        lazy_("Days until the one reminder (0: none)"), [InputRequired(lazy_("Enter a number of days"))]
    )
    fewest = IntegerField(
        lazy_("Answers needed before a mean is shown"), [InputRequired(lazy_("Enter a whole number"))]
    )

    @property
    def practice(self) -> Practice:
        """What was entered."""
        return Practice(
            self.on.data, self.wait_days.data, self.valid_days.data, self.remind_days.data, self.fewest.data
        )
