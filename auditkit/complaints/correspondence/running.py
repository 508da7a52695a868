"""From bytes to a case: one mail after the other, from files or a mailbox. A mail that cannot be read is kept aside.

The order is what makes it safe to be killed anywhere: bytes are stored first (evidence, or the folder `mail-aside`),
then one transaction records everything, then the mailbox is told. Checked by
tests/slices/complaints/correspondence/test_mail_in.py; killed in test_mailbox.py.
"""

import io
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError

from auditkit.base import clock
from auditkit.base.actor import Actor
from auditkit.base.db import Session, reading, transaction
from auditkit.base.errors import BadInput, Conflict, NotFound
from auditkit.base.ids import digest
from auditkit.base.settings import Settings
from auditkit.base.text import _
from auditkit.complaints.correspondence import queries
from auditkit.complaints.correspondence.mail.kinds import MailKind, kind_of
from auditkit.complaints.correspondence.mail.reading import MAX_MAIL_BYTES, Attached, Mail, MailTooLarge, read
from auditkit.complaints.correspondence.mail.threads import signs_in
from auditkit.complaints.correspondence.taking import Place, SetAside, TakeMail, Taken, set_aside, take_mail
from auditkit.evidence import intake
from auditkit.evidence.intake import Received
from auditkit.evidence.rules import UploadsRefused
from auditkit.web.languages import listed

ASIDE = "mail-aside"


