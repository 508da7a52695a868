"""The demo's survey: whoever could be asked was asked three days after closing; most answered, not everybody kindly."""

from datetime import datetime, timedelta
from itertools import cycle

from sqlalchemy import select

from auditkit.base import clock, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import Session, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints.survey import following, service
from auditkit.complaints.survey.models import ComplaintSurvey
from auditkit.complaints.survey.rules import Practice, State
from auditkit.instance.demo.story import Story

Said = tuple[int, int, str]

PRACTICE = Practice(on=True, fewest=5)
ANSWERS: list[Said | None] = [
    (5, 5, "Quick, friendly, and somebody called back as promised."),
    (4, 5, ""),
    (2, 4, "The money came. That I had to ask three times is another matter."),
    None,
    (5, 4, "I was told each step before I had to ask."),
    (4, 2, "Polite people, but I still think that the machine was faulty when it came."),
    (5, 5, ""),
    None,
    (3, 3, "Fine in the end."),
]
"""Handling, outcome and comment of each in turn; None for who does not answer, not even when reminded."""


def switch_on(story: Story) -> None:
    """Before anything is closed."""
    asks = service.PutSettings(PRACTICE)
    story.tell("quentin", lambda tx, actor: service.put_settings(tx, asks, story.at(118), actor))


class Asking:
    """What the worker and those who are asked do between the acts of others. Call `until` with moments in order."""

    def __init__(self, story: Story) -> None:
        self.system = Actor.system(story.organisation_id)
        self.public = Actor.public(story.organisation_id)
        self.answers = cycle(ANSWERS)
        self.to_come: list[tuple[datetime, int, Said | None]] = []

    def until(self, moment: datetime) -> None:
        """Everything that happens up to `moment`, in its order."""
        self._plan(moment)
        while self.to_come and self.to_come[0][0] <= moment:
            when, survey_id, said = self.to_come.pop(0)
            if said is None:
                self._send(survey_id, when)
            else:
                self._answer(survey_id, when, said)

    def _plan(self, moment: datetime) -> None:
        with transaction(self.system) as tx:
            waiting = tx.execute(select(ComplaintSurvey).where(ComplaintSurvey.state == State.WAITING)).scalars()
            due = [(one.id, one.due_at) for one in waiting if one.due_at and one.due_at <= moment]
            due = [one for one in due if one[0] not in {number for _when, number, _said in self.to_come}]
        for survey_id, when in due:
            said = next(self.answers)
            later = timedelta(days=1.3) if said else timedelta(days=PRACTICE.remind_days)
            self.to_come += [(when, survey_id, None), (when + later, survey_id, said)]
        self.to_come.sort(key=lambda one: one[:2])

    def _send(self, survey_id: int, when: datetime) -> None:
        """The invitation or the reminder. Its address belongs to nobody, so it is told as sent and never leaves."""
        with clock.frozen(when), transaction(self.system) as tx:
            before = _newest(tx)
            following.send(tx, survey_id, when, self.system)
            for mail_id in tx.execute(select(OutboxMail.id).where(OutboxMail.id > before)).scalars().all():
                outbox.settle(tx, mail_id, ("waiting",), state="sent", sent_at=when)

    def _answer(self, survey_id: int, when: datetime, said: Said) -> None:
        process, outcome, comment = said
        with transaction(self.public) as tx:
            query = select(ComplaintSurvey.secret_digest).where(ComplaintSurvey.id == survey_id)
            answer = service.Answer(tx.execute(query).scalar_one() or "", process, outcome, comment=comment)
            service.answer(tx, answer, when, self.public)


def _newest(tx: Session) -> int:
    return tx.execute(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1)).scalar_one_or_none() or 0
