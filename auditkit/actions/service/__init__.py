"""Verbs over actions."""

from auditkit.actions.service.core import (
    MANAGE,
    ChangeAction,
    CloseAction,
    CompleteAction,
    OpenAction,
    VerifyAction,
    change,
    close,
    complete,
    open_action,
    verify,
)

__all__ = [
    "MANAGE",
    "ChangeAction",
    "CloseAction",
    "CompleteAction",
    "OpenAction",
    "VerifyAction",
    "change",
    "close",
    "complete",
    "open_action",
    "verify",
]
