"""The form by which an assessor overrides a cell."""

from typing import Any

from wtforms import RadioField
from wtforms.validators import Length

from auditkit.base.text import _, lazy_
from auditkit.readiness.rules import LONGEST_REASON, STATE_TITLES, State
from auditkit.web.forms import TOO_LONG, Form, TextField, required


class OverrideForm(Form):
    """What the cell is said to be, and why. `computed` is left out: the records say so already."""

    state = RadioField(lazy_("What the cell is to say"))
    reason = TextField(
        lazy_("Because"),
        [
            required(lazy_("Write down why the state is another one than the records say")),
            Length(max=LONGEST_REASON, message=TOO_LONG),
        ],
    )

    def __init__(self, computed: State, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        offered = [state for state in State if state is not computed]
        self.state.choices = [(state.value, _(STATE_TITLES[state])) for state in offered]
        self.state.data = self.state.data or offered[0].value
