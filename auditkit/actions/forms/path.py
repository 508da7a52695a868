"""Forms of the path: correction, extent, causes, steps, criterion."""

from typing import Any

from wtforms import DateField, FloatField, HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from auditkit.actions.forms.core import ActionFormBase
from auditkit.actions.rules import (
    BONE_TITLES,
    LONGEST_CAUSE,
    LONGEST_WAIT,
    METHOD_TITLES,
    WANTED_TITLES,
    WINDOWS,
    CauseMethod,
)
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, LineField, TextField, TicksField, required


class CorrectionForm(ActionFormBase):
    """What was put right at once."""

    version = HiddenField()
    what = TextField(lazy_("What was put right"), [required(lazy_("Say what was put right"))])
    by = ChoiceField(lazy_("By whom"), coerce=int)
    on = DateField(lazy_("On which day"), [InputRequired(lazy_("Enter the day on which it was done"))])
    proof = TextField(lazy_("How it can be seen"))
    files = EvidenceFilesField(lazy_("Files that show it"))

    def __init__(self, people: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.by.choices = people


class ExtentForm(ActionFormBase):
    """Where else?"""

    version = HiddenField()
    looked = TextField(lazy_("Where else you looked"), [required(lazy_("Say where else you looked"))])
    found = TextField(
        lazy_("What you found there"), [required(lazy_("Say what you found; “nothing found” is a result too"))]
    )


class CauseLineForm(ActionFormBase):
    """A line of the analysis. `parent` 0: at the top."""

    method = HiddenField()
    bone = ChoiceField(lazy_("Bone"))
    parent = ChoiceField(lazy_("Answers “why?” of"), coerce=int)
    text = LineField(lazy_("Cause"), [required(lazy_("Write the cause in a few words"))], max_length=LONGEST_CAUSE)

    def __init__(self, parents: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.parent.choices = [(0, _("Nothing yet: it stands at the top")), *parents]
        self.bone.choices = [("", _("As the line above it")), *((str(one), _(BONE_TITLES[one])) for one in BONE_TITLES)]


class DisciplineForm(ActionFormBase):
    """One part of the 8D report."""

    text = TextField(lazy_("Text"))


class SettleForm(ActionFormBase):
    """The cause in words, and how it was found."""

    version = HiddenField()
    method = RadioField(lazy_("Found by"))
    method_name = LineField(lazy_("Name of the other method"))
    roots = TicksField(lazy_("Root causes among the lines"), coerce=int)
    cause = TextField(lazy_("Cause"), [required(lazy_("Write down the cause that the plan removes"))])
    category = ChoiceField(lazy_("Category"), coerce=int)

    def __init__(
        self, lines: list[tuple[int, str]], categories: list[tuple[int, str]], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.method.choices = [(one.value, _(METHOD_TITLES[one])) for one in CauseMethod]
        self.roots.choices = lines
        self.category.choices = [(0, _("None")), *categories]


class StepForm(ActionFormBase):
    """A step of the plan."""

    version = HiddenField()
    title = LineField(
        lazy_("What is to be done"), [required(lazy_("Say what is to be done in this step"))], max_length=300
    )
    owner_id = ChoiceField(lazy_("Owner"), coerce=int)
    due_on = DateField(lazy_("Due"), [InputRequired(lazy_("Enter the day by which the step is to be done"))])
    cost = LineField(lazy_("Cost"), max_length=20)
    currency = LineField(lazy_("Currency"), max_length=3)

    def __init__(self, people: list[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.owner_id.choices = people


class EndStepForm(ActionFormBase):
    """Report a step as done, or drop it."""

    version = HiddenField()
    ending = RadioField(lazy_("What happens to it?"), default="done")
    note = TextField(lazy_("How it can be seen, or why it is dropped"))
    files = EvidenceFilesField(lazy_("Files that show it"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.ending.choices = [("done", _("It is done")), ("dropped", _("It is dropped"))]


class CriterionForm(ActionFormBase):
    """By what the effect will be judged."""

    version = HiddenField()
    text = TextField(
        lazy_("By what will somebody else see that it worked?"), [required(lazy_("State by what it will be judged"))]
    )
    wait_days = IntegerField(
        lazy_("Waiting time in days after it is done"),
        [InputRequired(lazy_("Enter the waiting time in days; 0 for none")), NumberRange(min=0, max=LONGEST_WAIT)],
        default=30,
    )
    wanted = RadioField(lazy_("Figures"), default="")
    figure = ChoiceField(lazy_("Which figure"))
    value = FloatField(lazy_("What it must come to"), [Optional()])
    window_days = ChoiceField(lazy_("Over how many days, before and after"), coerce=int, default=30)

    def __init__(self, figures: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.wanted.choices = [(one.value, _(title)) for one, title in WANTED_TITLES.items()]
        self.figure.choices = [("", _("None")), *figures]
        self.window_days.choices = [(one, str(one)) for one in WINDOWS]


class ReadyForm(ActionFormBase):
    """The button that says the plan is ready."""

    version = HiddenField()
