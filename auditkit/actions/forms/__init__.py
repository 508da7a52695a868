"""Forms of actions."""

from auditkit.actions.forms.core import (
    MENDED_BY,
    ActionForm,
    CloseForm,
    CompleteForm,
    VerifyForm,
)

__all__ = [
    "MENDED_BY",
    "ActionForm",
    "CloseForm",
    "CompleteForm",
    "VerifyForm",
]
