"""What the forms of documents share: what a verb refuses is shown beside the field that mends it."""

from wtforms import IntegerField
from wtforms.widgets import HiddenInput

from auditkit.policies.rules import (
    AnswerMalformed,
    AnswersMalformed,
    BeforeOneBefore,
    BlankUnknown,
    BracesStray,
    DocumentTitleMissing,
    EffectiveTooEarly,
    ReasonMissing,
    ReviewNotAhead,
    TextMissing,
    TextTooLong,
    TitleMissing,
)
from auditkit.policies.rules.approvals import ApproverNotAllowed, ApproverTwice, NobodyToAsk, WriterApprovesLast
from auditkit.policies.rules.cards import KindUnknown, LanguageNotKnown, MonthsMalformed, OwnerUnknown
from auditkit.policies.rules.keeping import PeriodTwice, RecordTitleMissing, SourceUnknown
from auditkit.policies.rules.readers import ReaderUnknown, ReadingNotTicked
from auditkit.policies.rules.sections import ClauseUnknown
from auditkit.policies.rules.translations import LanguageUnknown
from auditkit.web.forms import Form

MENDED_BY: dict[type[Exception], str] = {
    TitleMissing: "title",
    DocumentTitleMissing: "title",
    TextMissing: "text",
    TextTooLong: "text",
    BracesStray: "text",
    BlankUnknown: "text",
    ClauseUnknown: "clauses",
    ReasonMissing: "reason",
    ReviewNotAhead: "review_by",
    EffectiveTooEarly: "effective_on",
    BeforeOneBefore: "effective_on",
    KindUnknown: "kind",
    OwnerUnknown: "owner",
    MonthsMalformed: "review_months",
    LanguageNotKnown: "language",
    LanguageUnknown: "language",
    ApproverNotAllowed: "person_1",
    ApproverTwice: "person_1",
    NobodyToAsk: "person_1",
    WriterApprovesLast: "person_1",
    ReaderUnknown: "people",
    ReadingNotTicked: "ticked",
    RecordTitleMissing: "title",
    PeriodTwice: "period",
    SourceUnknown: "source",
    AnswerMalformed: "value",
}


class PolicyForm(Form):
    """Base of the forms here."""

    mended_by = MENDED_BY

    def refuse_verb(self, error: Exception) -> None:
        """Show what a verb refused; of a questionnaire, each answer's fault beside it."""
        if isinstance(error, AnswersMalformed):
            for name, fault in error.faults.items():
                self.refuse(f"q_{name}", fault)
        else:
            super().refuse_verb(error)


class RevisedForm(PolicyForm):
    """A form that says which state of the draft it was made from."""

    revision = IntegerField(widget=HiddenInput())


class ButtonForm(PolicyForm):
    """A button: nothing but its token."""
