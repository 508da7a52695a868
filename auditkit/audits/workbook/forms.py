"""Forms of workbooks: bring one back, settle a conflict."""

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField
from wtforms.widgets import HiddenInput

from auditkit.audits.workbook.rules import ChoiceMissing, Kept
from auditkit.base.text import lazy_
from auditkit.web.forms import ChoiceField, Form
from auditkit.web.languages import LANGUAGES


class TakeForm(Form):
    """In which language the workbook is to be."""

    language = ChoiceField(lazy_("Language"))

    def __init__(self, languages: Iterable[str], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.language.choices = [(one, LANGUAGES[one]) for one in languages]


class ReturnForm(Form):
    """A workbook that comes back."""

    workbook = FileField(lazy_("Workbook"), [FileRequired(lazy_("Choose the workbook you filled in"))])


class SettleForm(Form):
    """Which side of a conflict stands; `kept` is the value of the button that was pressed."""

    version = IntegerField(widget=HiddenInput(), default=-1)
    kept = HiddenField()

    def choice(self) -> Kept:
        """The side chosen. Raises ChoiceMissing."""
        if self.kept.data not in list(Kept):
            raise ChoiceMissing
        return Kept(self.kept.data)
