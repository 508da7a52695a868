"""An IMAP mailbox, over TLS: what is new in it, one mail at a time, and what is done with a mail that was taken.

Reading a mail changes nothing; what follows is the setting's choice: a mark, another folder, or nothing. Checked by
tests/slices/complaints/correspondence/test_mailbox.py against a server written for it.
"""

import base64
import contextlib
import imaplib
import ipaddress
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from auditkit.base.errors import AuditkitError, BadInput
from auditkit.base.text import N_, _

TIMEOUT_SECONDS = 60
MARK = "$AuditkitTaken"


class MailboxUnusable(AuditkitError):
    """`fault` is one of `rules.FAULTS`: what somebody has to look at."""

    message = N_("The mailbox cannot be used: %(reason)s. Nothing was lost; try again later")
    exit_code = 2

    def __init__(self, reason: str, fault: str = "unreachable") -> None:
        super().__init__(reason=reason)
        self.fault = fault

    @classmethod
    def of(cls, error: Exception, fault: str = "unreachable") -> "MailboxUnusable":
        """What an error of the connection means."""
        told = _said(list(error.args)) if isinstance(error, imaplib.IMAP4.error) else str(error)
        return cls(told, "certificate" if isinstance(error, ssl.SSLError) else fault)


class MailboxMisnamed(BadInput):
    message = N_("A mailbox is set up as imaps://user:password@host/FOLDER (imap:// with STARTTLS). %(what)s")


class AfterUnknown(BadInput):
    message = N_("AUDITKIT_MAILBOX_AFTER must be mark, leave or move:FOLDER")


@dataclass(frozen=True)
class Address:
    """A mailbox as it is set up; `name` is what is shown and kept: no password."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    tls: bool

    @property
    def name(self) -> str:
        """User, host and folder."""
        return f"{self.user}@{self.host}/{self.folder}"


def address_of(url: str) -> Address:
    """The mailbox that `url` names. Raises MailboxMisnamed."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:  # what it says may hold a part of the password
        raise MailboxMisnamed(what=_("Write special characters of the password as %%XX")) from error
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise MailboxMisnamed(what="")
    tls = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Address(
        parts.hostname,
        port or (993 if tls else 143),
        unquote(parts.username),
        unquote(parts.password or ""),
        folder,
        tls,
    )


def after_of(text: str) -> tuple[str, str]:
    """(mark, leave or move; the folder). Raises AfterUnknown."""
    what, _colon, folder = text.partition(":")
    if what not in ("mark", "leave", "move") or (what == "move") != bool(folder.strip()):
        raise AfterUnknown
    return what, folder.strip()


