"""Forms of tailoring an audit, of a question of its own, and of whom questions are put to."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from wtforms import BooleanField, HiddenField

from auditkit.audits.tailoring.rules import (
    WEIGHTS,
    NoSuchPrevious,
    NoSuchQuestion,
    NotAProfile,
    NothingLeft,
    QuestionMissing,
    SectionUnknown,
    TailoringReasonMissing,
)
from auditkit.base.text import _, lazy_
from auditkit.content.library import Section
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, TicksField, required

MENDED_BY: dict[type[Exception], str] = {
    TailoringReasonMissing: "reason",
    NothingLeft: "sections",
    NotAProfile: "profile_id",
    NoSuchPrevious: "previous_id",
    NoSuchQuestion: "spared",
    QuestionMissing: "question",
    SectionUnknown: "section",
}


class _Refusing(Form):
    mended_by = MENDED_BY


class TailorForm(_Refusing):
    """What a planned audit asks."""

    seen = HiddenField()
    profile_id = ChoiceField(lazy_("Checklist"))
    sections = TicksField(lazy_("Clauses"))
    least_weight = ChoiceField(lazy_("Risk"), coerce=int)
    spared = TicksField(lazy_("Single questions to leave out"))
    previous_id = ChoiceField(lazy_("Last audit"), coerce=int)
    keep_failed = BooleanField(lazy_("Ask again, in any case, what did not conform in the last audit"))
    reason = TextField(lazy_("Why not everything is asked"))

    def __init__(
        self,
        profiles: list[tuple[str, str]],
        sections: list[Section],
        audits: list[tuple[int, str]],
        *arguments: Any,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.profile_id.choices = profiles
        self.shown = sections
        self.sections.choices = [(one.id, one.title) for one in sections]
        self.spared.choices = [(item.id, item.question) for one in sections for item in one.items]
        self.least_weight.choices = [(weight, _(title)) for weight, title in WEIGHTS.items()]
        self.previous_id.choices = [(0, _("None: begin afresh")), *audits]

    def questions(self) -> Iterator[tuple[str, list[Any], int]]:
        """Title of a section, the tick of each of its questions, and how many of them are ticked."""
        ticks = iter(self.spared)
        for one in self.shown:
            mine = list(islice(ticks, len(one.items)))
            yield one.title, mine, sum(tick.checked for tick in mine)


class QuestionForm(_Refusing):
    """A question for this audit only."""

    section = ChoiceField(lazy_("Clause"))
    question = TextField(lazy_("Question"), [required(lazy_("Write the question"))])
    good = TextField(lazy_("What good looks like"))
    expected = LineField(lazy_("Ask to see"))

    def __init__(self, sections: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.section.choices = sections


class InterviewForm(_Refusing):
    """Whom the questions of a clause are put to."""

    section = ChoiceField(lazy_("Clause"))
    name = LineField(lazy_("Put to"), [required(lazy_("Enter the name or the role of who is asked"))])
    all_rows = BooleanField(lazy_("Also questions that name somebody already"))

    def __init__(self, sections: list[tuple[str, str]], *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.section.choices = sections
