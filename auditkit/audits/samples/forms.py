"""Forms of the samples tab: draw, pick by judgement, and the size calculator (asked by address, nothing is stored)."""

from typing import Any

from wtforms import BooleanField, DateField, FloatField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, Optional

from auditkit.audits import sampling
from auditkit.audits.samples import sizing, words
from auditkit.audits.samples.offering import Offered
from auditkit.audits.sampling import METHOD_TITLES, STRATIFY_TITLES, Method
from auditkit.base.text import _, lazy_
from auditkit.complaints.checking import populations
from auditkit.web.forms import ChoiceField, Form, LineField, TextField

MENDED_BY: dict[type[Exception], str] = {
    sampling.SamplePeriodReversed: "received_to",
    sampling.SampleNumberTooSmall: "size",
    sampling.SampleNumberMissing: "size",
    sampling.SampleTooLarge: "size",
    sampling.TooFewForStrata: "size",
    sampling.TooManyStrata: "by",
    sampling.StrataMissing: "by",
    sampling.SampleReasonMissing: "reason",
    sampling.PickReasonMissing: "reason",
    sampling.PickUnknown: "reference",
    sampling.PickedBefore: "reference",
}


class SamplesForm(Form):
    """A form whose refusals find the field that mends them."""

    mended_by = MENDED_BY


class PartForm(SamplesForm):
    """A part of the register: a period, and its filters."""

    received_from = DateField(
        lazy_("Received from"), [InputRequired(lazy_("Enter the first day on which they were received"))]
    )
    received_to = DateField(
        lazy_("Received up to"), [InputRequired(lazy_("Enter the last day on which they were received"))]
    )
    kind = ChoiceField(lazy_("Kind"))
    stage = ChoiceField(lazy_("Stage"))
    channel = ChoiceField(lazy_("Channel"))
    severity = ChoiceField(lazy_("Severity"))
    category = ChoiceField(lazy_("Category"))
    outcome = ChoiceField(lazy_("Outcome"))
    level = ChoiceField(lazy_("Escalation level"))
    priority = LineField(lazy_("Priority"))
    site = LineField(lazy_("Site"))
    words = LineField(lazy_("Words in it"))
    owner = ChoiceField(lazy_("Owner"))
    deputy = ChoiceField(lazy_("Stands in"))
    due = ChoiceField(lazy_("Due dates"))
    import_run = ChoiceField(lazy_("Brought in by"))
    safety = BooleanField(lazy_("Only those flagged for safety"))
    repeat = BooleanField(lazy_("Only of customers who complained more than once"))

    def __init__(self, offered: Offered, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for name in ("kind", "stage", "severity", "outcome", "level", "due"):
            self[name].choices = words.choices(name)
        people = [(str(number), called) for number, called in offered.people.items()]
        nobody = (populations.NOBODY, words.value_title("owner", populations.NOBODY))
        imports = [(str(number), called) for number, called in offered.imports.items()]
        self.owner.choices = [("", _("Any")), nobody, *people]
        self.deputy.choices = [("", _("Any")), *people]
        self.import_run.choices = [("", _("Any")), *imports]
        for name, used in (("channel", offered.channels), ("category", offered.categories)):
            own = [(value, words.value_title(name, value)) for value in used]
            self[name].choices = [("", _("Any")), *own]

    @property
    def filters(self) -> dict[str, str]:
        """The filters chosen, by name."""
        found = {name: self[name].data or "" for name in populations.FILTERS}
        flags = {name: populations.YES if self[name].data else "" for name in ("safety", "repeat")}
        return {name: str(value) for name, value in {**found, **flags}.items() if value}


class DrawForm(PartForm):
    """Draw a sample. The sized fields carry what the calculator was asked."""

    method = RadioField(lazy_("How it is drawn"), default=Method.CRITICAL_AND_ROOT.value)
    by = ChoiceField(lazy_("Stratified by"))
    size = IntegerField(lazy_("How many"), [Optional()])
    reason = TextField(lazy_("Why this number"))
    sized_confidence = HiddenField()
    sized_tolerable = HiddenField()
    sized_expected = HiddenField()
    sized_for = HiddenField()

    def __init__(self, offered: Offered, *arguments: Any, **more: Any) -> None:
        super().__init__(offered, *arguments, **more)
        self.method.choices = [(method.value, _(title)) for method, title in METHOD_TITLES.items()]
        self.by.choices = [("", _("Choose")), *((by.value, _(title)) for by, title in STRATIFY_TITLES.items())]


class PickForm(SamplesForm):
    """Take a complaint by judgement."""

    reference = LineField(lazy_("Reference of the complaint"))
    reason = TextField(lazy_("Why this one"))


class SizeForm(Form):
    """The size calculator. Rates in per cent; no population: as if without end."""

    class Meta(Form.Meta):
        """Asked by address: nothing is changed, so no token."""

        csrf = False

    confidence = ChoiceField(lazy_("Confidence"), default="95", coerce=int)
    tolerable = FloatField(
        lazy_("Tolerable rate (per cent)"), [InputRequired(lazy_("Enter the rate you could live with"))]
    )
    expected = FloatField(lazy_("Expected rate (per cent)"), [Optional()])
    population = IntegerField(lazy_("Size of the population"), [Optional()])

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.confidence.choices = [(one, _("%(number)s per cent", number=one)) for one in sizing.CONFIDENCES]