class Mailbox:
    """An open mailbox. Its methods raise MailboxUnusable."""

    def __init__(self, server: imaplib.IMAP4, uid_validity: int) -> None:
        self._server, self.uid_validity = server, uid_validity

    def uids_after(self, uid: int) -> list[int]:
        """The numbers of mails that came after `uid`, in their order."""
        found = self._ask("SEARCH", None, f"UID {uid + 1}:*")
        numbers = sorted(int(number) for line in found for number in (line or b"").split())
        return [number for number in numbers if number > uid]  # `n:*` always gives the last one

    def size(self, uid: int) -> int:
        """Bytes of a mail, 0 where it is gone."""
        found = re.search(rb"RFC822\.SIZE (\d+)", self._flat(self._ask("FETCH", str(uid), "(RFC822.SIZE)")))
        return int(found[1]) if found else 0

    def mail(self, uid: int) -> tuple[bytes, datetime | None] | None:
        """The bytes of a mail and when the mailbox got it; None where it is gone."""
        answer = self._ask("FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")
        for part in answer:
            if isinstance(part, tuple) and b"BODY[]" in part[0]:
                return part[1], _internal_date(self._flat(answer, heads_only=True))
        return None

    def unmarked_up_to(self, uid: int) -> list[int]:
        """The numbers up to `uid` of mails that do not carry our mark."""
        if not uid:
            return []
        found = self._ask("SEARCH", None, "UNKEYWORD", MARK, "UID", f"1:{uid}", may_refuse=True)
        return sorted(int(number) for line in found for number in (line or b"").split() if number.isdigit())

    def mark(self, uid: int) -> None:
        """Mark a mail as taken and seen."""
        self._ask("STORE", str(uid), "+FLAGS.SILENT", f"({MARK} \\Seen)", may_refuse=True)

    def move(self, uid: int, folder: str) -> None:
        """Move a mail into another folder of the same mailbox."""
        place = quoted(folder)
        if "MOVE" in self._server.capabilities:
            self._ask("MOVE", str(uid), place)
            return
        self._ask("COPY", str(uid), place)
        self._ask("STORE", str(uid), "+FLAGS.SILENT", "(\\Deleted)")
        if "UIDPLUS" in self._server.capabilities:
            self._ask("EXPUNGE", str(uid))

    def _ask(self, *arguments: str | None, may_refuse: bool = False) -> list[Any]:
        try:
            status, data = self._server.uid(*arguments)  # type: ignore[arg-type]  # None stands for no character set
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnusable.of(error) from error
        if status != "OK" and not may_refuse:
            raise MailboxUnusable(f"{arguments[0]}: {_said(data)}", "refused")
        return data if data is not None else []

    @staticmethod
    def _flat(answer: list[Any], *, heads_only: bool = False) -> bytes:
        parts = []
        for part in answer:
            if isinstance(part, tuple):
                parts.append(part[0])
                if not heads_only:
                    parts.append(part[1])
            elif part:
                parts.append(part)
        return b" ".join(parts)


def _said(data: Any) -> str:
    """What the server said, as text for people."""
    parts = [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in data or [] if one]
    return "; ".join(part.strip() for part in parts)


@contextmanager
def opened(address: Address) -> Iterator[Mailbox]:
    """The mailbox, opened. Raises MailboxUnusable where it cannot be reached, entered or encrypted."""
    try:
        server = _connect(address)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxUnusable.of(error) from error
    try:
        try:
            server.login(address.user, address.password)
            status, data = server.select(quoted(address.folder))
            validity = server.response("UIDVALIDITY")[1]
        except imaplib.IMAP4.abort as error:  # the line broke
            raise MailboxUnusable.of(error) from error
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxUnusable.of(error, "refused") from error
        if status != "OK" or not validity or validity[0] is None:
            raise MailboxUnusable(f"{address.folder}: {_said(data)}", "refused")
        yield Mailbox(server, int(validity[0]))
    finally:
        _leave(server)


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        server.shutdown()


def _connect(address: Address) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if address.tls:
        return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    server = imaplib.IMAP4(address.host, address.port, timeout=TIMEOUT_SECONDS)
    if "STARTTLS" in server.capabilities:
        try:
            server.starttls(context)
        except BaseException:
            with contextlib.suppress(OSError):  # the handshake left no connection to close in good order
                server.shutdown()
            raise
    elif not _is_this_machine(address.host):
        server.shutdown()
        raise MailboxUnusable("the server offers no encryption, and a password must not go without", "certificate")
    return server


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(socket.gethostbyname(host)).is_loopback
    except (OSError, ValueError):
        return False


def _internal_date(answer: bytes) -> datetime | None:
    found = re.search(rb'INTERNALDATE "([^"]+)"', answer)
    if not found:
        return None
    try:
        return parsedate_to_datetime(found[1].decode("ascii", "replace").replace("-", " ", 2)).astimezone(UTC)
    except (ValueError, TypeError):
        return None


def quoted(folder: str) -> str:
    """A folder's name as IMAP wants it: modified UTF-7 (RFC 3501, 5.1.3) in quotation marks."""

    def shifted(run: re.Match[str]) -> str:
        packed = base64.b64encode(run[0].encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")
        return f"&{packed}-"

    name = re.sub(r"[^\x20-\x7e]+", shifted, folder.replace("&", "&-"))
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
