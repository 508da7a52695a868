"""An IMAP server for tests: a thread on this machine with one account, as little of RFC 3501 as a client needs."""

import re
import socketserver
import threading
from dataclasses import dataclass, field
from pathlib import Path

from tests.factories.tls import certificate, secure, server_context

__all__ = ["Account", "ImapServer", "certificate"]

USER, PASSWORD = "complaints", "pass word"


@dataclass
class Stored:
    """A mail in a folder."""

    raw: bytes
    flags: set[str] = field(default_factory=set)
    arrived: str = "02-Mar-2026 08:45:00 +0000"


@dataclass
class Account:
    """What the server holds. `fail_at` (such as `STORE`) breaks the connection at that command, once."""

    folders: dict[str, dict[int, Stored]] = field(default_factory=lambda: {"INBOX": {}, "Done": {}})
    validity: int = 7
    capabilities: str = "IMAP4rev1 UIDPLUS MOVE"
    fail_at: str = ""
    stop_at: str = ""
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    fetched: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    secured: int = 0

    def add(self, raw: bytes, folder: str = "INBOX") -> int:
        uid = max([0, *(uid for mails in self.folders.values() for uid in mails)]) + 1
        self.folders[folder][uid] = Stored(raw)
        return uid


class _Handler(socketserver.StreamRequestHandler):
    server: "ImapServer"

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.connection.close()  # over TLS it is another one than the server knows

    def handle(self) -> None:
        try:
            self._say("* OK ready")
            while line := self.rfile.readline():
                if not self._answer(line.decode("utf-8").rstrip("\r\n")):
                    return
        except OSError:
            return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _answer(self, line: str) -> bool:
        account = self.server.account
        tag, _space, rest = line.partition(" ")
        words = rest.split(" ")
        account.said.append(rest)
        name = words[1].upper() if words[0].upper() == "UID" else words[0].upper()
        if name == account.stop_at:
            account.reached.set()
            account.go_on.wait(30)
            return False
        if name == account.fail_at:
            account.fail_at = ""
            return False
        if name == "CAPABILITY":
            more = " STARTTLS" if self.server.starttls is not None else ""
            self._say(f"* CAPABILITY {account.capabilities}{more}")
        elif name == "LOGIN" and re.findall(r'"([^"]*)"|(\S+)', rest.partition(" ")[2]) != [("", USER), (PASSWORD, "")]:
            self._say(f"{tag} NO wrong")
            return True
        elif name == "SELECT":
            self.folder = rest.partition(" ")[2].strip('"')
            if self.folder not in account.folders:
                self._say(f"{tag} NO no such folder")
                return True
            self._say(f"* {len(account.folders[self.folder])} EXISTS")
            self._say(f"* OK [UIDVALIDITY {account.validity}] ok")
            self._say(f"{tag} OK [READ-WRITE] done")
            return True
        elif name == "STARTTLS" and self.server.starttls is not None:
            self._say(f"{tag} OK begin")
            secure(self, self.server.starttls)
            account.secured += 1
            return True
        elif name == "LOGOUT":
            self._say("* BYE")
            self._say(f"{tag} OK")
            return False
        elif words[0].upper() == "UID":
            self._by_uid(name, words[2:])
        self._say(f"{tag} OK done")
        return True

    def _by_uid(self, name: str, words: list[str]) -> None:
        account = self.server.account
        mails = account.folders[self.folder]
        if name == "SEARCH":
            first, _colon, last = words[-1].partition(":")
            top = max([*mails, 0])
            low, high = sorted((int(first), top if last == "*" else int(last)))
            found = [uid for uid in sorted(mails) if low <= uid <= high]
            if "UNKEYWORD" in words:
                mark = words[words.index("UNKEYWORD") + 1]
                found = [uid for uid in found if mark not in mails[uid].flags]
            self._say("* SEARCH " + " ".join(map(str, found)))
            return
        uid = int(words[0])
        mail = mails.get(uid)
        if mail is None:
            return
        if name == "FETCH" and "RFC822.SIZE" in words[1]:
            self._say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mail.raw)})")
        elif name == "FETCH":
            account.fetched.append(uid)
            self._say(f'* 1 FETCH (UID {uid} INTERNALDATE "{mail.arrived}" BODY[] {{{len(mail.raw)}}}')
            self.wfile.write(mail.raw + b")\r\n")
        elif name == "STORE":
            mail.flags.update(re.findall(r"[\\$]\w+", " ".join(words[2:])))
        elif name in ("MOVE", "COPY"):
            account.folders[" ".join(words[1:]).strip('"')][uid] = mail
            if name == "MOVE":
                del mails[uid]
        elif name == "EXPUNGE" and "\\Deleted" in mail.flags:
            del mails[uid]


class ImapServer(socketserver.ThreadingTCPServer):
    """`with ImapServer() as server`: `server.url()` for the settings, `server.account` is what it holds.

    With a `certificate` it speaks TLS from the first byte, or with `starttls` once it is asked to.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, account: Account | None = None, certificate: Path | None = None, starttls: Path | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.account = account or Account()
        self.tls = certificate is not None
        self.starttls = server_context(starttls) if starttls is not None else None
        if certificate is not None:
            self.socket = server_context(certificate).wrap_socket(self.socket, server_side=True)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def url(self, folder: str = "INBOX") -> str:
        scheme = "imaps" if self.tls else "imap"
        return f"{scheme}://{USER}:{PASSWORD.replace(' ', '%20')}@127.0.0.1:{self.server_address[1]}/{folder}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is what some tests are about."""

    def __enter__(self) -> "ImapServer":
        self._thread.start()
        return self

    def __exit__(self, *_arguments: object) -> None:
        self.account.go_on.set()
        self.shutdown()
        self.server_close()
        self._thread.join(10)
