"""Forms of rooms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import InputRequired, Optional

from auditkit.accounts.queries import Member
from auditkit.base.text import _, lazy_
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.packs.rooms.rules import (
    MAX_TEXT,
    VERDICT_TITLES,
    AnswerEmpty,
    CommentEmpty,
    CommentMissing,
    ConcernWithoutDoubt,
    LastDayWrong,
    NotAReviewer,
    OutcomeMissing,
    RequestEmpty,
    ReviewerMissing,
)
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required

MENDED_BY: dict[type[Exception], str] = {
    LastDayWrong: "last_day",
    ReviewerMissing: "reviewer",
    NotAReviewer: "account",
    CommentMissing: "comment",
    CommentEmpty: "text",
    ConcernWithoutDoubt: "concern",
    RequestEmpty: "text",
    AnswerEmpty: "text",
    OutcomeMissing: "outcome",
}


class _RoomForm(Form):
    mended_by = MENDED_BY


class OpenForm(_RoomForm):
    """Open a room."""

    body = LineField(lazy_("Certification body"), [required(lazy_("Enter who reviews"))], max_length=200)
    account = ChoiceField(lazy_("How the reviewer comes in"))
    reviewer = LineField(lazy_("Reviewer"), max_length=200)
    last_day = DateField(lazy_("Last day"), [InputRequired(lazy_("Choose the last day on which the link opens"))])

    def __init__(self, reviewers: Sequence[Member], **more: Any) -> None:
        super().__init__(**more)
        by_account = ((str(one.person_id), _("Signs in: %(name)s", name=one.name or one.email)) for one in reviewers)
        self.account.choices = [("", _("By a link, without an account")), *by_account]

    @property
    def account_id(self) -> int | None:
        """The person who signs in, where one was chosen."""
        return int(self.account.data) if self.account.data else None


class AnswerForm(_RoomForm):
    """Answer a request."""

    text = TextField(lazy_("Answer"), max_length=MAX_TEXT)
    files = EvidenceFilesField()


class EnterForm(_RoomForm):
    """Come in."""


class JudgeForm(_RoomForm):
    """Judge a clause, or the item of it whose `path` is given."""

    path = HiddenField(default="")
    verdict = ChoiceField(lazy_("What it shows is"))
    comment = TextField(lazy_("Comment"), max_length=MAX_TEXT)
    concern = BooleanField(lazy_("This could become a nonconformity"))

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.verdict.choices = [(verdict.value, _(title)) for verdict, title in VERDICT_TITLES.items()]


class AcceptForm(_RoomForm):
    """Accept the item whose button was pressed."""

    path = HiddenField(default="")


class CommentForm(_RoomForm):
    """Say something without judging, about an item where its `path` is given."""

    path = HiddenField(default="")
    text = TextField(lazy_("Comment"), max_length=MAX_TEXT)


class RequestForm(_RoomForm):
    """Ask for something, about an item where its `path` is given."""

    path = HiddenField(default="")
    text = TextField(lazy_("What you ask for"), max_length=MAX_TEXT)
    due_on = DateField(lazy_("Wanted by"), [Optional()])

    @property
    def day(self) -> date | None:
        """The day, where one was given."""
        found: date | None = self.due_on.data
        return found


class ConcludeForm(_RoomForm):
    """Conclude the review."""

    outcome = TextField(lazy_("What the review came to"), max_length=MAX_TEXT)
