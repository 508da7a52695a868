"""What the worker does by itself for documents: it asks readers, reminds them once, and warns of reviews.

Each mail goes to a person once for a version, however long no worker was there: what was sent is kept beside it.
tests/slices/policies/test_reading.py.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flask import current_app

from auditkit.accounts.queries import OrganisationView, members, members_with, organisations
from auditkit.base import clock, jobs
from auditkit.base.actor import Actor
from auditkit.base.calendar.days import zone_of
from auditkit.base.db import Session, db, reading, separate_scope, transaction
from auditkit.base.text import _, language_written
from auditkit.policies import queries
from auditkit.policies.queries import PolicyView, Version
from auditkit.policies.queries import readers as reads
from auditkit.policies.rules import Notice
from auditkit.policies.rules.readers import notice_for_reader, notice_of_review
from auditkit.policies.service.readers import Mail, mail
from auditkit.policies.telling import in_language_of, public_url
from auditkit.web.languages import day_in

LOOKED_EVERY = timedelta(minutes=5)


@jobs.watch
def remind() -> None:
    """Mail what is due in every organisation; plain reads where nothing is."""
    session = db.session()
    houses = organisations(session)
    session.rollback()
    for house in (one for one in houses if _is_time(one.id)):
        with separate_scope():
            actor = Actor.system(house.id)
            today = clock.now().astimezone(zone_of(house.zone)).date()
            due = list(_due(reading(actor), house, today))
            if due:
                with transaction(actor) as tx:
                    # Looked at again under the lock: another worker may have been faster.
                    for one in _due(tx, house, today):
                        mail(tx, one, clock.now(), actor)


def _is_time(organisation_id: int) -> bool:
    """Whether an organisation's documents were last looked at long enough ago: mails of days need no half minutes."""
    looked: dict[int, datetime] = current_app.extensions.setdefault("auditkit.policies.looked", {})
    last = looked.get(organisation_id)
    if last is not None and timedelta(0) <= clock.now() - last < LOOKED_EVERY:
        return False
    looked[organisation_id] = clock.now()
    return True


def _due(tx: Session, house: OrganisationView, today: date) -> Iterator[Mail]:
    documents = queries.policies(tx)
    addresses = {one.person_id: one.email for one in members(tx)}
    sent = reads.notices(tx, [version.id for one in documents for version in one.versions])
    for one in reads.readings(tx, today, documents):
        for reader in one.missing:
            kind = notice_for_reader(sent.get((one.version.id, reader.person_id), {}), today)
            if kind is not None:
                yield _mail(house, one.policy, one.version, reader.person_id, addresses, kind)
    approvers = [one.person_id for one in members_with(tx, "policies.approve")]
    for policy in documents:
        version = policy.in_force(today)
        owner = policy.card.owner_id
        person = owner if owner in addresses else next(iter(approvers), None)
        if version is None or person is None:
            continue
        kind = notice_of_review(version.review_by, sent.get((version.id, person), {}), today)
        if kind is not None:
            yield _mail(house, policy, version, person, addresses, kind)


def _mail(
    house: OrganisationView, policy: PolicyView, version: Version, person: int, addresses: dict[int, str], kind: Notice
) -> Mail:
    with in_language_of(house):
        name = _("%(reference)s %(title)s, version %(number)s", **_named(policy, version))
        subject, said = _words(kind, name, version)
    address = f"{public_url()}/o/{house.slug}/policies/{policy.id}/versions/{version.number}"
    body = f"{said}\n\n{address}\n"
    return Mail(policy.id, version.id, person, kind, addresses[person], f"{house.name}: {subject}", body)


def _named(policy: PolicyView, version: Version) -> dict[str, object]:
    return {"reference": policy.reference, "title": version.title, "number": version.number}


def _words(kind: Notice, name: str, version: Version) -> tuple[str, str]:
    day = day_in(version.review_by, language_written()) if version.review_by else ""
    if kind is Notice.ASKED:
        return _("Please read: %(document)s", document=name), _("Read it and confirm that you have understood it.")
    if kind is Notice.REMINDER:
        return (
            _("Still to be read: %(document)s", document=name),
            _("You were asked a week ago. Read it and confirm that you have understood it."),
        )
    if kind is Notice.REVIEW_SOON:
        return _("Review soon: %(document)s", document=name), _("It is to be reviewed by %(day)s.", day=day)
    return _("Review overdue: %(document)s", document=name), _("It was to be reviewed by %(day)s.", day=day)
