"""The ways out of the house: files in the instance, SMTP, and SMS or chat through apprise. Knows no database.

A way is called with a parcel and with `content_leaves`, which it calls at the last moment before the content goes over
the line: from then on only an answer of the other side tells whether it arrived.
Checked by tests/slices/base/test_delivery.py.
"""

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from enum import Enum
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from auditkit.base import clock
from auditkit.base.settings import Settings

TIMEOUT_SECONDS = 30
ATTEMPTS_OF_ALL = 16
"""1, 2, 4 ... minutes and then every twelve hours: more than three days, a weekend without a server."""

ENVELOPE_FROM = "Envelope-From"
UNENCRYPTED = "the mail server offers no encryption, and a password must not go without"
_BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def one_line(text: str) -> str:
    """`text` in one line that may stand in a header: no line breaks, no control characters, no half characters."""
    return _BREAKS.sub(" ", _SURROGATE.sub("�", text)).strip()


@dataclass(frozen=True)
class Attachment:
    """A file that goes along. `media_type` such as `application/pdf` or `text/calendar; method=REQUEST`.

    One with a `content_id` is shown within the parcel's page, where `<img src="cid:…">` asks for it.
    """

    name: str
    media_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Parcel:
    """What is to be delivered to one address. `sender` is the address of this installation.

    `page` is the same as `body` as HTML, for those whose program shows it; empty for none.
    """

    channel: str
    sender: str
    recipient: str
    subject: str
    body: str
    message_id: str
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    page: str = ""

    def carrying(self, files: Sequence[Attachment], page: str = "") -> "Parcel":
        """The same parcel with `files` and a `page`."""
        return replace(self, attachments=tuple(files), page=page)

    def as_message(self) -> EmailMessage:
        """As an e-mail. `From-Name` among the headers is the name shown before the sender's address.

        `Envelope-From` is where returned mail goes; it is for the server and stands in no header.
        """
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = _address(self.headers.get("From-Name", ""), self.sender)
        message["To"] = _address("", self.recipient)
        message["Subject"] = self.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = self.message_id
        for name, value in self.headers.items():
            if name not in ("From-Name", ENVELOPE_FROM):
                message[name] = value
        message.set_content(_SURROGATE.sub("�", self.body).replace("\x00", "�"))
        if self.page:
            message.add_alternative(_SURROGATE.sub("�", self.page), subtype="html")
        shown = message.get_payload(1) if self.page else None
        for one in self.attachments:
            if one.content_id and isinstance(shown, EmailMessage):
                shown.add_related(*_content(one), cid=f"<{one.content_id}>", disposition="inline", **_about(one))
            else:
                message.add_attachment(*_content(one), **_about(one))
        return message


def _content(file: Attachment) -> tuple[bytes, str, str]:
    """Its bytes, and both parts of its media type."""
    kind, _slash, detail = file.media_type.partition("/")
    return file.data, kind, detail.partition(";")[0].strip() or "octet-stream"


def _about(file: Attachment) -> dict[str, Any]:
    parameters = (part.strip() for part in file.media_type.split(";")[1:])
    return {
        "filename": one_line(file.name),
        "params": dict(part.split("=", 1) for part in parameters if "=" in part),
    }


def _address(name: str, address: str) -> Address:
    """An address that is one address whatever it holds: a comma or bracket cannot make a second recipient of it."""
    local, _at, domain = address.rpartition("@")
    return Address(one_line(name), local, domain)


Deliver = Callable[[Parcel, Callable[[], None]], None]


class Fate(Enum):
    """What a failure means for a parcel."""

    NO_SERVER = "the server could not be used: everything for it waits"
    LATER = "not now: it waits"
    REFUSED = "no: a person must look"
    UNCERTAIN = "it may have arrived: a person must look"


class NotConfigured(Exception):
    """There is no way set up for the parcel's channel."""


class Declined(Exception):
    """The service answered no, without saying whether a later attempt could help."""


FAILURES = (OSError, smtplib.SMTPException, NotConfigured, Declined, ValueError)
"""What a delivery may fail of; anything else is a defect of the program."""


