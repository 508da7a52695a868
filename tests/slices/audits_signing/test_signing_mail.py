"""The auditee's representative is told by mail, once for each signature that waits for them, in their language."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from auditkit.accounts.models import Person
from auditkit.audits.rules import Grade
from auditkit.base.db import reading, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.content.library import Library
from tests.conftest import House
from tests.slices.audits.doing import own_library, reported
from tests.slices.audits_signing.doing import acknowledge, amend, name_auditee, sign, signed


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def mails(house: House) -> list[OutboxMail]:
    query = select(OutboxMail).where(OutboxMail.about_kind == "audit-signature").order_by(OutboxMail.id)
    return list(reading(house.system).execute(query).scalars())


def address(house: House, role: str) -> str:
    return str(reading().execute(select(Person.email).where(Person.id == house.person(role))).scalar_one())


def test_signing_tells_whoever_was_named(acme: House, books: Library, clock) -> None:
    number = reported(acme, books, Grade.MINOR)
    name_auditee(acme, number)
    assert mails(acme) == [], "nothing waits yet"
    sign(acme, number)
    (mail,) = mails(acme)
    assert (mail.recipient, mail.reference) == (address(acme, "complaint-handler"), number)
    assert mail.subject == f"Acme Ltd: Please acknowledge: audit report {number}"
    assert f"The report of audit {number} is signed and waits for your acknowledgement." in mail.body
    assert mail.body.rstrip().endswith(f"/o/acme/audits/{number}/auditee")
    assert "door" not in mail.body.lower(), "what was found stays in the house"
    assert "Round in spring" not in mail.subject + mail.body


def test_once_for_each_person_and_signature(acme: House, books: Library, clock) -> None:
    number = signed(acme, books)
    assert mails(acme) == [], "nobody is named"
    name_auditee(acme, number)
    name_auditee(acme, number)
    assert [one.recipient for one in mails(acme)] == [address(acme, "complaint-handler")]
    name_auditee(acme, number, "quality-manager")
    assert [one.recipient for one in mails(acme)][1:] == [address(acme, "quality-manager")]
    acknowledge(acme, number, "quality-manager")
    name_auditee(acme, number)
    assert len(mails(acme)) == 2, "it is acknowledged"
    amend(acme, number, f"{number}-F1", statement="Two doors stood open")
    told = mails(acme)[2]
    assert told.recipient == address(acme, "complaint-handler")
    assert "was amended and signed again" in told.body


def test_it_speaks_the_language_of_whoever_gets_it(acme: House, books: Library, clock) -> None:
    with transaction(acme.system) as tx:
        tx.execute(update(Person).where(Person.id == acme.person("complaint-handler")).values(locale="en_XA"))
    number = reported(acme, books)
    name_auditee(acme, number)
    sign(acme, number)
    (mail,) = mails(acme)
    assert "Please acknowledge" not in mail.subject
    assert "waits for" not in mail.body
    assert number in mail.body
