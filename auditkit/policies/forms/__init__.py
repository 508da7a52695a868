"""Forms of documents, by subject."""

from auditkit.policies.forms.documents import (
    ApproveForm,
    PolicyForm,
    PublishForm,
    QuestionsForm,
    SectionForm,
    StartForm,
    WithdrawForm,
    questionnaire,
)

__all__ = [
    "ApproveForm",
    "PolicyForm",
    "PublishForm",
    "QuestionsForm",
    "SectionForm",
    "StartForm",
    "WithdrawForm",
    "questionnaire",
]
