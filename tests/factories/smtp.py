"""A mail server for tests: a thread on this machine that takes mails, refuses them, or falls silent when told to."""

import socketserver
import threading
from dataclasses import dataclass, field
from pathlib import Path

from tests.factories.tls import secure, server_context


@dataclass
class Script:
    """How the server behaves. `rcpt` and `data` are its answers; `silent_after` names where it stops answering."""

    rcpt: str = "250 ok"
    data: str = "250 ok"
    greeting: str = "220 ready"
    silent_after: str = ""
    drop_after: str = ""
    features: tuple[str, ...] = ("8BITMIME", "SMTPUTF8")
    taken: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    secured: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


class _Handler(socketserver.StreamRequestHandler):
    server: "MailServer"

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.connection.close()  # over TLS it is another one than the server knows

    def handle(self) -> None:
        script = self.server.script
        if not self._say("greeting", script.greeting):
            return
        while line := self.rfile.readline():
            word = line.decode("utf-8", "replace").strip()
            script.commands.append(word)
            name = word[:4].upper()
            if name == "EHLO":
                more = ["STARTTLS"] if self.server.starttls is not None and not script.secured else []
                said = "\r\n".join(["250-mail.test", *(f"250-{one}" for one in (*script.features, *more)), "250 ok"])
            elif name == "STAR" and self.server.starttls is not None:
                self._say("star", "220 begin")
                try:
                    secure(self, self.server.starttls)
                except OSError:
                    return
                script.secured += 1
                continue
            elif name == "AUTH":
                said = "235 welcome"
            elif name == "DATA":
                self.wfile.write(b"354 go on\r\n")
                content = self._content()
                if script.data.startswith("250"):
                    script.taken.append(content)
                said = script.data
            elif name == "QUIT":
                self._say("quit", "221 bye")
                return
            else:
                said = script.rcpt if name == "RCPT" else "250 ok"
            if not self._say(name.lower(), said):
                return

    def _content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def _say(self, where: str, said: str) -> bool:
        script = self.server.script
        if script.silent_after == where:
            script.reached.set()
            script.go_on.wait(30)
            return False
        if script.drop_after == where:
            return False
        self.wfile.write(said.encode() + b"\r\n")
        return True


class MailServer(socketserver.ThreadingTCPServer):
    """`with MailServer() as server`: `server.url` for the settings, `server.script` says how it behaves.

    With a `certificate` it speaks TLS from the first byte, or with `starttls` once it is asked to.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(
        self, script: Script | None = None, certificate: Path | None = None, starttls: Path | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script or Script()
        self.starttls = server_context(starttls) if starttls is not None else None
        self.url = f"{'smtps' if certificate else 'smtp'}://127.0.0.1:{self.server_address[1]}"
        if certificate is not None:
            self.socket = server_context(certificate).wrap_socket(self.socket, server_side=True)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that refuses the certificate and hangs up is what some tests are about."""

    def __enter__(self) -> "MailServer":
        self._thread.start()
        return self

    def __exit__(self, *_arguments: object) -> None:
        self.script.go_on.set()
        self.shutdown()
        self.server_close()
        self._thread.join(10)
