"""Forms of audits. Choices come in through the constructor; what a verb refuses is shown beside its field."""

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from auditkit.audits.rules import (
    METHOD_TITLES,
    STRENGTH_TITLES,
    ConclusionMissing,
    CriterionMissing,
    DatesReversed,
    GapMissing,
    GapSaysNonconformity,
    Grade,
    GradedTooLow,
    LeadMissing,
    Method,
    NotAnAuditor,
    ObjectiveEvidenceMissing,
    ObjectivesMissing,
    PersonTwice,
    ScopeMissing,
    StatementMissing,
    TeamRole,
    TitleMissing,
)
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.evidence.rules import UploadsRefused
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    TitleMissing: "title",
    ObjectivesMissing: "objectives",
    ScopeMissing: "scope",
    DatesReversed: "planned_to",
    LeadMissing: "lead",
    NotAnAuditor: "lead",
    PersonTwice: "auditors",
    StatementMissing: "statement",
    CriterionMissing: "criterion",
    ObjectiveEvidenceMissing: "evidence",
    ConclusionMissing: "conclusion",
    GapMissing: "gap",
    GradedTooLow: "grade_reason",
    GapSaysNonconformity: "grade_reason",
}


class _AuditForm(Form):
    def refuse_verb(self, error: Exception) -> None:
        """Show what a verb refused, beside the field that mends it where the form has it."""
        if isinstance(error, UploadsRefused) and "files" in self:
            for refusal in error.refusals:
                self.refuse("files", refusal)
            return
        field = MENDED_BY.get(type(error), "")
        self.refuse(field if field in self else "", error)


class _People(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PlanForm(_AuditForm):
    """Plan an audit."""

    title = LineField(lazy_("Title"), [required(lazy_("Enter a title for the audit"))])
    checklist_id = ChoiceField(lazy_("Checklist"))
    edition_id = ChoiceField(lazy_("Standard"))
    objectives = TextField(lazy_("Objectives"), [required(lazy_("Enter what the audit is to find out"))])
    scope = TextField(lazy_("Scope"), [required(lazy_("Enter what is audited: processes, sites, period"))])
    criteria = TextField(lazy_("Further criteria"))
    planned_from = DateField(lazy_("First day"), [InputRequired(lazy_("Enter the first day of the audit"))])
    planned_to = DateField(lazy_("Last day"), [InputRequired(lazy_("Enter the last day of the audit"))])
    method = RadioField(lazy_("Method"), default=Method.ON_SITE.value)
    places = TextField(lazy_("Whom and where"))
    lead = ChoiceField(lazy_("Lead auditor"), coerce=int)
    auditors = _People(lazy_("Auditors"), coerce=int)
    observers = _People(lazy_("Observers"), coerce=int)
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(
        self,
        checklists: list[tuple[str, str]],
        editions: list[tuple[str, str]],
        auditors: list[tuple[int, str]],
        people: list[tuple[int, str]],
        *arguments: Any,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.checklist_id.choices = checklists
        self.edition_id.choices = [("", _("The one the checklist is about")), *editions]
        self.method.choices = [(method.value, _(METHOD_TITLES[method])) for method in Method]
        self.lead.choices = auditors
        self.auditors.choices = auditors
        self.observers.choices = people

    def team(self) -> tuple[tuple[int, TeamRole], ...]:
        """The people chosen, each with a role; the lead auditor ticked among the auditors again is one person still."""
        lead = self.lead.data
        return (
            (lead, TeamRole.LEAD),
            *((person, TeamRole.AUDITOR) for person in self.auditors.data or [] if person != lead),
            *((person, TeamRole.OBSERVER) for person in self.observers.data or []),
        )


class VersionForm(_AuditForm):
    """A button that says which state of the audit the person was looking at."""

    version = HiddenField()


class AnswerForm(_AuditForm):
    """One row of the run page. `answer` is the value of the button that was pressed, empty for “Save”."""

    version = IntegerField(default=-1)
    answer = HiddenField()
    note = TextField()
    files = EvidenceFilesField()


class FindingForm(_AuditForm):
    """Raise or change a finding. `gap` is for the wording helper: what is missing, when the statement is put together."""

    grade = RadioField(lazy_("Grade"), validators=[InputRequired(lazy_("Choose how grave the finding is"))])
    clause = ChoiceField(lazy_("Clause"))
    criterion = TextField(lazy_("Requirement"))
    strength = ChoiceField(lazy_("Strength of the requirement"))
    evidence = TextField(lazy_("Objective evidence"))
    gap = TextField(lazy_("Gap"))
    statement = TextField(lazy_("Statement"))
    grade_reason = TextField(lazy_("Why this is not filed as a nonconformity"))
    principles = _People(lazy_("Principles"))
    files = EvidenceFilesField(lazy_("Files"))
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(
        self,
        clauses: list[tuple[str, str]],
        grades: Mapping[Grade, str],
        principles: list[tuple[str, str]],
        *arguments: Any,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.grade.choices = [(grade.value, grades[grade]) for grade in Grade]
        self.clause.choices = [("", _("No clause of a standard")), *clauses]
        self.strength.choices = [
            ("", _("As the clause says; an own rule without one")),
            *((name, _(title)) for name, title in STRENGTH_TITLES.items()),
        ]
        self.principles.choices = principles
        if not principles:
            del self.principles


class ReportForm(_AuditForm):
    """Finish the audit."""

    conclusion = TextField(lazy_("Conclusion"), [required(lazy_("Write the conclusion of the audit first"))])