@dataclass(frozen=True)
class Told:
    """What is said about one mail. `outcome` as in `IncomingMail`, or known (seen before) or would-… in a dry run."""

    name: str
    outcome: str
    reference: str = ""
    subject: str = ""
    reason: str = ""
    says_about: str = ""
    refused: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For `--json`: only what is there to say."""
        return {name: value for name, value in self.__dict__.items() if value}


@dataclass
class Tally:
    """How many mails had which outcome."""

    counts: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)

    def add(self, told: Told) -> Told:
        """Count it and remember what is said of it."""
        self.counts[told.outcome] += 1
        self.told.append(told)
        return told

    @property
    def unread(self) -> int:
        """How many were set aside."""
        return self.counts["aside"]


class Aside:
    """The folder of an organisation for mails that are in no case: under their digest, written whole or not at all."""

    def __init__(self, instance: Path, organisation_id: int) -> None:
        self.folder = instance / ASIDE / str(organisation_id)

    def keep(self, raw: bytes) -> str:
        """Store `raw`; its digest."""
        name = digest(raw)
        place = self.folder / f"{name}.eml"
        if not place.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder / f".{name}.part"
            with unfinished.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(place)
        return name

    def bytes_of(self, name: str) -> bytes:
        """What was kept under a digest. Raises NotFound."""
        try:
            return (self.folder / f"{name}.eml").read_bytes()
        except FileNotFoundError as error:
            raise NotFound from error


class MailIn:
    """Takes mails in for one organisation. `tracking` is the address of the complainants' page, empty: not told."""

    def __init__(self, settings: Settings, actor: Actor, *, tracking: str = "", acknowledge: bool = True) -> None:
        self.settings, self.actor = settings, actor
        self.tracking, self.acknowledge = tracking, acknowledge
        self.aside = Aside(settings.instance, actor.organisation_id)

    def look(self, raw: bytes, name: str) -> Told:
        """What would become of a mail; nothing is stored."""
        tx = reading(self.actor)
        try:
            mail = read(raw)
        except BadInput as error:
            return Told(name, "would-aside", reason=str(error))
        if self._is_known(tx, mail):
            return Told(name, "known", subject=mail.subject)
        kind = self._kind(mail)
        found = next((one for sign in signs_in(mail) if (one := queries.thread_of(tx, sign.token))), None)
        if kind is not MailKind.LETTER and not (kind is MailKind.LIST and found):
            return Told(name, f"would-{kind}", subject=mail.subject)
        if found is not None:
            return Told(name, "would-answered", found[1], mail.subject)
        return Told(name, "would-opened", subject=mail.subject)

    def take(self, raw: bytes, place: Place, *, arrived_at: datetime | None = None, is_letter: bool = False) -> Told:
        """Take one mail in, or set it aside. Raises StorageFull and StorageFailed: then nothing was recorded."""
        name = place.source
        if not is_letter and queries.is_known(reading(self.actor), digest(raw)):
            return Told(name, "known")
        try:
            mail = read(raw)
        except BadInput as error:
            return self.keep_aside(raw, place, str(error))
        if not is_letter and self._is_known(reading(self.actor), mail):
            return Told(name, "known", subject=mail.subject)
        original, files, refused = self._files(mail)
        if original is None or self._kind(mail) is not MailKind.LETTER:
            self.aside.keep(mail.raw)  # it may end in no case
        try:
            taken = self._store(mail, place, original, files, refused, arrived_at, is_letter)
        except IntegrityError:  # another process took the same mail at the same moment
            if queries.is_known(reading(self.actor), mail.digest):
                return Told(name, "known", subject=mail.subject)
            raise
        except BadInput as error:
            return self.keep_aside(raw, place, str(error))
        if taken is None:
            return Told(name, "known", subject=mail.subject)
        names = tuple(one["name"] for one in refused)
        return Told(name, taken.outcome, taken.reference, mail.subject, "", taken.says_about, names)

    def _store(
        self,
        mail: Mail,
        place: Place,
        original: Received | None,
        files: list[Received],
        refused: list[dict[str, Any]],
        arrived_at: datetime | None,
        is_letter: bool,
    ) -> Taken | None:
        with transaction(self.actor) as tx:
            if not is_letter and self._is_known(tx, mail):
                return None
            command = TakeMail(
                mail=mail,
                place=place,
                original=original,
                files=files,
                refused=refused,
                arrived_at=arrived_at,
                own_addresses=self._own_addresses(tx),
                tracking=self.tracking,
                acknowledge=self.acknowledge,
                is_letter=is_letter,
            )
            taken: Taken = take_mail(tx, command, clock.now(), self.actor)
            return taken

    def keep_aside(self, raw: bytes, place: Place, reason: str) -> Told:
        """Keep what could not be read, and say why."""
        kept = self.aside.keep(raw)
        return self._note_aside(kept, place, reason)

    def too_large(self, name_for_digest: str, place: Place, size: int) -> Told:
        """Note a mail that is larger than is taken; it stays where it is."""
        mib = 1024 * 1024
        reason = str(MailTooLarge(size=-(-size // mib), limit=MAX_MAIL_BYTES // mib))
        return self._note_aside(digest(name_for_digest.encode()), place, reason)

    def _note_aside(self, kept: str, place: Place, reason: str) -> Told:
        with transaction(self.actor) as tx:
            if not queries.is_known(tx, kept):
                set_aside(tx, SetAside(kept, place, reason), clock.now(), self.actor)
        return Told(place.source, "aside", reason=reason)

    def open_after_all(self, mail_id: int) -> Told:
        """Open a complaint from a mail that was set aside or ignored. Raises NotFound, Conflict, and as `read`."""
        tx = reading(self.actor)
        raw = self.aside.bytes_of(queries.mail_digest(tx, mail_id))
        read(raw)
        seen = queries.seen(tx, mail_id)
        if seen.outcome not in ("ignored", "aside"):
            raise Conflict
        return self.take(raw, Place(seen.source), is_letter=True)

    def _is_known(self, tx: Session, mail: Mail) -> bool:
        return queries.is_known(tx, mail.digest, mail.message_id, mail.content_digest)

    def _kind(self, mail: Mail) -> MailKind:
        tx = reading(self.actor)
        return kind_of(mail, queries.setting(tx).lists, self._own_addresses(tx))

    def _own_addresses(self, tx: Session) -> frozenset[str]:
        known = (self.settings.mail_from, queries.setting(tx).reply_address)
        return frozenset(address.lower() for address in known if address)

    def _files(self, mail: Mail) -> tuple[Received | None, list[Received], list[dict[str, Any]]]:
        """(the original as evidence, the attachments taken, those that were refused and why)."""
        files: list[Received] = []
        refused: list[dict[str, Any]] = []
        for one in mail.attachments:
            received, reason = _receive(one)
            if received is not None:
                if received.digest not in {other.digest for other in files}:
                    files.append(received)
            else:
                refused.append({"name": one.name[:255], **reason})
        when = mail.arrived_at or mail.written_at
        name = f"mail-{when:%Y-%m-%d-%H%M}.eml" if when is not None else "mail.eml"
        original, _reason = _receive(Attached(name, "message/rfc822", mail.raw))
        return original, files, refused


def _receive(one: Attached) -> tuple[Received | None, dict[str, Any]]:
    try:
        return intake.receive([(io.BytesIO(one.data), one.name)])[0], {}
    except UploadsRefused as refused:
        first = refused.refusals[0]
        params = {name: value for name, value in first.params.items() if isinstance(value, str | int)}
        return None, {"message": first.message, "params": params}


def told_in_words(told: Told) -> str:
    """One line about a mail, for people at a terminal."""
    words = {
        "opened": _("%(reference)s opened: %(subject)s", reference=told.reference, subject=told.subject),
        "answered": _("message in %(reference)s", reference=told.reference),
        "bounced": _("came back to %(reference)s", reference=told.reference),
        "noted": _("automatic answer in %(reference)s", reference=told.reference),
        "ignored": _("written by a machine; no complaint"),
        "known": _("seen before; nothing imported"),
        "aside": _("set aside: %(reason)s", reason=told.reason),
        "would-opened": _("would open a complaint: %(subject)s", subject=told.subject),
        "would-answered": _("would go to %(reference)s", reference=told.reference),
        "would-aside": _("would be set aside: %(reason)s", reason=told.reason),
    }
    said = words.get(told.outcome) or _("written by a machine; would open no complaint")
    if told.says_about:
        said = _("%(said)s (it says that it is about %(reference)s)", said=said, reference=told.says_about)
    if told.refused:
        said = _("%(said)s; not taken: %(files)s", said=said, files=listed(told.refused))
    return f"{told.name}: {said}"
