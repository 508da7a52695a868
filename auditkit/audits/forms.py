"""Forms of audits. Choices come in through the constructor; what a verb refuses is shown beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import DateField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from auditkit.audits.independence.rules import NotCompetent, NotResponsible, OwnException
from auditkit.audits.rules import (
    KIND_TITLES,
    METHOD_TITLES,
    STRENGTH_TITLES,
    AuditeeMissing,
    AuditKind,
    ConclusionMissing,
    CriterionMissing,
    DatesReversed,
    FollowedMissing,
    GapMissing,
    GapSaysNonconformity,
    Grade,
    GradedTooLow,
    GuidelinesUnknown,
    LeadMissing,
    Method,
    NotAnAuditor,
    ObjectiveEvidenceMissing,
    ObjectivesMissing,
    PersonTwice,
    RemoteRiskMissing,
    ScopeMissing,
    StatementMissing,
    TeamReasonMissing,
    TeamRole,
    TitleMissing,
    VirtualOnSite,
)
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    TitleMissing: "title",
    ObjectivesMissing: "objectives",
    ScopeMissing: "scope",
    DatesReversed: "planned_to",
    LeadMissing: "lead",
    NotAnAuditor: "lead",
    PersonTwice: "auditors",
    AuditeeMissing: "auditee",
    FollowedMissing: "followed",
    GuidelinesUnknown: "guidelines",
    RemoteRiskMissing: "remote_risk",
    VirtualOnSite: "method",
    TeamReasonMissing: "reason",
    NotCompetent: "lead",
    OwnException: "competence_reason",
    NotResponsible: "competence_reason",
    StatementMissing: "statement",
    CriterionMissing: "criterion",
    ObjectiveEvidenceMissing: "evidence",
    ConclusionMissing: "conclusion",
    GapMissing: "gap",
    GradedTooLow: "grade_reason",
    GapSaysNonconformity: "grade_reason",
}


class _AuditForm(Form):
    mended_by = MENDED_BY


class _TeamForm(_AuditForm):
    """Who audits."""

    lead = ChoiceField(lazy_("Lead auditor"), coerce=int)
    auditors = TicksField(lazy_("Auditors"), coerce=int)
    experts = TicksField(lazy_("Technical experts"), coerce=int)
    observers = TicksField(lazy_("Observers"), coerce=int)
    version = IntegerField(widget=HiddenInput(), default=0)

    def offer_people(self, auditors: list[tuple[int, str]], people: list[tuple[int, str]]) -> None:
        """Fill the choices: lead and auditors may run audits, experts and observers are any members."""
        self.lead.choices = auditors
        self.auditors.choices = auditors
        self.experts.choices = people
        self.observers.choices = people

    def team(self) -> tuple[tuple[int, TeamRole], ...]:
        """The people chosen, each with a role; the lead auditor ticked among the auditors again is one person still."""
        lead = self.lead.data
        return (
            (lead, TeamRole.LEAD),
            *((person, TeamRole.AUDITOR) for person in self.auditors.data or [] if person != lead),
            *((person, TeamRole.EXPERT) for person in self.experts.data or []),
            *((person, TeamRole.OBSERVER) for person in self.observers.data or []),
        )


class TeamForm(_TeamForm):
    """Change the team of an audit."""

    reason = TextField(lazy_("Why the team changes"), [required(lazy_("Write down why the team changes"))])


@dataclass(frozen=True)
class Offered:
    """What a plan can be made of: (id, title) pairs. `policies` have their version in id and title."""

    checklists: list[tuple[str, str]]
    editions: list[tuple[str, str]]
    guidelines: list[tuple[str, str]]
    policies: list[tuple[str, str]]
    followed: list[tuple[str, str]]
    auditors: list[tuple[int, str]]
    people: list[tuple[int, str]]


class PlanForm(_TeamForm):
    """Plan an audit."""

    title = LineField(lazy_("Title"), [required(lazy_("Enter a title for the audit"))])
    kind = ChoiceField(lazy_("Kind of audit"), default=AuditKind.INTERNAL.value)
    auditee = TextField(lazy_("Supplier, dealer or department that is audited"))
    followed = ChoiceField(lazy_("Audit that is followed up"), default="")
    checklist_id = ChoiceField(lazy_("Checklist"))
    edition_id = ChoiceField(lazy_("Standard"))
    standards = TicksField(lazy_("Further standards"))
    policies = TicksField(lazy_("Own policies"))
    objectives = TextField(lazy_("Objectives"), [required(lazy_("Enter what the audit is to find out"))])
    scope = TextField(lazy_("Scope"), [required(lazy_("Enter what is audited: processes, sites, period"))])
    laws = TextField(lazy_("Laws and regulations"))
    contracts = TextField(lazy_("Contracts"))
    schemes = TextField(lazy_("Schemes and codes of conduct"))
    criteria = TextField(lazy_("Other criteria"))
    guidelines = ChoiceField(lazy_("Conducted after"))
    sampling = TextField(lazy_("How samples are taken"))
    planned_from = DateField(lazy_("First day"), [InputRequired(lazy_("Enter the first day of the audit"))])
    planned_to = DateField(lazy_("Last day"), [InputRequired(lazy_("Enter the last day of the audit"))])
    method = RadioField(lazy_("Method"), default=Method.ON_SITE.value)
    remote_risk = TextField(lazy_("Technology for remote work: what was checked"))
    places = TextField(lazy_("Places"))
    virtual_places = TextField(lazy_("Virtual places"))
    interviewees = TextField(lazy_("Who is interviewed"))
    language = LineField(lazy_("Languages"))
    confidentiality = TextField(lazy_("Confidentiality"))
    logistics = TextField(lazy_("Logistics"))
    follow_up = TextField(lazy_("Follow-up"))
    distribution = TextField(lazy_("Who receives plan and report"))
    competence_reason = TextField(lazy_("Why somebody is taken without a current competence record"))

    def __init__(self, offered: Offered, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [(kind.value, _(title)) for kind, title in KIND_TITLES.items()]
        self.followed.choices = [("", _("None")), *offered.followed]
        self.checklist_id.choices = offered.checklists
        self.edition_id.choices = [("", _("The one the checklist is about")), *offered.editions]
        self.standards.choices = offered.editions
        self.policies.choices = offered.policies
        self.guidelines.choices = [*offered.guidelines, ("", _("No guidelines named"))]
        self.method.choices = [(method.value, _(METHOD_TITLES[method])) for method in Method]
        self.offer_people(offered.auditors, offered.people)


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
    """Raise or change a finding. `gap` is for the wording helper: what is missing, where it makes the statement."""

    grade = RadioField(lazy_("Grade"), validators=[InputRequired(lazy_("Choose how grave the finding is"))])
    clause = ChoiceField(lazy_("Clause"))
    criterion = TextField(lazy_("Requirement"))
    strength = ChoiceField(lazy_("Strength of the requirement"))
    evidence = TextField(lazy_("Objective evidence"))
    gap = TextField(lazy_("Gap"))
    statement = TextField(lazy_("Statement"))
    grade_reason = TextField(lazy_("Why this is not filed as a nonconformity"))
    principles = TicksField(lazy_("Principles"))
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
