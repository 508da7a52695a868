"""Letters to and from the demo's customers: mails that came in, answers to praise and ideas, a correction, a check."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import partial

from flask import current_app
from sqlalchemy import select

from auditkit.base import clock, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import queries, service
from auditkit.complaints.correspondence import drafting, rules
from auditkit.complaints.correspondence import queries as letters
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.correspondence.mail.threads import sign_of
from auditkit.complaints.correspondence.models import ComplaintThread
from auditkit.complaints.correspondence.running import MailIn
from auditkit.complaints.correspondence.taking import Place
from auditkit.complaints.intake import service as intake
from auditkit.instance.demo.story import Story

ADDRESS = "complaints@lakeside.example"
NORA = '"Nora Field" <nora.field@customers.example>'
DRYER = "The dryer stops after ten minutes"


@dataclass(frozen=True)
class Came:
    """A mail that came in `days_ago`."""

    days_ago: float
    sender: str
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()


OPENS = Came(
    7, NORA, DRYER,
    "Good morning,\n\nthe dryer D2 that you delivered in spring stops after ten minutes and the laundry stays wet. I "
    "cleaned the filter, it makes no difference.\n\nPlease tell me when somebody can look at it.\n\nNora Field",
)  # fmt: skip
AWAY = Came(
    6.5, '"Olga Lind" <olga@customers.example>', "Out of office: back on Monday",
    "I am away until Monday and read no mail until then.", (("Auto-Submitted", "auto-replied"),),
)  # fmt: skip
NEWS = Came(
    6, '"Trade Fair News" <news@fair.example>', "Twenty halls, one ticket",
    "See what is new in white goods this autumn.", (("List-Id", "<news.fair.example>"), ("Precedence", "bulk")),
)  # fmt: skip
ANSWERS = Came(
    5, NORA, f"Re: {DRYER}",
    "Thank you for answering so fast. Wednesday after four would suit me.\n\nNora Field",
)  # fmt: skip
IDEA, PRAISE = "Please offer repair without sending the machine in", "The new adviser helped me at once"
ANSWERED = {
    IDEA: ("acknowledgement", 9, ""),
    PRAISE: (
        "closing", 6.9,
        "Sofia has read it, and so has everybody in the service centre: we read it out on Monday morning.",
    ),
}  # fmt: skip
"""Subject of what was written to us -> the letter, how many days ago, and what stands in its blank."""


Act = Callable[[dict[str, str], datetime], None]


def settle(story: Story) -> None:
    """Whose name stands on a mail, and where answers go."""
    settings = correspondence.ChangeSettings(0, reply_address=ADDRESS, sender_name="Lakeside Appliances, complaints")
    story.tell("ada", lambda tx, actor: correspondence.change_settings(tx, settings, story.at(114), actor))


def acts(story: Story) -> Iterator[tuple[float, Act]]:
    """(days ago, what came or was written then); each is told the references of the complaints by their subjects."""
    for mail in (OPENS, AWAY, NEWS, ANSWERS):
        yield mail.days_ago, partial(_came, story, mail)
    yield 6.8, partial(_write, story, DRYER, "acknowledgement", "e-mail", "")
    for subject, (letter, days_ago, said) in ANSWERED.items():
        yield days_ago, partial(_write, story, subject, letter, "web", said)
    yield 4, partial(_correct, story)
    yield 3.9, partial(_note, story)


def _came(story: Story, mail: Came, references: dict[str, str], when: datetime) -> None:
    """The mail is fetched. An answer quotes the sign of ours, by which it finds back to its case."""
    below = _sign_of(story, references[DRYER]) if mail is ANSWERS else ""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = mail.sender, ADDRESS, mail.subject
    message["Date"], message["Message-ID"] = format_datetime(when), f"<{when:%Y%m%d%H%M}@customers.example>"
    for name, value in mail.headers:
        message[name] = value
    message.set_content(f"{mail.text}\n\n{below}")
    with clock.frozen(when):
        taking = MailIn(current_app.extensions["auditkit.settings"], Actor.system(story.organisation_id))
        taken = taking.take(message.as_bytes(), Place("INBOX"))
    if mail is OPENS:
        references[DRYER] = taken.reference


def _sign_of(story: Story, reference: str) -> str:
    """What an answer quotes of our mail, so that it finds back."""
    with transaction(Actor.system(story.organisation_id)) as tx:
        number = queries.by_reference(tx, reference).id
        token = tx.execute(select(ComplaintThread.token).where(ComplaintThread.complaint_id == number)).scalar_one()
    return f"> {sign_of(reference, token)}"


def _write(
    story: Story, subject: str, kind: str, channel: str, said: str, references: dict[str, str], when: datetime
) -> None:
    """A letter of Hana, begun from its wording and finished by her. Its address belongs to nobody: told as sent."""
    reference, hana = references[subject], story.cast["hana"]
    with clock.frozen(when), transaction(hana) as tx:
        facts = letters.facts(tx, reference)
        begun = letters.letter(tx, kind, "en", facts.kind)
        draft = drafting.begin(tx, begun, facts, handler=hana.name, now=when)
        text = "\n\n".join(_finished(part, said) for part in draft.text.split("\n\n"))
        written = correspondence.Write(
            facts.id, kind, text, draft.subject, channel=channel, language="en", wording=begun.name
        )
        correspondence.send_letter(tx, written, when, hana)
        for mail in tx.execute(select(OutboxMail).where(OutboxMail.reference == reference)).scalars().all():
            outbox.settle(tx, mail.id, ("waiting",), state="sent", sent_at=when)


def _finished(paragraph: str, said: str) -> str:
    """What Hana wrote in place of a blank; without words of her own the sentence goes out without a day."""
    before, blank, rest = paragraph.partition(rules.BLANK_BEGINS)
    if not blank:
        return paragraph
    return f"{before}{said or 'the end of next week'}{rest.partition(rules.BLANK_ENDS)[2]}"


def _correct(story: Story, references: dict[str, str], when: datetime) -> None:
    """Hana looks the order up and puts right what was taken down."""
    hana, reference = story.cast["hana"], references[DRYER]
    with transaction(hana) as tx:
        corrected = service.Correct(
            reference,
            queries.by_reference(tx, reference).version,
            DRYER,
            "The order says which dryer it is",
            category="product-quality",
            product="Dryer D2 Plus",
            site="Online shop",
        )
        service.correct(tx, corrected, when, hana, library=story.library)


def _note(story: Story, references: dict[str, str], when: datetime) -> None:
    """What became known beside it."""
    hana, reference = story.cast["hana"], references[DRYER]
    with transaction(hana) as tx:
        noted = intake.NoteParticulars(
            reference,
            queries.by_reference(tx, reference).version,
            "en",
            "e-mail",
            purchased_on=when.date().replace(day=1),
            order_reference="10982",
            batch="D2P-2291",
        )
        intake.note_particulars(tx, noted, when, hana)
