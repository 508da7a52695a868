"""A redacted copy goes out in place of a file; without one the file is left out, and both is said."""

import io
import json
from hashlib import sha256

import pytest

from auditkit.base import clock
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints import service as complaints
from auditkit.complaints.exporting import gathering, service
from auditkit.complaints.exporting.models import ComplaintRedactedCopy
from auditkit.complaints.privacy.service import anonymising
from auditkit.evidence import intake as files
from auditkit.evidence import queries as evidence
from auditkit.evidence import service as evidence_service
from auditkit.journal.queries import timeline
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints_exporting.test_case_files import NAME, download, unpacked, words
from tests.slices.complaints_privacy import filling

ORIGINAL = f"I am {NAME}\n".encode()
COPY = b"I am [blacked out]\n"


@pytest.fixture
def case(acme, clock) -> str:
    actor = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity(NAME), NAME)
    filling.attached(actor, complaint_id, NAME)
    return reference


def page_of(browser, house, case):
    visitor = browser(house, "complaint-handler")
    visitor.get(f"/o/acme/complaints/case-files/{case}/copies")
    return visitor


def file_of(house, case):
    db.session.rollback()
    (one,) = [one for one in gathering.files_of(reading(house.system), 1) if one.digest == sha256(ORIGINAL).hexdigest()]
    return one


def add(visitor, house, case, data=COPY, name=f"{NAME} redacted.txt"):
    number = file_of(house, case).id
    return visitor.post_form({"copy": (io.BytesIO(data), name)}, action=f"/copies/{number}")


def test_the_copy_goes_out_and_names_the_original(acme, browser, case):
    visitor = page_of(browser, acme, case)
    assert "Left out" in visitor.page.text
    page = add(visitor, acme, case)
    assert "A copy goes out" in page.text
    members = unpacked(download(browser, acme, case, "redacted", "zip", role="internal-auditor"))
    file = file_of(acme, case)
    assert members[f"{case}/files/{file.id}-stands-for.txt"].decode().count(file.digest) == 1
    (copy,) = [data for name, data in members.items() if data == COPY]
    assert sha256(copy).hexdigest() in members[f"{case}/files/{file.id}-stands-for.txt"].decode()
    assert file.digest not in members.get(f"{case}/LEFT-OUT.txt", b"").decode()
    for name, content in members.items():
        assert NAME.encode() not in content, name
        assert NAME not in name
    said = words(members[f"{case}/case.docx"])
    assert f"Redacted copy with the digest {sha256(COPY).hexdigest()}" in said
    assert file.digest in said
    assert members[f"{case}/files/{file.id}-stands-for.txt"]


def test_without_a_copy_the_file_is_left_out_and_it_is_said_why(acme, browser, case):
    members = unpacked(download(browser, acme, case, "redacted", "zip"))
    file = file_of(acme, case)
    assert ORIGINAL not in members.values()
    why = "Left out because there is no redacted copy"
    assert why in members[f"{case}/files/{file.id}-withheld.txt"].decode()
    assert f"{file.digest}: {why}" in members[f"{case}/LEFT-OUT.txt"].decode()
    assert why in words(members[f"{case}/case.docx"])


def test_the_whole_file_still_has_the_original(acme, browser, case):
    add(page_of(browser, acme, case), acme, case)
    members = unpacked(download(browser, acme, case, "whole", "zip"))
    assert ORIGINAL in members.values()
    kept = json.loads(members[f"{case}/case.json"])["records"]["complaint_redacted_copy"]
    assert [one["original_digest"] for one in kept] == [sha256(ORIGINAL).hexdigest()]


def test_the_original_is_kept_and_a_copy_is_no_file_of_the_case(acme, browser, case):
    before = [one.digest for one in gathering.files_of(reading(acme.system), 1)]
    add(page_of(browser, acme, case), acme, case)
    db.session.rollback()
    assert [one.digest for one in gathering.files_of(reading(acme.system), 1)] == before


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (ORIGINAL, "copy.txt", "This is the original itself"),
        (b"", "", "Choose the redacted copy"),
        (b"MZ" + b"\0" * 99, "copy.exe", "copy.exe"),
    ],
)
def test_what_is_no_copy_is_refused(acme, browser, case, data, name, said):
    page = add(page_of(browser, acme, case), acme, case, data, name)
    assert said in page.text
    assert reading(acme.system).query(ComplaintRedactedCopy).count() == 0


def test_another_file_of_the_case_is_no_copy(acme, browser, case):
    filling.attached(acme.actor("quality-manager"), 1, "another")
    visitor = page_of(browser, acme, case)
    page = add(visitor, acme, case, b"I am another\n")
    assert "is itself a file of this case" in page.text


