"""Report files: made, kept with their digest, given to people by mail or by hand."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from auditkit.audits.issuing import queries, rules, service
from auditkit.audits.issuing.rules import Kind, Way
from auditkit.audits.queries import plans
from auditkit.base import clock as clock_module
from auditkit.base import outbox
from auditkit.base.db import reading, transaction
from auditkit.base.delivery import Parcel
from auditkit.base.errors import NotFound
from auditkit.content.library import Library
from auditkit.documents import pdf
from auditkit.journal.queries import timeline
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, reported, started
from tests.slices.audits_signing.doing import name_auditee, sign

Opener = Callable[..., Browser]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def files(house: House, number: str) -> list[queries.ReportFile]:
    return queries.files(reading(house.system), plans.by_number(reading(house.system), number).id)


def _made(browser: Opener, acme: House, books: Library) -> tuple[str, Browser]:
    number = reported(acme, books)
    sign(acme, number)
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    page = lead.post_form({"kind": "docx", "language": "fa"}, action="/report-files")
    assert "The file is made and kept" in page.text
    return number, lead


def test_word_is_made_and_kept_with_its_digest(browser: Opener, acme: House, books: Library, clock) -> None:
    number, lead = _made(browser, acme, books)
    one = files(acme, number)[0]
    assert (one.kind, one.language, one.version) == (Kind.WORD, "fa", 1)
    answer = lead._run(lead.client.get, f"/o/acme/audits/{number}/report-files/{one.id}")
    assert hashlib.sha256(answer.get_data()).hexdigest() == one.file.digest
    entry = timeline(reading(acme.system), acme.id, ("audit", one.audit_id))[0]
    assert (entry.event, entry.facts["digest"]) == ("audit:report-filed", one.file.digest)


def test_a_file_made_before_signing_says_draft(browser: Opener, acme: House, books: Library, clock) -> None:
    number = reported(acme, books)
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    page = lead.post_form({"kind": "docx", "language": "en"}, action="/report-files")
    assert "Draft, not signed" in page.text
    sign(acme, number)
    assert "older version" in lead.get(f"/o/acme/audits/{number}/signing").text


def test_pdf_is_made_as_a_job(browser: Opener, acme: House, books: Library, clock, work) -> None:
    if not pdf.available():
        pytest.skip("install LibreOffice (Debian: libreoffice-writer-nogui)")
    number = reported(acme, books)
    lead = browser(acme, "internal-auditor")
    lead.get(f"/o/acme/audits/{number}/signing")
    page = lead.post_form({"kind": "pdf", "language": "en"}, action="/report-files")
    assert "Making the report as PDF" in page.text
    assert work() == 1
    page = lead.get(page.url)
    one = files(acme, number)[0]
    assert one.kind is Kind.PDF
    assert one.file.media_type == "application/pdf"
    answer = lead._run(lead.client.get, f"/o/acme/audits/{number}/report-files/{one.id}")
    assert answer.get_data().startswith(b"%PDF-")


def test_without_libreoffice_the_page_says_so_and_offers_word(
    browser: Opener, acme: House, books: Library, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "/nowhere/soffice")
    number = reported(acme, books)
    page = browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/signing")
    assert "this machine has no LibreOffice" in page.text
    values = [one["value"] for one in page.soup.find_all("input", {"name": "kind"})]
    assert values == ["docx"]


def test_it_goes_out_by_mail_byte_for_byte(browser: Opener, acme: House, books: Library, clock) -> None:
    number, lead = _made(browser, acme, books)
    one = files(acme, number)[0]
    lead.get(f"/o/acme/audits/{number}/report-files/{one.id}/distribute")
    page = lead.post_form({"recipient": "Giorgi", "way": "e-mail", "address": "giorgi"})
    assert "Enter the e-mail address to send it to" in page.text
    page = lead.post_form({"recipient": "Giorgi", "way": "e-mail", "address": "giorgi@acme.example"})
    assert "waits to be sent" in page.text
    gone: list[Parcel] = []

    def deliver(parcel: Parcel, content_leaves: Callable[[], None]) -> None:
        content_leaves()
        gone.append(parcel)

    assert outbox.send_due(deliver, "auditkit@acme.example") == 1
    assert [one.recipient for one in gone] == ["giorgi@acme.example"]
    assert hashlib.sha256(gone[0].attachments[0].data).hexdigest() == one.file.digest
    assert one.file.digest in gone[0].body
    assert files(acme, number)[0].given[0].mail == "sent"


def test_what_is_handed_over_is_noted(browser: Opener, acme: House, books: Library, clock) -> None:
    number, lead = _made(browser, acme, books)
    one = files(acme, number)[0]
    lead.get(f"/o/acme/audits/{number}/report-files/{one.id}/distribute")
    page = lead.post_form({"recipient": "Nino", "way": "by-hand", "address": ""})
    assert "handed over" in page.text
    given = files(acme, number)[0].given[0]
    assert (given.recipient, given.way, given.mail) == ("Nino", Way.HAND, "")


@pytest.mark.parametrize(
    ("way", "recipient", "address", "refusal"),
    [
        (Way.MAIL, "Nino", "nino@acme.example", None),
        (Way.HAND, "Nino", "", None),
        (Way.HAND, " ", "", rules.RecipientMissing),
        (Way.MAIL, "Nino", "", rules.AddressMissing),
        (Way.MAIL, "Nino", "nino@", rules.AddressMissing),
        (Way.HAND, "Nino", "nino@acme.example", rules.AddressNotNeeded),
    ],
)
def test_what_a_distribution_needs(way: Way, recipient: str, address: str, refusal: type[Exception] | None) -> None:
    if refusal is None:
        rules.check_distribution(way, recipient, address)
        return
    with pytest.raises(refusal):
        rules.check_distribution(way, recipient, address)


def test_the_auditee_gets_the_file_and_others_do_not(
    browser: Opener, acme: House, globex: House, books: Library, clock
) -> None:
    number, _lead = _made(browser, acme, books)
    url = f"/o/acme/audits/{number}/report-files/{files(acme, number)[0].id}"
    handler = browser(acme, "complaint-handler")
    assert handler._run(handler.client.get, url).status_code == 404
    name_auditee(acme, number)
    assert handler._run(handler.client.get, url).status_code == 200
    other = browser(globex, "internal-auditor")
    assert other._run(other.client.get, url.replace("acme", "globex")).status_code == 404
    actor = globex.actor("internal-auditor")
    with pytest.raises(NotFound), transaction(actor) as tx:
        command = service.Distribute(number, 1, "Nino", Way.HAND)
        service.distribute(tx, command, clock_module.now(), actor)


def test_a_running_audit_has_no_files(browser: Opener, acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    lead = browser(acme, "internal-auditor")
    page = lead.get(f"/o/acme/audits/{number}/signing")
    assert "Files of the report" not in page.text
    answer = lead._run(lead.client.get, f"/o/acme/audits/{number}/report.docx")
    assert answer.status_code >= 400
