"""One mail: its headers, the words a person wrote, its attachments. `read` takes any bytes and never fails oddly.

Checked by tests/rules/test_correspondence_reading.py and, over the shared mails, test_mail_in.py.
"""

import email
import email.utils
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from functools import cached_property

from auditkit.base.errors import BadInput
from auditkit.base.ids import digest
from auditkit.base.text import N_
from auditkit.complaints.correspondence.mail.charsets import decoded, header_text, storable
from auditkit.complaints.correspondence.mail.html import words_of

MAX_MAIL_BYTES = 50 * 1024 * 1024
"""Three attachments of the public form's size, in base64."""
MAX_PARTS = 500
_ENCODED_SENDER = re.compile(r"(?P<name>[^<>]*=\?[^<>]*)<(?P<address>[^<>\s]+@[^<>\s]+)>")
_TELLING = ("From", "To", "Subject", "Date", "Message-ID", "Received", "Return-Path")


class NotAMail(BadInput):
    message = N_("This is not an e-mail message: it has no sender, subject or date. Export it again as .eml")


class MailEmpty(BadInput):
    message = N_("The file is empty. Export the message again as .eml")


class MailTooLarge(BadInput):
    message = N_(
        "The message has %(size)s MiB; at most %(limit)s are taken. "
        "Ask the sender for smaller files, or register it by hand"
    )


class MailTooDeep(BadInput):
    message = N_(
        "The message is nested more deeply, or in more parts, than any mail program makes. Register it by hand"
    )


