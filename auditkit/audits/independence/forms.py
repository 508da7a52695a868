"""Forms of processes, competence and exceptions. Choices come in through the constructor."""

from typing import Any

from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired, Optional

from auditkit.audits.independence import rules
from auditkit.audits.independence.rules import Ground, Way
from auditkit.audits.rules import KIND_TITLES, AuditKind, NotAnAuditor
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    rules.NameMissing: "name",
    rules.NameTaken: "name",
    rules.ClausesMissing: "clauses",
    rules.OwnershipReversed: "until",
    rules.OwnsAlready: "person_id",
    NotAnAuditor: "person_id",
    rules.WhatMissing: "what",
    rules.EvidenceMissing: "evidence",
    rules.ValidityReversed: "valid_until",
    rules.ReasonMissing: "reason",
    rules.InsteadMissing: "instead",
}


class _Form(Form):
    mended_by = MENDED_BY


class ProcessForm(_Form):
    """A process and the clauses it stands for."""

    name = LineField(lazy_("Process"), [required(lazy_("Enter the name of the process"))])
    description = TextField(lazy_("What belongs to it"))
    clauses = TicksField(lazy_("Clauses"))
    retired = BooleanField(lazy_("No longer used"))

    def __init__(self, clauses: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.clauses.choices = clauses


class OwnerForm(_Form):
    """Who is responsible for a process."""

    person_id = ChoiceField(lazy_("Person"), coerce=int)
    since = DateField(lazy_("Responsible since"), [InputRequired(lazy_("Enter the first day"))])
    until = DateField(lazy_("Until"), [Optional()])

    def __init__(self, people: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.person_id.choices = people


class EndForm(_Form):
    """Until when somebody was responsible."""

    until = DateField(lazy_("Last day"), [InputRequired(lazy_("Enter the last day"))])


class CompetenceForm(_Form):
    """What an auditor is competent in."""

    person_id = ChoiceField(lazy_("Person"), coerce=int)
    audit_kind = ChoiceField(lazy_("Kind of audit"))
    standard = ChoiceField(lazy_("Standard"))
    what = TextField(lazy_("Competent in"), [required(lazy_("Write down what the person is competent in"))])
    evidence = TextField(
        lazy_("What shows it"),
        [required(lazy_("Write down what shows the competence: certificate, course, witnessed audits"))],
    )
    files = EvidenceFilesField(lazy_("Files"))
    valid_from = DateField(lazy_("Valid from"), [InputRequired(lazy_("Enter the first day of validity"))])
    valid_until = DateField(lazy_("Valid until"), [InputRequired(lazy_("Enter the last day of validity"))])

    def __init__(
        self, people: list[tuple[int, str]], standards: list[tuple[str, str]], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.person_id.choices = people
        kinds = [kind for kind in AuditKind if kind is not AuditKind.OUTSIDE]
        self.audit_kind.choices = [("", _("Every kind")), *((kind.value, _(KIND_TITLES[kind])) for kind in kinds)]
        self.standard.choices = [("", _("Every standard")), *standards]


class WithdrawForm(_Form):
    """Why a record is withdrawn."""

    reason = LineField(lazy_("Reason"), [required(lazy_("Write down the reason"))])


class ExceptionForm(_Form):
    """An override or a mitigation. `about` is `3:process:7`, `3:complaint:12` or `3:competence:`, by the person."""

    about = ChoiceField(lazy_("For whom, and what stands in the way"))
    way = ChoiceField(lazy_("How"), default=Way.OVERRIDE.value)
    reason = TextField(
        lazy_("Reason"), [required(lazy_("Write down the reason: it stands in the report of the audit"))]
    )
    instead = TextField(lazy_("What is done instead"))
    reviewer = LineField(lazy_("By whom"))

    def __init__(self, about: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.about.choices = about
        self.way.choices = [
            (Way.OVERRIDE.value, _("Permit it all the same")),
            (Way.MITIGATION.value, _("Nobody else can: something is done instead")),
        ]

    def chosen(self) -> tuple[int, Ground, int | None]:
        """(person, ground, id of the process or complaint)."""
        person, ground, number = str(self.about.data).split(":")
        return int(person), Ground(ground), int(number) if number else None


class SettleForm(_Form):
    """What came of what was done instead."""

    outcome = TextField(lazy_("What came of it"), [required(lazy_("Write down what came of it"))])
