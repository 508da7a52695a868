"""What complainants do on their own page. Whoever calls these has proven that it is the complainant.

Each is one transaction of its own: the register's verb and the message that carries the complainant's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.complaints import rules as register_rules
from auditkit.complaints import service as register
from auditkit.complaints.correspondence import rules as correspondence_rules
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.intake.queries import Tracked
from auditkit.complaints.rules import Stage
from auditkit.evidence import intake as files_intake
from auditkit.evidence import service as evidence

SUBJECT_KIND = "complaint"


@dataclass(frozen=True)
class Say:
    """A message of the complainant, with files that came through `evidence.intake`."""

    about: Tracked
    text: str
    files: Sequence[files_intake.Received] = ()
    language: str = ""


@dataclass(frozen=True)
class Answer:
    """What the complainant says to the decision, `words` in the own words."""

    about: Tracked
    answer: str
    words: str = ""
    language: str = ""


@dataclass(frozen=True)
class Wish:
    """A wish with its reason."""

    about: Tracked
    words: str
    language: str = ""


@verb(None, leaves=correspondence_rules.REPLIED)
def say(tx: Session, command: Say, now: datetime, actor: Actor) -> None:
    """Keep a message and its files; if the case waited for the complainant, it goes on.

    Raises TextMissing, TextTooLong or TextNotStorable.
    """
    ids: Sequence[int] = ()
    if command.files:
        may = replace(actor, permissions=actor.permissions | {"evidence.add"})
        ids = evidence.add(tx, evidence.Add(command.files, subject=(SUBJECT_KIND, command.about.id)), now, may)
    told = correspondence.Reply(command.about.id, command.text, language=command.language, files=ids)
    correspondence.reply_from_complainant(tx, told, now, actor)
    try:
        register.information_came(tx, register.Came(command.about.reference), now, actor)
    except register_rules.NotWaiting:
        return  # then it was a message of its own


@verb(None, leaves=(register_rules.DECISION_ACCEPTED, register_rules.DECISION_REFUSED))
def answer(tx: Session, command: Answer, now: datetime, actor: Actor) -> None:
    """Accept the decision or refuse it; a refusal keeps the case open (7.9).

    Raises NoDecisionToAnswer before the complainant was told, and what the register's verb raises.
    """
    if command.about.stage != Stage.CLOSED and not command.about.told:
        raise register_rules.NoDecisionToAnswer
    told = register.AnswerOwn(command.about.reference, command.answer, command.words)
    register.answer_own(tx, told, now, actor)
    _words(tx, command.about, command.words, command.language, now, actor)


@verb(None, leaves=register_rules.CLOSED)
def withdraw(tx: Session, command: Wish, now: datetime, actor: Actor) -> None:
    """Withdraw the complaint. Raises ClosedAlready."""
    register.withdraw_own(tx, register.WithdrawOwn(command.about.reference, command.words), now, actor)
    _words(tx, command.about, command.words, command.language, now, actor)


@verb(None, leaves=register_rules.ESCALATION_ASKED)
def ask_higher(tx: Session, command: Wish, now: datetime, actor: Actor) -> None:
    """Ask that somebody higher looks at it. Raises ClosedAlready, AskedAlready or TopReached."""
    register.ask_escalation(tx, register.AskEscalation(command.about.reference, command.words), now, actor)
    _words(tx, command.about, command.words, command.language, now, actor)


def _words(tx: Session, about: Tracked, words: str, language: str, now: datetime, actor: Actor) -> None:
    if words.strip():
        correspondence.reply_from_complainant(tx, correspondence.Reply(about.id, words, language=language), now, actor)