def test_a_copy_is_replaced_and_taken_away_and_both_is_on_record(acme, browser, case):
    visitor = page_of(browser, acme, case)
    add(visitor, acme, case)
    visitor.get(f"/o/acme/complaints/case-files/{case}/copies")
    add(visitor, acme, case, b"a second one\n")
    assert b"a second one\n" in unpacked(download(browser, acme, case, "redacted", "zip")).values()
    visitor.get(f"/o/acme/complaints/case-files/{case}/copies")
    page = visitor.post_form({}, action="/away")
    assert "Left out" in page.text
    db.session.rollback()
    events = [one.event for one in timeline(reading(acme.system), acme.id, ("complaint", 1))]
    wanted = ["complaint:redacted-copy-removed", "complaint:redacted-copy-added", "complaint:redacted-copy-added"]
    assert [one for one in events if "redacted" in one] == wanted
    visitor.post(f"/o/acme/complaints/case-files/{case}/copies/99/away", {}, status=404)


def test_only_who_handles_cases_adds_copies(acme, globex, browser, case):
    browser(acme, "internal-auditor").get(f"/o/acme/complaints/case-files/{case}/copies", status=403)
    browser(globex, "complaint-handler").get(f"/o/globex/complaints/case-files/{case}/copies", status=404)
    (received,) = files.receive([(io.BytesIO(COPY), "c.txt")])
    auditor, manager = acme.actor("internal-auditor"), acme.actor("quality-manager")
    with pytest.raises(Forbidden), transaction(auditor) as tx:
        service.add_copy(tx, service.AddCopy(case, 1, received), clock.now(), auditor)
    with pytest.raises(NotFound), transaction(manager) as tx:
        service.add_copy(tx, service.AddCopy(case, 999, received), clock.now(), manager)


def test_the_copy_goes_with_the_case(acme, browser, case, clock):
    """Erasing a case erases its redacted copies as well."""
    add(page_of(browser, acme, case), acme, case)
    filling.closed(1, NAME)
    manager = acme.actor("administrator")
    with transaction(manager) as tx:
        anonymising.anonymise(tx, anonymising.Anonymise(case, "by-hand", "asked"), clock.at, manager)
    db.session.rollback()
    copy_id = reading(acme.system).query(ComplaintRedactedCopy).one().copy_id
    assert evidence.erasure(reading(acme.system), copy_id) is not None


def test_complaint_redacted_copy(acme, clock, case):
    file_id = file_of(acme, case).id
    filling.attached(acme.actor("quality-manager"), 1, "another")
    values = {
        "organisation_id": acme.id, "complaint_id": 1, "file_id": file_id, "copy_id": file_id + 1,
        "original_digest": "a" * 64, "added_at": clock.at,
    }  # fmt: skip
    refuses(ComplaintRedactedCopy.__table__, "copy_is_another_file", {**values, "copy_id": file_id})
    refuses(ComplaintRedactedCopy.__table__, "original_digest_is_sha256", {**values, "original_digest": "a"})
    accepts(ComplaintRedactedCopy.__table__, values)


def test_files_of_investigation_and_remedy_are_files_of_the_case(acme, browser, clock):
    """They leave with it, and they are erased with it."""
    manager = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(manager, filling.identity(NAME), NAME)
    filling.closed(complaint_id, NAME)
    filling.filled(acme.id, complaint_id, acme.person("staff"), NAME)
    for kind, table in (
        (complaints.INVESTIGATION, "complaint_investigation"),
        (complaints.REMEDY, "complaint_decision"),
    ):
        with transaction(manager) as tx:
            received = files.receive([(io.BytesIO(f"{kind} {NAME}".encode()), f"{kind}.txt")])
            (number,) = tx.connection().exec_driver_sql(f"SELECT max(id) FROM {table}").scalars()
            evidence_service.add(tx, evidence_service.Add(received, (kind, number)), clock.at, manager)
    members = unpacked(download(browser, acme, reference, "whole", "zip"))
    assert {f"{complaints.INVESTIGATION} {NAME}".encode(), f"{complaints.REMEDY} {NAME}".encode()} <= set(
        members.values()
    )
    db.session.rollback()
    numbers = [one.id for one in gathering.files_of(reading(acme.system), complaint_id)]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE outbox_mail SET state = 'failed'")
    admin = acme.actor("administrator")
    with transaction(admin) as tx:
        anonymising.anonymise(tx, anonymising.Anonymise(reference, "by-hand", "asked"), clock.at, admin)
    db.session.rollback()
    assert all(evidence.erasure(reading(acme.system), number) is not None for number in numbers)
