"""What is kept beside the cases, how long, and how it goes: mails laid aside, filters, profiles, tokens, parcels, jobs.

Everything here may name somebody and hangs on no case, or no longer; so it has a time of its own, which the
organisation can change. Tables are walked by name, as in `erasing`. Checked by
tests/slices/complaints_privacy/test_beside_cases.py, which also looks for tables that nobody gave a fate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, delete, or_, select, update

from auditkit.base.db import Base, Session
from auditkit.base.text import N_
from auditkit.complaints.privacy.models import KeepingTime
from auditkit.complaints.privacy.rules import MARK, Aside


@dataclass(frozen=True)
class Keep:
    """A kind of record: what it is, from when its time runs and what happens then, and the supplied days."""

    title: str
    then: str
    days: int


KEPT = {
    Aside.MAILS: Keep(
        N_("Mails that are in no case"),
        N_(
            "From the day they came in. Sender, subject and the mail itself go; its digest stays, so that it is not "
            "taken twice."
        ),
        180,
    ),
    Aside.FILTERS: Keep(
        N_("Kept filters of people who left"),
        N_(
            "From the day they were kept, once the person is no member any more. They go whole. A filter that looks "
            "for a complainant goes with that person's data."
        ),
        30,
    ),
    Aside.PROFILES: Keep(
        N_("Profiles of imports that were taken out of use"),
        N_("From that day. They go whole; the digest that imports name stays with the imports."),
        365,
    ),
    Aside.TOKENS: Keep(
        N_("API tokens of people that work no longer"),
        N_(
            "From the day they ended. They go whole. Tokens of the organisation stay, because the journal shows their "
            "names."
        ),
        365,
    ),
    Aside.REQUESTS: Keep(
        N_("Requests to the API"),
        N_("From the answer. Key, digest and reference go; sent again later, the request counts as a new one."),
        90,
    ),
    Aside.PARCELS: Keep(
        N_("Mail to members"),
        N_("From the day it left or failed. Address, subject and text go."),
        90,
    ),
    Aside.JOBS: Keep(
        N_("Long work that has ended"),
        N_("From the day it was asked for. It goes whole."),
        90,
    ),
}  # fmt: skip


def days(tx: Session) -> dict[Aside, int]:
    """For how many days each kind is kept in this organisation."""
    own = {Aside(what): number for what, number in tx.execute(select(KeepingTime.what, KeepingTime.days))}
    return {what: own.get(what, keep.days) for what, keep in KEPT.items()}


def stamp(kept: Mapping[Aside, int]) -> str:
    """Says whether two people looked at the same times of keeping."""
    return "-".join(str(kept[what]) for what in KEPT)


def tidy(tx: Session, organisation_id: int, now: datetime) -> tuple[dict[str, int], list[str]]:
    """Erase what has come to its end; how many of each kind, and the digests of mails whose files are to go."""
    connection, digests = tx.connection(), list[str]()
    counts: dict[str, int] = {}
    for what, number in days(tx).items():
        before = now - timedelta(days=number)
        if what is Aside.MAILS:
            digests = _mails(connection, organisation_id, before)
            counts[what.value] = len(digests)
        else:
            counts[what.value] = _TIDIERS[what](connection, organisation_id, before)
    tx.expire_all()
    return {what: count for what, count in counts.items() if count}, digests


def remove_mail_files(folder: Path, digests: list[str]) -> int:
    """Remove the mails themselves from the organisation's folder of mails laid aside; how many there were."""
    found = [folder / f"{digest}.eml" for digest in digests]
    there = [path for path in found if path.exists()]
    for path in there:
        path.unlink(missing_ok=True)
    return len(there)


def digests_of_erased(tx: Session) -> list[str]:
    """Digests of mails of cases whose personal data is gone: a returned mail or an automatic answer also lies aside."""
    mails, gone = _table("incoming_mail").c, _table("complaint_anonymisation").c
    query = select(mails.digest).where(mails.complaint_id.in_(select(gone.complaint_id)))
    return list(tx.connection().execute(query).scalars())


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _done(connection: Connection, statement: Any) -> int:
    result = connection.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 - what an UPDATE or DELETE gives
    return result.rowcount


