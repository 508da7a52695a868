"""Forms about findings after they were raised."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired

from auditkit.audits.findings.rules import (
    LONGEST_WORD,
    OUTCOME_TITLES,
    RESPONSE_TITLES,
    ResolutionEmpty,
    ResponseEmpty,
    ResponseKind,
    SpeakerMissing,
)
from auditkit.audits.rules import GRADE_TITLES, Grade
from auditkit.base.text import _, lazy_
from auditkit.web.forms import Form, LineField, TextField

MENDED_BY: dict[type[Exception], str] = {
    ResponseEmpty: "text",
    SpeakerMissing: "said_by",
    ResolutionEmpty: "text",
}


class _FindingsForm(Form):
    mended_by = MENDED_BY


class ResponseForm(_FindingsForm):
    """What the auditee says to a finding."""

    kind = RadioField(lazy_("Answer"), validators=[InputRequired(lazy_("Choose what is said to the finding"))])
    text = TextField(lazy_("In these words"))
    said_by = LineField(lazy_("Said by"))
    in_meeting = BooleanField(lazy_("In the closing meeting"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [(kind.value, _(title)) for kind, title in RESPONSE_TITLES.items()]

    @property
    def chosen(self) -> ResponseKind:
        """The kind chosen."""
        return ResponseKind(self.kind.data)


class ResolutionForm(_FindingsForm):
    """How a dispute ended."""

    outcome = RadioField(lazy_("How the dispute ended"), validators=[InputRequired(lazy_("Choose how it ended"))])
    text = TextField(lazy_("Why"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.outcome.choices = [(outcome.value, _(title)) for outcome, title in OUTCOME_TITLES.items()]


class WordsForm(_FindingsForm):
    """What grades are called here; an empty word is the shipped one."""

    seen = HiddenField()
    major = LineField(lazy_("Instead of “Major nonconformity”"), max_length=LONGEST_WORD)
    minor = LineField(lazy_("Instead of “Minor nonconformity”"), max_length=LONGEST_WORD)
    opportunity = LineField(lazy_("Instead of “Opportunity for improvement”"), max_length=LONGEST_WORD)
    observation = LineField(lazy_("Instead of “Observation”"), max_length=LONGEST_WORD)
    good_practice = LineField(lazy_("Instead of “Good practice”"), max_length=LONGEST_WORD)

    @staticmethod
    def data_of(words: Mapping[Grade, str]) -> dict[str, str]:
        """The words as this form shows them."""
        return {grade.value.replace("-", "_"): words.get(grade, "") for grade in GRADE_TITLES}

    def words(self) -> dict[Grade, str]:
        """What was entered, by grade."""
        return {grade: self[grade.value.replace("-", "_")].data or "" for grade in GRADE_TITLES}
