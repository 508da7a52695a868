"""The form of sharing: what a redacted pack shows of a file, why, and the copy."""

from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.evidence.sharing.rules import (
    MAX_NOTE_CHARACTERS,
    TITLES,
    CopyIsTheFile,
    CopyMissing,
    ReasonMissing,
)
from auditkit.web.forms import ChoiceField, Form, TextField

MENDED_BY: dict[type[Exception], str] = {ReasonMissing: "reason", CopyMissing: "files", CopyIsTheFile: "files"}


class SharingForm(Form):
    """Decide what of a file a redacted pack shows."""

    mended_by = MENDED_BY

    sharing = ChoiceField(lazy_("A redacted pack shows"))
    reason = TextField(lazy_("Why"), max_length=MAX_NOTE_CHARACTERS)
    files = EvidenceFilesField(lazy_("The redacted copy"))

    def __init__(self, *arguments: object, **more: object) -> None:
        super().__init__(*arguments, **more)
        self.sharing.choices = [(choice.value, _(title)) for choice, title in TITLES.items()]
