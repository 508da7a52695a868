"""How an organisation corresponds, its wordings in force, and what letters are filled with."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from auditkit.accounts.queries import organisations
from auditkit.base.calendar.days import zone_of
from auditkit.base.calendar.spans import day_of
from auditkit.base.db import SCOPE, Session
from auditkit.base.errors import NotFound
from auditkit.complaints.correspondence import wording
from auditkit.complaints.correspondence.models import (
    ComplaintMessage,
    CorrespondenceSetting,
    IncomingMail,
    LetterWording,
)
from auditkit.complaints.correspondence.wording import Letter
from auditkit.complaints.intake.models import ComplaintIntake
from auditkit.complaints.models import Complaint


@dataclass(frozen=True)
class Setting:
    """How the organisation corresponds. `organisation` is its name, `locale` its language, `zone` whose clocks it goes
    by."""

    organisation: str
    locale: str
    zone: str
    version: int = 0
    reply_address: str = ""
    plus_addresses: bool = False
    sender_name: str = ""
    automatic_acknowledgement: bool = False
    automatic_counts: bool = False
    own_lists: str = ""

    def day(self, at: datetime) -> date:
        """The day a letter tells of a moment. Midnight UTC stands for a day whose hour is not known."""
        return day_of(at, zone_of(self.zone))

    @property
    def lists(self) -> frozenset[str]:
        """List-Ids and group addresses through which complaints come in, in small letters."""
        return frozenset(line.strip().strip("<>").lower() for line in self.own_lists.splitlines() if line.strip())


_SETTINGS = (
    "version",
    "reply_address",
    "plus_addresses",
    "sender_name",
    "automatic_acknowledgement",
    "automatic_counts",
    "own_lists",
)


def setting(tx: Session) -> Setting:
    """The organisation's setting, defaults where nothing was set."""
    here = next(one for one in organisations(tx) if one.id == tx.info[SCOPE])
    row = tx.execute(select(CorrespondenceSetting)).scalar_one_or_none()
    known = {name: getattr(row, name) for name in _SETTINGS} if row is not None else {}
    return Setting(here.name, here.locale, here.zone, **known)


def letter(tx: Session, kind: str, language: str, feedback: str = "") -> Letter:
    """The letter in force to this kind of feedback: the own wording, else the supplied one, in English where it lacks
    the language. Raises UnknownLetter for an unknown kind.
    """
    return letter_of(tx, kind, language, wording.sort_of(kind, feedback))


def letter_of(tx: Session, kind: str, language: str, sort: str = "") -> Letter:
    """The same by its sort (`rules.SORTS`)."""
    own, known = _own(tx, kind, language, sort), wording.languages_of(kind, sort)
    base = wording.supplied(kind, language if language in known else "en", sort)
    if own is not None and own.text:
        return Letter(kind, language, own.subject, own.text, base.nameless, own.version, sort)
    return base


def _own(tx: Session, kind: str, language: str, sort: str) -> LetterWording | None:
    newest = (
        select(LetterWording)
        .where(LetterWording.kind == kind, LetterWording.language == language, LetterWording.sort == sort)
        .order_by(LetterWording.version.desc())
        .limit(1)
    )
    return tx.execute(newest).scalar_one_or_none()


def wording_version(tx: Session, kind: str, language: str, sort: str = "") -> int:
    """The newest version of the organisation's own wording, 0 where there is none."""
    own = _own(tx, kind, language, sort)
    return own.version if own is not None else 0


def last_version(tx: Session, kind: str, language: str) -> int:
    """The highest version of this letter of any sort: they are counted together."""
    newest = select(func.max(LetterWording.version)).where(
        LetterWording.kind == kind, LetterWording.language == language
    )
    return int(tx.execute(newest).scalar_one() or 0)


def own_wordings(tx: Session) -> dict[tuple[str, str, str], int]:
    """(sort, kind, language) -> version, of the wordings in force that are the organisation's own."""
    columns = (LetterWording.sort, LetterWording.kind, LetterWording.language)
    rows = tx.execute(select(*columns, LetterWording.version, LetterWording.text).order_by(LetterWording.version))
    newest = {(sort, kind, language): (version, text) for sort, kind, language, version, text in rows}
    return {key: version for key, (version, text) in newest.items() if text}


@dataclass(frozen=True)
class Facts:
    """What letters can say about a complaint. `email` and `phone` are empty where not known."""

    id: int
    reference: str
    subject: str
    received: date
    stage: str
    outcome: str
    decision: str
    remedy: str
    complainant: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    version: int
    language: str = field(default="")
    kind: str = ""


def reference_of(tx: Session, complaint_id: int) -> str:
    """What people call a complaint. Raises NotFound."""
    found = tx.execute(select(Complaint.reference).where(Complaint.id == complaint_id)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def language_of(tx: Session, complaint_id: int) -> str:
    """The complainant's language: as it was said or chosen, else as their mails are written; "" where nobody knows."""
    said = select(ComplaintIntake.language).where(ComplaintIntake.complaint_id == complaint_id)
    written = (
        select(ComplaintMessage.language)
        .where(ComplaintMessage.complaint_id == complaint_id, ComplaintMessage.language != "")
        .order_by(ComplaintMessage.direction, ComplaintMessage.id.desc())  # `in` sorts before `out`
    )
    opened = select(IncomingMail.language).where(IncomingMail.complaint_id == complaint_id).order_by(IncomingMail.id)
    answers = (tx.execute(query.limit(1)).scalar_one_or_none() for query in (said, written, opened))
    return next((language for language in answers if language), "")


def facts(tx: Session, reference: str) -> Facts:
    """The complaint as letters need it. Raises NotFound."""
    row = tx.execute(select(Complaint).where(Complaint.reference == reference)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return Facts(
        id=row.id,
        reference=row.reference,
        subject=row.subject,
        received=setting(tx).day(row.received_at),
        stage=row.stage,
        outcome=row.outcome,
        decision=row.decision,
        remedy=row.remedy,
        complainant=row.complainant_name,
        email=row.complainant_email,
        phone=row.complainant_phone,
        street=row.complainant_street,
        postcode=row.complainant_postcode,
        city=row.complainant_city,
        region=row.complainant_region,
        country=row.complainant_country,
        version=row.version,
        language=language_of(tx, row.id),
        kind=row.kind,
    )
