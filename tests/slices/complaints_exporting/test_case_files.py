"""A case as Word and as ZIP: everything in it, nothing personal in the redacted one, and each making on record."""

import io
import json
import zipfile
from hashlib import sha256

import docx
import pytest

from auditkit.base.db import reading
from auditkit.complaints.exporting.rules import paragraphs
from auditkit.journal.queries import timeline
from tests.slices.complaints_privacy import filling

NAME = "q0123456789ab"


@pytest.fixture
def case(acme, clock) -> str:
    """A closed case with something in every table and a file."""
    actor = acme.actor("quality-manager")
    complaint_id, reference = filling.registered(actor, filling.identity(NAME, "محمد =1+1"), NAME)
    filling.closed(complaint_id, NAME)
    filling.filled(acme.id, complaint_id, acme.person("staff"), NAME)
    filling.attached(actor, complaint_id, NAME)
    return reference


def download(browser, house, case: str, extent: str, form: str, role: str = "quality-manager") -> bytes:
    visitor = browser(house, role)
    visitor.get(f"/o/acme/complaints/{case}")
    address = f"/o/acme/complaints/case-files/{case}/{extent}/{form}"
    page = visitor.post(address, {"reason": "For the ombudsman"} if extent == "whole" else {}, unchecked="a file")
    return page.response.get_data()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def words(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_a_whole_zip_holds_everything(acme, browser, case):
    members = unpacked(download(browser, acme, case, "whole", "zip"))
    assert {f"{case}/{name}" for name in ("case.docx", "case.json", "timeline.json", "due-dates.json")} <= set(members)
    records = json.loads(members[f"{case}/case.json"])["records"]
    assert records["complaint"][0]["complainant_email"] == f"{NAME}em@example.org"
    assert records["complaint_decision"][0]["reasons"] == f"{NAME} said so"
    assert "secret_digest" not in records["complaint_tracking"][0]
    assert "token" not in records["complaint_thread"][0]
    assert any(name.startswith(f"{case}/messages/0001-out-decision") for name in members)
    assert any(data == f"I am {NAME}\n".encode() for name, data in members.items() if "/files/" in name)
    for line in members["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ", 1)
        assert sha256(members[name]).hexdigest() == digest
    assert f"{NAME}em@example.org" in words(members[f"{case}/case.docx"])


def test_a_redacted_zip_names_nobody(acme, browser, case):
    data = download(browser, acme, case, "redacted", "zip", role="internal-auditor")
    members = unpacked(data)
    for name, content in members.items():
        assert NAME.encode() not in content, name
        assert NAME not in name
    assert NAME not in words(members[f"{case}/case.docx"])
    assert "[withheld]" in words(members[f"{case}/case.docx"])
    notes = [content.decode() for name, content in members.items() if "/files/" in name]
    assert sha256(f"I am {NAME}\n".encode()).hexdigest() in notes[0]
    assert f"{case}/LEFT-OUT.txt" in members


def test_what_names_nobody_stays_in_a_redacted_file(acme, browser, clock):
    actor = acme.actor("quality-manager")
    who = filling.identity(NAME)
    _id, named = filling.registered(actor, who, NAME, product=f"Washer of {who.name}")
    _id, harmless = filling.registered(actor, who, NAME, product="Washer 3000")
    for reference, product in ((named, "[withheld]"), (harmless, "Washer 3000")):
        members = unpacked(download(browser, acme, reference, "redacted", "zip"))
        assert json.loads(members[f"{reference}/case.json"])["records"]["complaint"][0]["product"] == product


def test_strings_that_break_programs_pass_through_every_part(acme, browser, shared, clock):
    actor = acme.actor("quality-manager")
    texts = json.loads(shared("bad_inputs/strings/blns.json").read_text(encoding="utf-8"))
    storable = [one for one in texts if "\x00" not in one and not any("\ud800" <= char <= "\udfff" for char in one)]
    assert len(storable) > 400
    everything = "\n".join(storable)
    who = filling.identity(NAME)
    _id, reference = filling.registered(actor, who, NAME, description=everything)
    members = unpacked(download(browser, acme, reference, "whole", "zip"))
    kept = json.loads(members[f"{reference}/case.json"])["records"]["complaint"][0]
    assert kept["description"] == everything
    said = words(members[f"{reference}/case.docx"])
    assert [line for line in paragraphs(everything) if " ".join(line.split()) not in " ".join(said.split())] == []


def test_a_whole_word_file(acme, browser, case):
    said = words(download(browser, acme, case, "whole", "word"))
    assert f"{NAME}em@example.org" in said
    assert "Complaint registered" in said
    assert "Decision 1" in said


def _fed(page) -> list[tuple[str, str]]:
    """The text of each paragraph, and the records and fields that fed it."""
    cells = [row.select("td") for row in page.soup.select("table tbody tr")]
    return [(text.get_text(" ", strip=True), told.get_text(" ", strip=True)) for _place, text, told in cells]


@pytest.mark.sqlite_only
def test_which_record_feeds_which_paragraph_in_both_forms(acme, browser, case):
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/{case}")
    whole = visitor.post(f"/o/acme/complaints/case-files/{case}/whole/sources", {"reason": "For the ombudsman"})
    assert whole.soup.select_one(f"a[href$='/complaints/{case}']"), "the complaint's own page"
    fed = _fed(whole)
    email = next(told for text, told in fed if f"{NAME}em@example.org" in text)
    assert email.startswith(f"Complaint {case}")
    assert "complainant[" in email
    file = next(told for text, told in fed if told.startswith("Evidence "))
    assert "files[0].name" in file
    said = [told for text, told in fed if f"{NAME} said so" in text]
    assert any("steps[" in told and told.startswith("Complaint ") for told in said), "the decision"
    assert any("messages[" in told and told.startswith("Message ") for told in said), "the letter about it"

    redacted = visitor.get(f"/o/acme/complaints/case-files/{case}/sources")
    assert NAME not in redacted.text
    assert len(_fed(redacted)) > 10


@pytest.mark.sqlite_only
def test_looking_where_the_whole_file_comes_from_is_on_record(acme, browser, case):
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/{case}")
    address = f"/o/acme/complaints/case-files/{case}/whole/sources"
    assert "Give the reason; it goes on record" in visitor.post(address, {"reason": " "}).text
    visitor.post(address, {"reason": "For the ombudsman"})
    (read,) = [one for one in timeline(reading(acme.system), acme.id, ("complaint", 1)) if "identity" in one.event]
    assert (read.facts, read.personal) == ({"by": "case-file-sources"}, {"reason": "For the ombudsman"})
    told = visitor.get(f"/o/acme/complaints/privacy/case/{case}").text
    assert "Shown which record feeds which paragraph of the whole case file" in told
    auditor = browser(acme, "internal-auditor")
    assert "Where the whole file comes from" not in auditor.get(f"/o/acme/complaints/{case}").text
    auditor.post(address, {"reason": "Curious"}, status=403)


def test_whole_needs_the_right_to_read_identities(acme, browser, case):
    visitor = browser(acme, "internal-auditor")
    page = visitor.get(f"/o/acme/complaints/{case}")
    assert "ZIP of everything" not in page.text
    visitor.post(f"/o/acme/complaints/case-files/{case}/whole/zip", status=403)
    visitor.post(f"/o/acme/complaints/case-files/{case}/half/zip", status=400, unchecked="an address changed by hand")


def test_the_making_is_on_record(acme, browser, case):
    download(browser, acme, case, "whole", "zip")
    page = browser(acme, "quality-manager").get(f"/o/acme/complaints/{case}")
    assert "Case file made" in page.text
    page = browser(acme, "quality-manager").get(f"/o/acme/complaints/privacy/case/{case}")
    assert "A whole case file was made" in page.text
    assert "For the ombudsman" in page.text
    tx = reading(acme.system)
    events = [one.event for one in timeline(tx, acme.id, ("complaint", 1))]
    assert events[:2] == ["complaint:file-exported", "complaint:identity-read"]


def test_a_person_gets_a_copy_of_every_case(acme, browser, case):
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/privacy/requests/new?case={case}")
    visitor.post_form({"kind": "access"})
    url = visitor.page.path
    page = visitor.post_form({}, action="/zip")
    assert f"{case}/case.docx" in unpacked(page.response.get_data())
    page = visitor.get(url)
    assert "Copy made" in page.text
