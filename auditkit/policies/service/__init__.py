"""Verbs over documents, by subject."""

from auditkit.policies.service.documents import (
    LANGUAGE,
    AnswerQuestions,
    Approve,
    EditSection,
    Publish,
    Start,
    Withdraw,
    answer,
    approve,
    edit_section,
    publish,
    start,
    withdraw,
)

__all__ = [
    "LANGUAGE",
    "AnswerQuestions",
    "Approve",
    "EditSection",
    "Publish",
    "Start",
    "Withdraw",
    "answer",
    "approve",
    "edit_section",
    "publish",
    "start",
    "withdraw",
]
