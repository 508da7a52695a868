"""Settings: `AUDITKIT_*` in the environment or `.env`, and what an instance folder holds.

`docs/operator-guide.md` names every setting; a test compares.
"""

import os
import secrets
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

SECRET_FILE = "secret-key"  # noqa: S105 - a file name


class Settings(BaseSettings):
    """One installation's settings. Everything has a safe default; nothing leaves the machine unless set up to."""

    model_config = SettingsConfigDict(env_prefix="AUDITKIT_", env_file=".env", extra="ignore")

    instance: Path = Field(Path("instance"), description="Folder for database, keys, evidence and mail")
    database_url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the instance folder")
    secret_key: str = Field("", description="Signs sessions; empty: the instance's own key file")
    public_url: str = Field("http://127.0.0.1:8000", description="Address under which people reach the installation")
    timestamp_url: str = Field(
        "", description="Authority for time stamps of packs (RFC 3161), as https://…; empty: packs carry none"
    )
    locale: str = Field("en", description="Language of the screens before a person chooses one")
    mail_url: str = Field(
        "",
        description="smtp://user:password@host:port or smtps://...; empty: mail is kept as files in the instance",
    )
    mail_from: str = Field("auditkit@localhost", description="Sender address of mails")
    mailboxes: dict[str, str] = Field(
        default_factory=dict,
        description='Where complaints come in, by organisation: {"acme": "imaps://user:password@host/INBOX"}',
    )
    mailbox_after: str = Field(
        "mark",
        description="What happens to a mail in the mailbox once it was taken: mark, leave, or move:FOLDER",
    )
    mailbox_every: int = Field(
        5,
        ge=0,
        le=1440,
        description="Minutes between two readings of each mailbox by the server; 0: only by `auditkit mail fetch`",
    )
    sms_url: str = Field("", description="apprise address of an SMS service, {to} for the number; empty: no SMS")
    chat_url: str = Field("", description="apprise address of a chat service, {to} for the person; empty: no chat")
    evidence_url: str = Field(
        "",
        description="Where evidence lies: s3://bucket/prefix (keys in AWS_*) or file:///folder; empty: the instance",
    )
    behind_proxy: bool = Field(False, description="Trust X-Forwarded-* of one proxy in front")
    secure_cookies: bool = Field(False, description="Send cookies over HTTPS only")

    @property
    def url(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{(self.instance / 'auditkit.sqlite').resolve()}"

    def make_instance(self) -> None:
        """Create the instance folder and its secret key; an existing key is never replaced.

        Raises BadInput when the folder cannot be written.
        """
        try:
            self.instance.mkdir(parents=True, exist_ok=True)
            self.instance.chmod(0o700)
            if (self.instance / SECRET_FILE).exists():
                return
            descriptor = os.open(self.instance / SECRET_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise BadInput(
                N_("The instance folder cannot be written: %(reason)s. Set AUDITKIT_INSTANCE to a folder you own"),
                place=str(self.instance),
                reason=error.strerror,
            ) from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))

    def key(self) -> str:
        """The secret in force. Raises BadInput where the instance was never made."""
        if self.secret_key:
            return self.secret_key
        try:
            return (self.instance / SECRET_FILE).read_text(encoding="ascii")
        except FileNotFoundError as error:
            raise BadInput(
                N_("There is no instance here yet. Run `auditkit init` first, or set AUDITKIT_INSTANCE"),
                place=str(self.instance),
            ) from error
