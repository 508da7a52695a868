"""Verbs over documents, by subject. tests/slices/policies/ holds them."""

from auditkit.policies.service.approving import (
    Approve,
    Decide,
    HandIn,
    SetApprovers,
    TakeBack,
    approve,
    decide,
    hand_in,
    set_approvers,
    take_back,
)
from auditkit.policies.service.facts import AnswerQuestions, SetFact, answer, set_fact
from auditkit.policies.service.importing import ImportWord, import_word
from auditkit.policies.service.keeping import DropKeeping, SetKeeping, drop_keeping, set_keeping
from auditkit.policies.service.publishing import Publish, Withdraw, publish, withdraw
from auditkit.policies.service.readers import Confirm, SetReaders, confirm, set_readers
from auditkit.policies.service.sections import (
    AddSection,
    EditSection,
    MoveSection,
    RemoveSection,
    add_section,
    edit_section,
    move_section,
    remove_section,
)
from auditkit.policies.service.starting import ChangeCard, Start, StartBlank, change_card, start, start_blank
from auditkit.policies.service.translating import (
    ApproveTranslation,
    StartTranslation,
    Translate,
    approve_translation,
    start_translation,
    translate,
)

__all__ = [
    "AddSection",
    "AnswerQuestions",
    "Approve",
    "ApproveTranslation",
    "ChangeCard",
    "Confirm",
    "Decide",
    "DropKeeping",
    "EditSection",
    "HandIn",
    "ImportWord",
    "MoveSection",
    "Publish",
    "RemoveSection",
    "SetApprovers",
    "SetFact",
    "SetKeeping",
    "SetReaders",
    "Start",
    "StartBlank",
    "StartTranslation",
    "TakeBack",
    "Translate",
    "Withdraw",
    "add_section",
    "answer",
    "approve",
    "approve_translation",
    "change_card",
    "confirm",
    "decide",
    "drop_keeping",
    "edit_section",
    "hand_in",
    "import_word",
    "move_section",
    "publish",
    "remove_section",
    "set_approvers",
    "set_fact",
    "set_keeping",
    "set_readers",
    "start",
    "start_blank",
    "start_translation",
    "take_back",
    "translate",
    "withdraw",
]
