"""Errors a person may see. Each carries a message id and its parameters and says what to do.

The web answers NotFound with 404, Forbidden 403, Conflict 409, the rest beside the form; the command line exits
with 2 for BadInput and 1 for the others.
"""

from typing import Any, ClassVar

from auditkit.base.text import N_, _


class AuditkitError(Exception):
    """Base of every error that is meant for a person.

    Subclasses set `message` (a gettext message id with `%(name)s` placeholders); raise them with the parameters.
    """

    message: str = N_("Something went wrong")
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str | None = None, **params: Any) -> None:
        super().__init__(message or self.message)
        if message is not None:
            self.message = message
        self.params = params

    def __str__(self) -> str:
        return _(self.message, **self.params)


class Several:
    """A mixin for errors that refuse several things at once; `refusals` has one error each."""

    refusals: tuple[AuditkitError, ...]


class BadInput(AuditkitError):
    """What was handed in cannot be used; `place` says where the fault is (file:line, row, cell, tag)."""

    message = N_("This cannot be read")
    exit_code = 2

    def __init__(self, message: str | None = None, place: str | None = None, **params: Any) -> None:
        super().__init__(message, **params)
        self.place = place

    def __str__(self) -> str:
        text = super().__str__()
        return f"{self.place}: {text}" if self.place else text


class RuleBroken(AuditkitError):
    """A rule of the trade refuses this act. Subclass it once a rule, in the slice's `rules.py`."""

    message = N_("A rule does not allow this")


class NotFound(AuditkitError):
    """No such record in this organisation; another organisation's record answers the same (decision 3)."""

    message = N_("There is no such record here")


class Forbidden(AuditkitError):
    """The person's role does not carry the permission."""

    message = N_("Your role does not allow this (%(permission)s)")

    def __init__(self, message: str | None = None, **params: Any) -> None:
        params.setdefault("permission", "-")
        super().__init__(message, **params)


class Conflict(AuditkitError):
    """The record changed since it was read; nothing was overwritten."""

    message = N_("Somebody else changed this meanwhile. Reload the page and apply your change again")


class TooMany(AuditkitError):
    """A limit of attempts is used up; `minutes` until the next. Nothing was done."""

    message = N_("Too many attempts came from your network. Try again in %(minutes)s minutes")
