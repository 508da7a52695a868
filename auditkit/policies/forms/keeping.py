"""Form of a row of the retention table."""

from collections.abc import Iterable
from typing import Any

from auditkit.base.text import _, lazy_
from auditkit.policies.forms.base import PolicyForm
from auditkit.web.forms import ChoiceField, LineField, TextField


class KeepingForm(PolicyForm):
    """How a record is kept."""

    title = LineField(lazy_("What the record is called"))
    period = LineField(lazy_("Kept for"))
    source = ChoiceField(lazy_("Or as long as this setting says"))
    basis = TextField(lazy_("Ground, such as a law or a contract"))
    place = LineField(lazy_("Where it is kept"))
    keeper = LineField(lazy_("Who keeps it"))
    disposal = LineField(lazy_("What is done with it then"))

    def __init__(self, sources: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.source.choices = [("", _("No setting")), *sources]
