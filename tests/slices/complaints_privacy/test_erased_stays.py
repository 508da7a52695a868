"""Nothing is written into a case whose personal data was erased; what was written before is gone from it."""

from io import BytesIO

import pytest

from auditkit.base.db import db, transaction
from auditkit.complaints import queries, rules, service
from auditkit.complaints.correspondence import service as correspondence
from auditkit.complaints.service import Reopen, WriteNote
from tests.slices.complaints.recording import do, history
from tests.slices.complaints_privacy import filling
from tests.slices.complaints_privacy.test_anonymising_leaves_nothing import anonymise

NAME = "Quillfeather"


@pytest.fixture
def closed(acme, clock):
    """A closed case with a note that names the complainant; its id and reference."""
    manager = acme.actor("quality-manager")
    number, reference = filling.registered(manager, filling.identity(NAME), NAME)
    filling.closed(number, NAME)
    with transaction(manager) as tx:
        service.write_note(tx, WriteNote(reference, f"{NAME} called again"), clock.at, manager)
    return number, reference


def test_a_note_of_before_is_erased_with_the_case(acme, closed):
    _number, reference = closed
    anonymise(acme, reference)
    [note] = history(acme.actor("quality-manager"), reference).notes
    assert NAME not in note.note
    assert note.written_by == acme.person("quality-manager")
    assert not [place for place, value in filling.everything_stored() if NAME in str(value) and "note" in str(place)]


def test_nothing_is_written_into_it_any_more(acme, clock, closed):
    number, reference = closed
    anonymise(acme, reference)
    manager = acme.actor("quality-manager")
    with pytest.raises(rules.ErasedStays), transaction(manager) as tx:
        service.write_note(tx, WriteNote(reference, f"{NAME} called"), clock.at, manager)
    with pytest.raises(rules.ErasedStays):
        do(manager, service.reopen, Reopen, reference, f"{NAME} wrote")
    with pytest.raises(rules.ErasedStays), transaction(manager) as tx:
        contact = correspondence.NoteContact(number, "in", "phone", f"{NAME} called", clock.at)
        correspondence.note_contact(tx, contact, clock.at, manager)
    with pytest.raises(rules.ErasedStays), transaction(manager) as tx:
        written = correspondence.Write(number, "message", f"Dear {NAME}", "Hello", channel="post")
        correspondence.write_to_complainant(tx, written, clock.at, manager)
    db.session.rollback()
    with transaction(manager) as tx:
        assert len(queries.history(tx, number).notes) == 1


@pytest.mark.sqlite_only
def test_its_page_says_so_and_offers_nothing(acme, browser, closed):
    _number, reference = closed
    anonymise(acme, reference)
    visitor = browser(acme, "quality-manager")
    page = visitor.get(f"/o/acme/complaints/{reference}")
    assert "Nothing is written into it any more" in page.text
    assert page.soup.find("form", {"action": f"/o/acme/complaints/{reference}/note"}) is None
    assert "What else can be done" not in page.text
    assert "Write to the complainant" not in page.text
    visitor.get(f"/o/acme/complaints/{reference}/note")
    page = visitor.post_form({"note": f"{NAME} called"}, action="/note")
    assert "The personal data of this case was erased" in page.text
    assert f"{NAME} called" in page.text, "what was typed is still there, for somewhere else"
    visitor.get(f"/o/acme/complaints/{reference}/files")
    page = visitor.post_form({"files": (BytesIO(b"x"), "x.txt")}, action="/files")
    assert "The personal data of this case was erased" in page.text
