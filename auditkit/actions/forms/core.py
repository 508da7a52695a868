"""Forms of actions. Choices come in through the constructor; what a verb refuses is shown beside its field."""

from typing import Any

from wtforms import DateField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from auditkit.actions.rules import (
    GRADE_TITLES,
    KIND_MEANINGS,
    KIND_TITLES,
    ORIGIN_TITLES,
    TOLD_ORIGINS,
    BodyNumberTaken,
    BoneMissing,
    CategoryThere,
    CorrectionAhead,
    CostUnreadable,
    CurrencyMissing,
    DisciplineMissing,
    DropReasonMissing,
    FigureMissing,
    FiguresSayNo,
    Grade,
    Kind,
    LimitOutOfRange,
    MethodNameMissing,
    NcDatesReversed,
    NoSuchCause,
    OriginMissing,
    OwnerNotMember,
    PercentOutOfRange,
    ProofMissing,
    ReviewAhead,
    ReviewTextMissing,
    SchemeEnded,
    StepProofMissing,
    TitleMissing,
    TooDeep,
    TooEarly,
    VerificationTextMissing,
    WaitShorterThanWindow,
)
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required

# Which field mends what a verb refuses; everything else is said above the form.
MENDED_BY: dict[type[Exception], str] = {
    BodyNumberTaken: "number",
    BoneMissing: "bone",
    CategoryThere: "title",
    CorrectionAhead: "on",
    CostUnreadable: "cost",
    CurrencyMissing: "currency",
    DisciplineMissing: "method",
    DropReasonMissing: "note",
    FigureMissing: "figure",
    FiguresSayNo: "effective",
    LimitOutOfRange: "amount",
    MethodNameMissing: "method_name",
    NcDatesReversed: "raised_on",
    NoSuchCause: "parent",
    PercentOutOfRange: "value",
    ReviewAhead: "reviewed_on",
    ReviewTextMissing: "text",
    SchemeEnded: "scheme_id",
    StepProofMissing: "note",
    TooDeep: "parent",
    TooEarly: "effective",
    WaitShorterThanWindow: "wait_days",
    TitleMissing: "title",
    OwnerNotMember: "owner_id",
    OriginMissing: "origin_title",
    ProofMissing: "proof",
    VerificationTextMissing: "text",
}


class ActionFormBase(Form):
    """A form whose refusals of a verb stand beside the field that mends them."""

    mended_by = MENDED_BY


class ActionForm(ActionFormBase):
    """Open or change an action; `origin_title` is only asked where nothing gave rise to it that is on record."""

    origin_kind = ChoiceField(lazy_("It comes from"), default="initiative")
    origin_title = LineField(lazy_("What gave rise to it?"), max_length=400)
    grade = ChoiceField(lazy_("Grade"))
    scheme_id = ChoiceField(lazy_("Time limits"), coerce=int)
    kind = RadioField(lazy_("Kind"), default=Kind.CORRECTIVE.value)
    title = LineField(lazy_("What is to be done?"), [required(lazy_("Enter what is to be done, in a few words"))])
    correction = TextField(lazy_("Correction: what was done at once"))
    cause = TextField(lazy_("Cause"))
    plan = TextField(lazy_("Action that removes the cause"))
    owner_id = ChoiceField(lazy_("Owner"), coerce=int)
    due_on = DateField(lazy_("Due"), [InputRequired(lazy_("Enter the day by which it is to be done"))])
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(
        self, owners: list[tuple[int, str]], schemes: list[tuple[int, str]], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.origin_kind.choices = [(one, _(ORIGIN_TITLES[one])) for one in TOLD_ORIGINS]
        self.grade.choices = [(one.value, _(GRADE_TITLES[one])) for one in Grade]
        self.scheme_id.choices = [(0, _("None")), *schemes]
        self.kind.choices = [(kind.value, f"{_(KIND_TITLES[kind])}: {_(KIND_MEANINGS[kind])}") for kind in Kind]
        self.owner_id.choices = owners


class CompleteForm(ActionFormBase):
    """Report an action as done."""

    version = HiddenField()
    proof = TextField(lazy_("What was done, and how it can be seen"))
    files = EvidenceFilesField(lazy_("Files that show it"))


class VerifyForm(ActionFormBase):
    """Record the effect."""

    version = HiddenField()
    effective = RadioField(
        lazy_("Did it have its effect?"), validators=[InputRequired(lazy_("Say whether it had its effect"))]
    )
    text = TextField(
        lazy_("How it was checked and what was seen"),
        [required(lazy_("Say how the effect was checked and what was seen"))],
    )
    files = EvidenceFilesField(lazy_("Files that show it"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.effective.choices = [
            ("yes", _("Yes, it does not come back")),
            ("no", _("No, open the action again")),
        ]


class CloseForm(ActionFormBase):
    """The button that closes a verified action."""

    version = HiddenField()