def _mails(connection: Connection, organisation_id: int, before: datetime) -> list[str]:
    """Blank the mails without a case; those that were blanked before are passed over."""
    mails = _table("incoming_mail")
    old = (
        mails.c.organisation_id == organisation_id,
        mails.c.complaint_id.is_(None),
        mails.c.taken_at < before,
        mails.c.source != MARK,
    )
    digests = list(connection.execute(select(mails.c.digest).where(*old)).scalars())
    blank = {"message_id_header": "", "sender_name": "", "sender": "", "subject": "", "says_about": ""}
    values = {**blank, "source": MARK, "refused": [], "notes": []}
    connection.execute(update(mails).where(*old, mails.c.reason == "").values(**values))
    connection.execute(update(mails).where(*old).values(**values, reason=MARK))
    return digests


def _filters(connection: Connection, organisation_id: int, before: datetime) -> int:
    filters, members = _table("register_filter"), _table("membership").c
    here = select(members.person_id).where(members.organisation_id == organisation_id)
    gone = delete(filters).where(
        filters.c.organisation_id == organisation_id, filters.c.kept_at < before, filters.c.person_id.not_in(here)
    )
    return _done(connection, gone)


def _profiles(connection: Connection, organisation_id: int, before: datetime) -> int:
    profiles = _table("import_profile")
    retired = select(profiles.c.name).where(
        profiles.c.organisation_id == organisation_id, profiles.c.retired_at < before
    )
    in_use = select(profiles.c.name).where(
        profiles.c.organisation_id == organisation_id,
        or_(profiles.c.retired_at.is_(None), profiles.c.retired_at >= before),
        profiles.c.saved_at >= before,
    )
    gone = delete(profiles).where(
        profiles.c.organisation_id == organisation_id, profiles.c.name.in_(retired), profiles.c.name.not_in(in_use)
    )
    return _done(connection, gone)


def _tokens(connection: Connection, organisation_id: int, before: datetime) -> int:
    tokens, requests = _table("api_token"), _table("api_request")
    ended = (
        tokens.c.organisation_id == organisation_id,
        tokens.c.for_organisation.is_(False),
        or_(tokens.c.expires_at < before, tokens.c.revoked_at < before),
    )
    connection.execute(delete(requests).where(requests.c.token_id.in_(select(tokens.c.id).where(*ended))))
    return _done(connection, delete(tokens).where(*ended))


def _requests(connection: Connection, organisation_id: int, before: datetime) -> int:
    requests = _table("api_request")
    old = (requests.c.organisation_id == organisation_id, requests.c.answered_at < before)
    return _done(connection, delete(requests).where(*old))


def _parcels(connection: Connection, organisation_id: int, before: datetime) -> int:
    """Parcels about no case; those of nobody's organisation, such as links to sign in, go with any organisation's."""
    parcels = _table("outbox_mail")
    old = (
        or_(parcels.c.organisation_id == organisation_id, parcels.c.organisation_id.is_(None)),
        parcels.c.about_kind.not_like("complaint%"),
        parcels.c.state.in_(("sent", "failed", "uncertain")),
        parcels.c.due_at < before,
        parcels.c.recipient != "",
    )
    blank: dict[str, Any] = {
        "recipient": "",
        "subject": "",
        "body": "",
        "headers": {},
        "hidden": [],
        "last_error": None,
    }
    return _done(connection, update(parcels).where(*old).values(**blank))


def _jobs(connection: Connection, organisation_id: int, before: datetime) -> int:
    jobs = _table("job")
    old = (
        jobs.c.organisation_id == organisation_id,
        jobs.c.state.in_(("done", "failed")),
        jobs.c.created_at < before,
    )
    return _done(connection, delete(jobs).where(*old))


_TIDIERS: dict[Aside, Callable[[Connection, int, datetime], int]] = {
    Aside.FILTERS: _filters,
    Aside.PROFILES: _profiles,
    Aside.TOKENS: _tokens,
    Aside.REQUESTS: _requests,
    Aside.PARCELS: _parcels,
    Aside.JOBS: _jobs,
}
