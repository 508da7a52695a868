"""Mails for tests, written as mailers write them."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from auditkit.base.db import db, reading, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints.correspondence import service
from auditkit.complaints.correspondence.running import MailIn, Told
from auditkit.complaints.correspondence.service import Write
from auditkit.complaints.correspondence.taking import Place
from auditkit.complaints.models import Complaint

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fcffff3f030005fe02fea735812e0000000049454e44ae426082"
)


def letter(
    subject="The kettle is broken",
    text="It broke on the second day.\n\nPlease replace it.",
    sender='"Ann Smith" <ann@customer.example>',
    to="complaints@acme.example",
    message_id="<one@customer.example>",
    date="Mon, 02 Mar 2026 08:30:00 +0000",
    files=(),
    **headers,
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"], message["Message-ID"] = date, message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, kind, data in files:
        maintype, _slash, subtype = kind.partition("/")
        message.add_attachment(data, maintype=maintype, subtype=subtype, filename=name)
    return message


def mail_in(app, house, **options) -> MailIn:
    return MailIn(app.extensions["auditkit.settings"], house.system, **options)


def take(app, house, message: EmailMessage | bytes, **options) -> Told:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    told = mail_in(app, house, **options).take(raw, Place("test.eml"))
    db.session.rollback()
    return told


def bounce_to(message_id: str, *, action="failed", status="5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: complaints@acme.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "Message-ID: <dsn-1@mx.example>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry to have to inform you.\r\n\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@customer.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def folder_of(app) -> Path:
    return app.extensions["auditkit.settings"].instance


def complaint(house, reference) -> Complaint:
    """The case of this reference as it stands now."""
    return reading(house.system).query(Complaint).filter_by(reference=reference).one()


def complaints(house) -> int:
    """How many cases there are."""
    return reading(house.system).query(Complaint).count()


def write(house, complaint_id, clock, **more):
    """Send a progress letter to the complainant, by hand."""
    actor = house.actor("complaint-handler")
    command = Write(complaint_id, "progress", "We are looking into it.", "How it stands", **more)
    with transaction(actor) as tx:
        return service.write_to_complainant(tx, command, clock.at, actor)


def sent(house) -> OutboxMail:
    """The newest mail in the outbox."""
    return reading(house.system).query(OutboxMail).order_by(OutboxMail.id.desc()).first()