@dataclass(frozen=True)
class Attached:
    """A file that came with the mail. `name` as the sender gave it, decoded; never empty."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """A mail as a person sees it. `digest` is SHA-256 of its bytes; `guessed`: a character set was wrong or missing."""

    raw: bytes = field(repr=False)
    digest: str
    message: Message = field(repr=False)
    message_id: str
    sender_name: str
    sender_address: str
    subject: str
    text: str
    written_at: datetime | None
    arrived_at: datetime | None
    attachments: tuple[Attached, ...]
    guessed: bool

    def header(self, name: str) -> str:
        """A header as text, empty where it is missing."""
        return storable(header_text(self.message.get(name)))

    def headers(self, name: str) -> list[str]:
        """Every header of this name."""
        return [storable(header_text(value)) for value in self.message.get_all(name, [])]

    @cached_property
    def recipients(self) -> tuple[str, ...]:
        """Every address that it went to, as far as the headers tell."""
        names = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To")
        return tuple(
            address for _name, address in email.utils.getaddresses([h for n in names for h in self.headers(n)])
        )

    @property
    def content_digest(self) -> str:
        """What tells a mail from another one with the same Message-ID: sender, subject, words, attachments."""
        parts = [self.sender_address, self.subject, self.text, *(digest(one.data) for one in self.attachments)]
        return digest("\x1f".join(parts).encode())


def read(raw: bytes) -> Mail:
    """The mail in `raw`. Raises MailEmpty, NotAMail, MailTooLarge or MailTooDeep."""
    if not raw.strip():
        raise MailEmpty
    if len(raw) > MAX_MAIL_BYTES:
        raise MailTooLarge(size=-(-len(raw) // (1024 * 1024)), limit=MAX_MAIL_BYTES // (1024 * 1024))
    content = raw
    if raw.startswith(b"From ") and b"\n" in raw:  # one mail out of an mbox, with its envelope line
        content = raw[raw.index(b"\n") + 1 :]
    try:
        message = email.message_from_bytes(content)
        parts = list(_leaves(message))
    except RecursionError as error:
        raise MailTooDeep from error
    if not any(message[name] for name in _TELLING) or not message.keys():
        raise NotAMail
    text, attachments, guessed = _content(parts)
    fallback = message.get_content_charset()
    name, address = _sender(message.get("From") or message.get("Sender"), fallback)
    return Mail(
        raw=raw,
        digest=digest(raw),
        message=message,
        message_id=storable(header_text(message.get("Message-ID")))[:500],
        sender_name=storable(name),
        sender_address=storable(address),
        subject=storable(header_text(message.get("Subject"), fallback)),
        text=storable(text),
        written_at=_moment(header_text(message.get("Date"))),
        arrived_at=_moment(header_text(message.get("Received")).rpartition(";")[2]),
        attachments=tuple(attachments),
        guessed=guessed,
    )


def _sender(header: object, fallback: str | None) -> tuple[str, str]:
    encoded = _ENCODED_SENDER.fullmatch(" ".join(header.split())) if isinstance(header, str) else None
    if encoded:  # decoded first, "Smith, Jane (Sales)" would be taken for two addresses and a remark
        return header_text(encoded["name"].strip().strip('"'), fallback), encoded["address"]
    value = header_text(header, fallback)
    name, address = email.utils.parseaddr(value)
    if "@" not in address:
        # A name with an unquoted comma or at sign: take the last thing in angle brackets.
        found = re.search(r"<([^<>\s]+@[^<>\s]+)>", value)
        if found:
            return value[: found.start()].strip(" \"'"), found[1]
    return " ".join(name.split()), address.strip()


def _moment(value: str) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(value.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None


# The parts


def _leaves(message: Message) -> Iterator[tuple[Message, Message | None]]:
    """The parts that hold something, each with the multipart it stands in; a mail in the mail is one part."""
    todo: list[tuple[Message, Message | None]] = [(message, None)]
    seen = 0
    while todo:
        part, parent = todo.pop(0)
        seen += 1
        if seen > MAX_PARTS:
            raise MailTooDeep
        children = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(children, list):
            todo[:0] = [(child, part) for child in children if isinstance(child, Message)]
        else:
            yield part, parent


def _content(parts: list[tuple[Message, Message | None]]) -> tuple[str, list[Attached], bool]:
    """(the words, the attachments, whether a character set was guessed)."""
    texts: list[str] = []
    attachments: list[Attached] = []
    guessed = False
    in_plain = {
        id(parent)
        for part, parent in parts
        if parent is not None and parent.get_content_type() == "multipart/alternative"
        if part.get_content_type() == "text/plain" and not _is_file(part) and _words(part)[0].strip()
    }
    for part, parent in parts:
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not _is_file(part):
            words, sure = _words(part)
            guessed = guessed or not sure
            if kind == "text/plain":
                texts.append(words)
            elif id(parent) not in in_plain:
                texts.append(words_of(words))
        elif one := _attachment(part, len(attachments) + 1):
            attachments.append(one)
    return "\n\n".join(text.strip("\n") for text in texts if text.strip()).strip(), attachments, guessed


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _words(part: Message) -> tuple[str, bool]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return "", True
    text, sure = decoded(data, part.get_content_charset())
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _unfolded(text, joined=str(part.get_param("delsp", "")).lower() == "yes")
    return text, sure


def _unfolded(text: str, *, joined: bool) -> str:
    """Lines of format=flowed (RFC 3676) put together again."""
    lines: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        said = line[1:] if line.startswith(" ") else line
        if goes_on and not quoted and lines:
            lines[-1] += said
        else:
            lines.append(said)
        goes_on = said.endswith(" ") and said != "-- " and not quoted
        if goes_on and joined:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _attachment(part: Message, number: int) -> Attached | None:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        data = first.as_bytes() if isinstance(first, Message) else b""
    else:
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
    if not data:
        return None
    return Attached(storable(_name(part)) or _unnamed(part, number), part.get_content_type(), data)


def _name(part: Message) -> str:
    """The file name, from either header, RFC 2231 or encoded words (which should not stand there, and do)."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(parameter, None, header)
        if isinstance(value, tuple):
            charset, _language, encoded = value
            return " ".join(decoded(encoded.encode("latin-1", "replace"), charset)[0].split())
        if value:
            return header_text(value)
    return ""


def _unnamed(part: Message, number: int) -> str:
    kind = part.get_content_type()
    endings = {"message/rfc822": ".eml", "text/calendar": ".ics", "image/jpeg": ".jpg", "text/rfc822-headers": ".txt"}
    return f"attachment-{number}{endings.get(kind, '.' + kind.rpartition('/')[2][:10])}"
