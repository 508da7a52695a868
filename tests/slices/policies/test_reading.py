"""Read and understood: who is asked, the confirmation, coverage, mails that go once, the export."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from auditkit.base import jobs
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.policies import rules, service
from auditkit.policies.models import PolicyConfirmation
from auditkit.policies.queries import readers as reads
from auditkit.policies.rules import readers
from auditkit.policies.rules.readers import Coverage
from tests.slices.policies.conftest import NOW

BASE = "/o/acme/policies/"
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def not_looked_yet(app):
    """The worker of this process has looked at no organisation; an earlier test's has the same number."""
    app.extensions.pop("auditkit.policies.looked", None)


@pytest.fixture
def to_read(acme, do, published):
    """A policy in force that all staff and the internal auditor must read."""
    policy_id = published(acme)
    command = service.SetReaders(policy_id, ("staff",), (acme.person("internal-auditor"),))
    do(acme, service.set_readers, command)
    return policy_id


def second_version(do, house, policy_id, effective=TODAY):
    do(house, service.edit_section, service.EditSection(policy_id, "scope", "Scope", "Something new."))
    do(house, service.approve, service.Approve(policy_id, "New scope"), "administrator")
    do(house, service.publish, service.Publish(policy_id, 2, effective), "administrator")


def confirm(do, house, policy_id, role, number=1):
    do(house, service.confirm, service.Confirm(policy_id, number, True), role)


def state(house, day=TODAY) -> list[tuple[int, Coverage]]:
    return [(one.version.number, one.coverage) for one in reads.readings(reading(house.system), day)]


def mails(house) -> list[tuple[str, str]]:
    with transaction(house.system) as tx:
        rows = tx.execute(select(OutboxMail).where(OutboxMail.about_kind == "policy").order_by(OutboxMail.id)).scalars()
        return [(row.recipient.partition("@")[0], row.subject.partition(": ")[2]) for row in rows]


def test_a_persons_list_and_the_confirmation(acme, do, to_read):
    staff = acme.person("staff")
    assert [one.version.number for one in reads.to_read(reading(acme.system), staff, TODAY)] == [1]
    assert reads.to_read(reading(acme.system), acme.person("complaint-handler"), TODAY) == []
    assert state(acme) == [(1, Coverage(0, 2))]
    confirm(do, acme, to_read, "staff")
    assert reads.to_read(reading(acme.system), staff, TODAY) == []
    (one,) = reads.readings(reading(acme.system), TODAY)
    done = one.confirmed[staff]
    assert (done.name, done.role, done.language, done.confirmed_at) == ("staff of acme", "staff", "en", NOW)
    assert one.by_role == {"internal-auditor": Coverage(0, 1), "staff": Coverage(1, 1)}
    confirm(do, acme, to_read, "internal-auditor")
    assert state(acme)[0][1].percent == 100


def test_a_new_version_asks_again(acme, do, to_read):
    confirm(do, acme, to_read, "staff")
    second_version(do, acme, to_read)
    assert state(acme) == [(2, Coverage(0, 2))]
    with pytest.raises(readers.NotToBeRead):
        confirm(do, acme, to_read, "internal-auditor", 1)


def test_a_version_to_come_is_asked_for_beside_the_one_in_force(acme, do, to_read):
    second_version(do, acme, to_read, TODAY + timedelta(days=10))
    assert [number for number, _covered in state(acme)] == [1, 2]
    confirm(do, acme, to_read, "staff", 2)
    assert state(acme) == [(1, Coverage(0, 2)), (2, Coverage(1, 2))]


def test_who_gets_the_role_later_is_asked_too(acme, do, to_read):
    acme.colleague("staff", "Newcomer")
    assert state(acme) == [(1, Coverage(0, 3))]


def test_one_who_need_not_may_confirm_and_is_told_apart(acme, do, to_read):
    confirm(do, acme, to_read, "complaint-handler")
    (one,) = reads.readings(reading(acme.system), TODAY)
    assert one.coverage == Coverage(0, 2)
    assert [it.name for it in one.beside] == ["complaint-handler of acme"]


def test_confirmations_that_are_refused(acme, globex, do, to_read):
    with pytest.raises(readers.ReadingNotTicked):
        do(acme, service.confirm, service.Confirm(to_read, 1, False), "staff")
    confirm(do, acme, to_read, "staff")
    with pytest.raises(readers.ReadAlready):
        confirm(do, acme, to_read, "staff")
    with pytest.raises(NotFound):
        confirm(do, globex, to_read, "staff")
    with pytest.raises(NotFound):
        confirm(do, acme, to_read, "staff", 7)
    with pytest.raises(Forbidden):
        confirm(do, acme, to_read, "external-reviewer")
    with pytest.raises(rules.ApproverUnknown):
        do(acme, service.confirm, service.Confirm(to_read, 1, True), actor=acme.system)