def fate(error: Exception, *, begun: bool) -> Fate:
    """What `error` means for the parcel; `begun`: its content had begun to leave."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return Fate.LATER if codes and all(code < 500 for code in codes) else Fate.REFUSED
    if isinstance(error, smtplib.SMTPDataError):
        return Fate.LATER if error.smtp_code < 500 else Fate.REFUSED  # an answer: it was not taken
    if isinstance(error, (NotConfigured, Declined, smtplib.SMTPNotSupportedError)):
        return Fate.REFUSED
    if begun:
        return Fate.UNCERTAIN
    return Fate.NO_SERVER if isinstance(error, (OSError, smtplib.SMTPException)) else Fate.REFUSED


def said(error: Exception) -> str:
    """What the other side said, for people: the answer of a server as it stands, else the kind of failure."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def to_folder(folder: Path) -> Deliver:
    """Keep mails as files: the way without a mail server. Written whole or not at all, so a repetition does no harm."""

    def deliver(parcel: Parcel, _content_leaves: Callable[[], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", parcel.message_id.strip("<>").split("@")[0])
        unfinished = folder / f".{name}.part"
        unfinished.write_bytes(parcel.as_message().as_bytes())
        unfinished.replace(folder / f"{name}.eml")

    return deliver


class _Tells:
    """An SMTP connection that says when the content is about to leave."""

    content_leaves: Callable[[], None]

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Tell, then send."""
        self.content_leaves()
        return super().data(msg)  # type: ignore[misc,no-any-return]  # smtplib.SMTP stands behind this class


class _Plain(_Tells, smtplib.SMTP):
    encrypted = False


class _Tls(_Tells, smtplib.SMTP_SSL):
    pass


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(socket.gethostbyname(host)).is_loopback
    except (OSError, ValueError):
        return False


def by_smtp(url: str) -> Deliver:
    """Send over SMTP. `url` is `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`.

    A certificate that is not trusted, and a password that would travel unencrypted to another machine, make the mail
    wait. Raises ValueError for any other address.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("AUDITKIT_MAIL_URL must look like smtp://user:password@host:port")
    host, port = parts.hostname, parts.port

    def connect() -> _Plain | _Tls:
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            return _Tls(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
        server = _Plain(host, port or 587, timeout=TIMEOUT_SECONDS)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.encrypted = True
        except BaseException:
            server.close()
            raise
        return server

    def deliver(parcel: Parcel, content_leaves: Callable[[], None]) -> None:
        message = parcel.as_message()
        server = connect()
        try:
            if parts.username:
                if isinstance(server, _Plain) and not server.encrypted and not _is_this_machine(host):
                    raise ConnectionError(UNENCRYPTED)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.content_leaves = content_leaves
            returned_to = parcel.headers.get(ENVELOPE_FROM) or parcel.sender
            server.send_message(message, from_addr=returned_to, to_addrs=[parcel.recipient])
            with contextlib.suppress(OSError, smtplib.SMTPException):  # it was accepted; how we part is no matter
                server.quit()
        finally:
            server.close()

    return deliver


def by_apprise(url: str) -> Deliver:
    """Send through apprise. `url` is one of its addresses with `{to}` where the recipient stands.

    Raises ValueError where `{to}` is missing. apprise is an optional part (`pip install "auditkit[notify]"`).
    """
    if "{to}" not in url:
        raise ValueError("the address of an SMS or chat service needs {to} where the recipient stands")

    def deliver(parcel: Parcel, content_leaves: Callable[[], None]) -> None:
        try:
            import apprise  # heavy, and optional
        except ImportError as error:
            raise NotConfigured('SMS and chat need apprise: pip install "auditkit[notify]"') from error
        service = apprise.Apprise()
        if not service.add(url.replace("{to}", quote(parcel.recipient.lstrip("+"), safe=""))):
            raise NotConfigured("apprise does not know the service that is set up")
        content_leaves()
        if not service.notify(body=parcel.body, body_format=apprise.NotifyFormat.TEXT):
            raise Declined("the service answered no; apprise does not say why")

    return deliver


def deliverer(settings: Settings) -> Deliver:
    """The ways that the settings name, by channel."""
    mail = by_smtp(settings.mail_url) if settings.mail_url else to_folder(settings.instance / "mail")
    ways = {"e-mail": mail}
    if settings.sms_url:
        ways["sms"] = by_apprise(settings.sms_url)
    if settings.chat_url:
        ways["chat"] = by_apprise(settings.chat_url)

    def deliver(parcel: Parcel, content_leaves: Callable[[], None]) -> None:
        way = ways.get(parcel.channel)
        if way is None:
            raise NotConfigured(f"no service for {parcel.channel} is set up")
        way(parcel, content_leaves)

    return deliver
