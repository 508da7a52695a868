"""Forms of the audit programme. Choices come in through the constructor."""

from typing import Any

from wtforms import DateField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from auditkit.audits.programme import rules
from auditkit.audits.rules import KIND_TITLES, METHOD_TITLES, AuditeeMissing, AuditKind, Method
from auditkit.base.text import _, lazy_
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    rules.ProgrammeObjectivesMissing: "objectives",
    rules.YearOutsideCycle: "cycle_from",
    rules.ResponsibleUnknown: "responsible_id",
    rules.RiskHalf: "risks",
    rules.ConclusionsMissing: "conclusions",
    rules.HeldInFuture: "held_on",
    rules.ItemTitleMissing: "title",
    rules.ItemDatesReversed: "last_on",
    rules.FirstTooEarly: "first_on",
    rules.ItemSpanUnfit: "days",
    rules.AheadUnfit: "ahead_days",
    rules.EveryUnknown: "every_months",
    rules.LeadUnknown: "lead_id",
    rules.KindNotPlannedAhead: "kind",
    rules.ClausesElsewhere: "clauses",
    AuditeeMissing: "auditee",
}


class _ProgrammeForm(Form):
    mended_by = MENDED_BY


class ProgrammeForm(_ProgrammeForm):
    """The programme of a year."""

    cycle_from = IntegerField(
        lazy_("First year of the cycle of three years"), [InputRequired(lazy_("Enter the first year of the cycle"))]
    )
    responsible_id = ChoiceField(lazy_("Responsible for the programme"), coerce=int)
    objectives = TextField(lazy_("Objectives"), [required(lazy_("Enter what the programme is to reach"))])
    scope = TextField(lazy_("Scope"))
    methods = TextField(lazy_("Audit methods"))
    resources = TextField(lazy_("Resources"))
    risks = TextField(lazy_("Risks and opportunities"))
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, people: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.responsible_id.choices = people


class ReviewForm(_ProgrammeForm):
    """A review of the programme."""

    held_on = DateField(lazy_("Held on"), [InputRequired(lazy_("Enter the day on which the review was held"))])
    participants = TextField(lazy_("Who took part"))
    conclusions = TextField(lazy_("Conclusions"), [required(lazy_("Write down what the review concluded"))])
    changes = TextField(lazy_("What changes in the programme"))


class ItemForm(_ProgrammeForm):
    """An audit of the programme."""

    title = LineField(lazy_("Title"), [required(lazy_("Enter a title for the audit"))])
    kind = ChoiceField(lazy_("Kind of audit"), default=AuditKind.INTERNAL.value)
    auditee = TextField(lazy_("Supplier, dealer or department that is audited"))
    objectives = TextField(lazy_("Objectives"), [required(lazy_("Enter what the audit is to find out"))])
    scope = TextField(lazy_("Scope"), [required(lazy_("Enter what is audited: processes, sites, period"))])
    checklist_id = ChoiceField(lazy_("Checklist"))
    clauses = TicksField(lazy_("Only these clauses"))
    method = RadioField(lazy_("Method"), default=Method.ON_SITE.value)
    lead_id = ChoiceField(lazy_("Lead auditor"), coerce=int)
    first_on = DateField(lazy_("First day of the first audit"), [InputRequired(lazy_("Enter the first day"))])
    every_months = ChoiceField(lazy_("How often"), coerce=int, default=12)
    last_on = DateField(lazy_("No period begins after"), [Optional()])
    days = IntegerField(lazy_("Length in days"), [InputRequired(lazy_("Enter a length from 1 to 60 days"))], default=1)
    ahead_days = IntegerField(
        lazy_("Planned so many days ahead"), [InputRequired(lazy_("Enter from 0 to 365 days"))], default=30
    )
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(
        self,
        checklists: list[tuple[str, str]],
        clauses: list[tuple[str, str]],
        leads: list[tuple[int, str]],
        *arguments: Any,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        planned = [kind for kind in AuditKind if kind not in (AuditKind.FOLLOW_UP, AuditKind.OUTSIDE)]
        self.kind.choices = [(kind.value, _(KIND_TITLES[kind])) for kind in planned]
        self.checklist_id.choices = checklists
        self.clauses.choices = clauses
        self.lead_id.choices = leads
        self.method.choices = [(method.value, _(METHOD_TITLES[method])) for method in Method]
        self.every_months.choices = [(months, _(title)) for months, title in rules.EVERY_TITLES.items()]
