"""Forms of signing. Choices come in through the constructor; what a verb refuses is shown beside its field."""

from collections.abc import Mapping
from typing import Any

from wtforms import PasswordField
from wtforms.validators import InputRequired

from auditkit.accounts.proving import NotFresh, WrongPassword
from auditkit.audits.rules import (
    ConclusionMissing,
    CriterionMissing,
    GapSaysNonconformity,
    Grade,
    GradedTooLow,
    ObjectiveEvidenceMissing,
    StatementMissing,
)
from auditkit.audits.signing.queries import TEXTS, Texts
from auditkit.audits.signing.rules import AmendmentReasonMissing, AuditeeIsAuditor, NameDiffers, NotAMember
from auditkit.base.text import lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, TextField

MENDED_BY: dict[type[Exception], str] = {
    NameDiffers: "typed_name",
    WrongPassword: "password",
    NotFresh: "typed_name",
    AmendmentReasonMissing: "reason",
    AuditeeIsAuditor: "person_id",
    NotAMember: "person_id",
    ConclusionMissing: "conclusion",
    StatementMissing: "statement",
    CriterionMissing: "criterion",
    ObjectiveEvidenceMissing: "evidence",
    GradedTooLow: "grade_reason",
    GapSaysNonconformity: "grade_reason",
}


def field_of(text: str) -> str:
    """The field for a text of the report: `process` is a word of the forms library."""
    return "went" if text == "process" else text


class _SigningForm(Form):
    mended_by = MENDED_BY


class _NamedForm(_SigningForm):
    """A form that ends in a signature: the name is typed, and the password entered where the person has one."""

    typed_name = LineField(lazy_("Your name"), [InputRequired(lazy_("Type your name to sign"))])
    password = PasswordField(lazy_("Your password"))

    def __init__(self, *arguments: Any, has_password: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not has_password:
            del self.password


class _Texts(Form):
    """What a report says beside answers and findings."""

    client = TextField(lazy_("Client of the audit"))
    went = TextField(lazy_("How the audit went"))
    obstacles = TextField(lazy_("Obstacles, and departures from the plan"))
    diverging = TextField(lazy_("Diverging opinions that were not settled"))
    follow_up = TextField(lazy_("Follow-up agreed on"))
    confidentiality = TextField(lazy_("Confidentiality"))
    distribution = TextField(lazy_("Who gets the report"))


class TextsForm(_Texts, _SigningForm):
    """What the report says beside answers and findings."""

    def texts(self) -> Texts:
        """What was written."""
        return Texts(**{name: self[field_of(name)].data or "" for name in TEXTS})


class AuditeeForm(_SigningForm):
    """Who answers for what is audited."""

    person_id = ChoiceField(lazy_("Representative of the auditee"), coerce=int)

    def __init__(self, people: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.person_id.choices = people


class SignForm(_NamedForm):
    """Sign the report."""


class AcknowledgeForm(_SigningForm):
    """The auditee acknowledges the report."""

    typed_name = LineField(lazy_("Your name"), [InputRequired(lazy_("Type your name to acknowledge"))])
    remark = TextField(lazy_("Remark"))


class AmendFindingForm(_NamedForm):
    """Change a finding of a signed report."""

    grade = ChoiceField(lazy_("Grade"))
    statement = TextField(lazy_("Statement"))
    criterion = TextField(lazy_("Requirement"))
    evidence = TextField(lazy_("Objective evidence"))
    grade_reason = TextField(lazy_("Why this is not filed as a nonconformity"))
    reason = TextField(lazy_("Why the signed report changes"))

    def __init__(self, grades: Mapping[Grade, str], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.grade.choices = [(grade.value, title) for grade, title in grades.items()]


class AmendReportForm(_Texts, _NamedForm):
    """Change the conclusion or the words of a signed report."""

    conclusion = TextField(lazy_("Conclusion"))
    reason = TextField(lazy_("Why the signed report changes"))
