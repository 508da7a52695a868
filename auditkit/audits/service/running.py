"""Answering: the verb. How an answer is stored stands in `audits.storing`, which other ways of answering share."""

from datetime import datetime

from auditkit.audits.rules import ANSWERED
from auditkit.audits.storing import SUBJECT, Answer, Answered, read_row, store
from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb

__all__ = ["SUBJECT", "Answer", "Answered", "answer"]


@verb("audits.run", leaves=ANSWERED)
def answer(tx: Session, command: Answer, now: datetime, actor: Actor) -> Answered:
    """Store an answer with its note and files.

    Raises NotFound, NotRunning, NoSuchAnswer, NoteMissing, EvidenceMissing, and AnswerChanged where somebody else
    answered the row since `version`.
    """
    return store(tx, read_row(tx, command.number, command.row_id), command, now, actor)
