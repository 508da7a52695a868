"""The form field that takes evidence files, for the forms of every slice; shown by `evidence/_attach.html`."""

from typing import Any

from flask_wtf.file import MultipleFileField

from auditkit.base.text import lazy_


class EvidenceFilesField(MultipleFileField):
    """Any number of files; hand `field.data` to `intake.receive_uploads`."""

    def __init__(self, label: Any = None, validators: Any = (), **more: Any) -> None:
        super().__init__(label or lazy_("Files"), validators, **more)
