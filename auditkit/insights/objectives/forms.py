"""Forms of objectives. Choices come in through the constructor."""

from collections.abc import Sequence
from typing import Any

from auditkit.base.text import lazy_
from auditkit.insights.objectives.rules import LONGEST_COMMENT
from auditkit.insights.rules import SPAN_TITLES, Span
from auditkit.web.forms import ChoiceField, Form, TextField, required


class SourceForm(Form):
    """The indicator an objective is measured by."""

    figure = ChoiceField(lazy_("Indicator"))
    span = ChoiceField(lazy_("Period"))

    def __init__(self, figures: Sequence[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.figure.choices = list(figures)
        self.span.choices = [(one.value, lazy_(title)) for one, title in SPAN_TITLES.items() if one is not Span.OWN]


class CommentForm(Form):
    """A comment on how an objective stands."""

    text = TextField(lazy_("Comment"), [required(lazy_("Write the comment"))], max_length=LONGEST_COMMENT)
