"""Letters to and from the demo's customers: mails that came in, answers to praise and ideas, a correction, a check."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

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
        "closing", 7,
        "Sofia has read it, and so has everybody in the service centre: we read it out on Monday morning.",
    ),
}  # fmt: skip
"""Subject of what was written to us -> the letter, how many days ago, and what stands in its blank."""


def tell(story: Story, references: dict[str, str]) -> None:
    """Settings first; then each mail and letter, at its own moment."""
    settings = correspondence.ChangeSettings(0, reply_address=ADDRESS, sender_name="Lakeside Appliances, complaints")
    story.tell("ada", lambda tx, actor: correspondence.change_settings(tx, settings, story.at(100), actor))
    opened = _came(story, OPENS)
    _write(story, opened, "acknowledgement", 6.8, "e-mail")
    for mail in (AWAY, NEWS):
        _came(story, mail)
    _came(story, ANSWERS, _sign_of(story, opened))
    for subject, (letter, days_ago, said) in ANSWERED.items():
        _write(story, references[subject], letter, days_ago, "web", said)
    _correct(story, opened)


def _came(story: Story, mail: Came, below: str = "") -> str:
    """The mail is fetched; the reference of the case it opened or is in, empty for none."""
    when = story.at(mail.days_ago)
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = mail.sender, ADDRESS, mail.subject
    message["Date"], message["Message-ID"] = format_datetime(when), f"<{when:%Y%m%d%H%M}@customers.example>"
    for name, value in mail.headers:
        message[name] = value
    message.set_content(f"{mail.text}\n\n{below}")
    with clock.frozen(when):
        taking = MailIn(current_app.extensions["auditkit.settings"], Actor.system(story.organisation_id))
        return taking.take(message.as_bytes(), Place("INBOX")).reference


def _sign_of(story: Story, reference: str) -> str:
    """What an answer quotes of our mail, so that it finds back."""
    with transaction(Actor.system(story.organisation_id)) as tx:
        number = queries.by_reference(tx, reference).id
        token = tx.execute(select(ComplaintThread.token).where(ComplaintThread.complaint_id == number)).scalar_one()
    return f"> {sign_of(reference, token)}"


def _write(story: Story, reference: str, kind: str, days_ago: float, channel: str, said: str = "") -> None:
    """A letter of Hana, begun from its wording and finished by her. Its address belongs to nobody: told as sent."""
    when, hana = story.at(days_ago), story.cast["hana"]
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


def _correct(story: Story, reference: str) -> None:
    """Hana looks the order up: what was taken down is put right, what became known is noted."""
    when, hana = story.at(4), story.cast["hana"]
    with transaction(hana) as tx:
        version = queries.by_reference(tx, reference).version
        corrected = service.Correct(
            reference, version, DRYER, "The order says which dryer it is", category="product-quality",
            product="Dryer D2 Plus", site="Online shop",
        )  # fmt: skip
        service.correct(tx, corrected, when, hana, library=story.library)
    with transaction(hana) as tx:
        version = queries.by_reference(tx, reference).version
        noted = intake.NoteParticulars(
            reference, version, "en", "e-mail", batch="D2P-2291", order_reference="10982",
            purchased_on=(when.date().replace(day=1)),
        )  # fmt: skip
        intake.note_particulars(tx, noted, when, hana)
