"""Forms of audits recorded from outside."""

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, RadioField
from wtforms.validators import InputRequired, Optional

from auditkit.audits.outside import rules
from auditkit.audits.outside.rules import ACCREDITED_TITLES, Accredited
from auditkit.audits.rules import (
    CriterionMissing,
    Grade,
    ObjectiveEvidenceMissing,
    StatementMissing,
)
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required

MENDED_BY: dict[type[Exception], str] = {
    rules.BodyMissing: "body",
    rules.TheirNumberMissing: "their_number",
    rules.TheirNumberTaken: "their_number",
    StatementMissing: "statement",
    CriterionMissing: "criterion",
    ObjectiveEvidenceMissing: "evidence",
}


class _Form(Form):
    mended_by = MENDED_BY


class BodyForm(_Form):
    """Who did the audit."""

    body = LineField(lazy_("Certification body"), [required(lazy_("Enter the name of the certification body"))])
    reference = LineField(lazy_("Their number of the audit"), max_length=100)
    auditors = TextField(lazy_("Their auditors"))
    accredited = ChoiceField(lazy_("Accreditation"), default=Accredited.UNKNOWN.value)
    accreditation = LineField(lazy_("Accreditation body and scope"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.accredited.choices = [(one.value, _(title)) for one, title in ACCREDITED_TITLES.items()]


class OutsideFindingForm(_Form):
    """A finding as the body gave it."""

    their_number = LineField(
        lazy_("Their number"),
        [required(lazy_("Enter the number the certification body gave the finding"))],
        max_length=60,
    )
    grade = RadioField(lazy_("Grade"), validators=[InputRequired(lazy_("Choose how grave the finding is"))])
    clause = ChoiceField(lazy_("Clause"))
    criterion = TextField(lazy_("Requirement"))
    statement = TextField(lazy_("Statement"), [required(lazy_("Copy the statement of the finding"))])
    evidence = TextField(lazy_("Objective evidence"))
    response_due = DateField(lazy_("Response due"), [Optional()])
    files = EvidenceFilesField(lazy_("Files"))

    def __init__(
        self, clauses: list[tuple[str, str]], grades: Mapping[Grade, str], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.grade.choices = [(grade.value, title) for grade, title in grades.items()]
        self.clause.choices = [("", _("No clause of a standard")), *clauses]


class ResponseForm(_Form):
    """When the response went out."""

    responded_on = DateField(lazy_("Responded on"), [InputRequired(lazy_("Enter the day"))])