def test_readers_that_are_refused(acme, globex, do, to_read):
    for command in (service.SetReaders(to_read, ("king",)), service.SetReaders(to_read, (), (globex.person("staff"),))):
        with pytest.raises(readers.ReaderUnknown):
            do(acme, service.set_readers, command)
    do(acme, service.set_readers, service.SetReaders(to_read))
    assert state(acme) == []


@pytest.mark.parametrize(
    "act", [lambda: update(PolicyConfirmation).values(name="y"), lambda: delete(PolicyConfirmation)]
)
def test_the_database_keeps_confirmations_as_they_are(acme, do, to_read, act):
    confirm(do, acme, to_read, "staff")
    with pytest.raises(DBAPIError, match="a confirmation is immutable"), transaction(acme.system) as tx:
        tx.execute(act())


def test_readers_are_asked_and_reminded_once_by_mail(acme, globex, do, clock, to_read):
    for _round in range(3):
        jobs.look_around()
    assert sorted(mails(acme)) == [
        ("internal-auditor", "Please read: POL-01 Complaints-handling policy, version 1"),
        ("staff", "Please read: POL-01 Complaints-handling policy, version 1"),
    ]
    confirm(do, acme, to_read, "staff")
    clock.advance(days=6)
    jobs.look_around()
    assert len(mails(acme)) == 2
    clock.advance(days=40)
    for _round in range(2):
        jobs.look_around()
    assert mails(acme)[2:] == [
        ("internal-auditor", "Still to be read: POL-01 Complaints-handling policy, version 1"),
    ]


def test_an_organisation_is_looked_at_every_five_minutes(acme, do, clock, to_read):
    jobs.look_around()
    assert len(mails(acme)) == 2
    newcomer = acme.colleague("staff", "Newcomer")
    clock.advance(minutes=4)
    jobs.look_around()
    assert len(mails(acme)) == 2
    clock.advance(minutes=1)
    jobs.look_around()
    assert len(mails(acme)) == 3, newcomer.name


def test_the_owner_is_told_of_a_review_once_before_and_once_after(acme, do, clock, started):
    policy_id = started(acme)
    command = service.Approve(policy_id, "x", TODAY + timedelta(days=60))
    do(acme, service.approve, command, "administrator")
    do(acme, service.publish, service.Publish(policy_id, 1, TODAY), "administrator")
    jobs.look_around()
    assert mails(acme) == []
    clock.advance(days=30)
    for _round in range(2):
        jobs.look_around()
    assert mails(acme) == [("quality-manager", "Review soon: POL-01 Complaints-handling policy, version 1")]
    clock.advance(days=31)
    for _round in range(2):
        jobs.look_around()
    assert [subject.partition(":")[0] for _to, subject in mails(acme)] == ["Review soon", "Review overdue"]


def test_over_http_to_a_hundred_per_cent(acme, browser, published):
    published(acme)
    editor, staff = browser(acme, "quality-manager"), browser(acme, "staff")
    editor.get(f"{BASE}1/readers")
    page = editor.post_form({"roles": ["staff"]})
    assert "0 of 1 have confirmed it" in page.text
    assert "POL-01" in staff.get(BASE).soup.find(class_="callout").get_text()
    staff.get(f"{BASE}to-read")
    staff.follow("POL-01 Complaints-handling policy")
    page = staff.post_form({}, action="/confirm")
    assert "Tick that you have read the text and understood it" in page.text
    page = staff.post_form({"ticked": "y"}, action="/confirm")
    assert "Your confirmation was recorded" in page.text
    assert "Nothing to read" in page.text
    assert "1 of 1 have confirmed it" in editor.get(f"{BASE}1/read-by").text
    assert "100 %" in editor.get(f"{BASE}reading").text
    assert "You confirmed" in staff.get(f"{BASE}1/versions/1").text


def test_the_export_names_everybody(acme, browser, do, to_read):
    confirm(do, acme, to_read, "staff")
    editor = browser(acme, "quality-manager")
    answer = editor._run(editor.client.get, f"{BASE}reading.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[2], row[3], bool(row[6])) for row in rows[1:]] == [
        ("POL-01", 1, "internal-auditor of acme", False),
        ("POL-01", 1, "staff of acme", True),
    ]
    browser(acme, "staff").get(f"{BASE}reading.xlsx", status=403)
