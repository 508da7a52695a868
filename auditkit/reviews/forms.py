"""Forms of management reviews. Choices come in through the constructor; refusals stand beside their field."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, PasswordField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from auditkit.accounts.proving import NotFresh, WrongPassword
from auditkit.base.text import lazy_
from auditkit.content.shapes import AgendaItem
from auditkit.reviews import rules
from auditkit.reviews.queries import GuestView, NoteView
from auditkit.reviews.rules import ATTENDANCE_TITLES, LONGEST_TEXT, Attendance
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required

MENDED_BY: dict[type[Exception], str] = {
    rules.TitleMissing: "title",
    rules.PeriodReversed: "period_to",
    rules.PeriodTooLong: "period_from",
    rules.PeriodAhead: "period_to",
    rules.ChairUnknown: "chair_id",
    rules.NameMissing: "name",
    rules.InvitedTwice: "name",
    rules.HeldInFuture: "held_on",
    rules.HeldBeforeInputs: "held_on",
    rules.DecisionTextMissing: "text",
    rules.DueBeforeReview: "due_on",
    rules.OwnerUnknown: "owner_id",
    rules.NameDiffers: "typed_name",
    rules.IntervalUnfit: "every_months",
    rules.AheadUnfit: "ahead_days",
    WrongPassword: "password",
    NotFresh: "typed_name",
}
_A_DAY = lazy_("Enter a day such as 2026-03-31")


class ReviewForm(Form):
    """Base of these forms."""

    mended_by = MENDED_BY


class PlanForm(ReviewForm):
    """The plan of a review."""

    title = LineField(lazy_("Title"), [required(lazy_("Enter a title for the review"))])
    planned_on = DateField(lazy_("Day of the review"), [InputRequired(_A_DAY)])
    period_from = DateField(lazy_("Looks at the time from"), [InputRequired(_A_DAY)])
    period_to = DateField(lazy_("to"), [InputRequired(_A_DAY)])
    chair_id = ChoiceField(lazy_("Chair, of top management"), coerce=int)
    place = LineField(lazy_("Place or link"))
    agenda = ChoiceField(lazy_("Agenda"))
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(
        self, chairs: Sequence[tuple[int, str]], agendas: Sequence[tuple[str, str]], *arguments: Any, **more: Any
    ) -> None:
        super().__init__(*arguments, **more)
        self.chair_id.choices = list(chairs)
        if agendas:
            self.agenda.choices = list(agendas)
        else:
            del self.agenda


class InviteForm(ReviewForm):
    """Somebody for the list: a member, or a name."""

    person_id = ChoiceField(lazy_("Member of the organisation"), coerce=int)
    name = LineField(lazy_("Or a name, for people without an account"))
    function = LineField(lazy_("Function"))
    top_management = BooleanField(lazy_("Belongs to top management"))

    def __init__(self, people: Sequence[tuple[int, str]], *arguments: Any, nobody: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.person_id.choices = [(0, nobody), *people]


class HoldForm(ReviewForm):
    """The day on which a review was held."""

    held_on = DateField(lazy_("Held on"), [InputRequired(_A_DAY)])


class DecideForm(ReviewForm):
    """A decision with its owner and day."""

    text = TextField(lazy_("What was decided"), [required(lazy_("Write what was decided"))])
    owner_id = ChoiceField(lazy_("Owner"), coerce=int)
    due_on = DateField(lazy_("To be done by"), [InputRequired(_A_DAY)])

    def __init__(self, people: Sequence[tuple[int, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.owner_id.choices = list(people)


class SignForm(ReviewForm):
    """The chair's signature: the name is typed, and the password entered where the person has one."""

    typed_name = LineField(lazy_("Your name"), [InputRequired(lazy_("Type your name to sign"))])
    password = PasswordField(lazy_("Your password"))

    def __init__(self, *arguments: Any, has_password: bool, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if not has_password:
            del self.password


class IntervalForm(ReviewForm):
    """How often the organisation reviews."""

    every_months = IntegerField(
        lazy_("Months from one review to the next"), [InputRequired(lazy_("Enter from 1 to 24 months"))]
    )
    ahead_days = IntegerField(lazy_("Remind this many days before"), [InputRequired(lazy_("Enter from 0 to 120 days"))])
    first_on = DateField(lazy_("The first review is due on"), [Optional()])


def words_field(item_id: str) -> str:
    """The field for what is written under an item."""
    return f"words-{item_id}"


def seen_field(item_id: str) -> str:
    """The field that says which version of it the person saw."""
    return f"seen-{item_id}"


def minutes_form(items: Sequence[AgendaItem], written: dict[str, NoteView]) -> ReviewForm:
    """One form for the words under all items: leaving it with one button keeps all of them."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for item in items:
        fields[words_field(item.id)] = TextField(item.title, max_length=LONGEST_TEXT)
        fields[seen_field(item.id)] = IntegerField(widget=HiddenInput(), default=0)
        note = written.get(item.id)
        data |= {words_field(item.id): note.text if note else "", seen_field(item.id): note.version if note else 0}
    made: ReviewForm = type("MinutesForm", (ReviewForm,), fields)(data=data)
    return made


def state_field(guest_id: int) -> str:
    """The field for whether a guest came."""
    return f"state-{guest_id}"


def note_field(guest_id: int) -> str:
    """The field for why a guest was excused."""
    return f"note-{guest_id}"


def attendance_form(guests: Sequence[GuestView]) -> ReviewForm:
    """One form for the whole list."""
    choices = [(one.value, lazy_(title)) for one, title in ATTENDANCE_TITLES.items()]
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for guest in guests:
        fields[state_field(guest.id)] = ChoiceField(guest.name)
        fields[note_field(guest.id)] = LineField(lazy_("Why excused"))
        data |= {state_field(guest.id): guest.state.value, note_field(guest.id): guest.note}
    made: ReviewForm = type("AttendanceForm", (ReviewForm,), fields)(data=data)
    for guest in guests:
        made[state_field(guest.id)].choices = choices
    return made


def attendance_of(form: ReviewForm, guests: Sequence[GuestView]) -> dict[int, tuple[Attendance, str]]:
    """What the form says of each guest."""
    return {one.id: (Attendance(form[state_field(one.id)].data), form[note_field(one.id)].data or "") for one in guests}
