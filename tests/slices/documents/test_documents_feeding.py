"""Where a document comes from: paragraph, field, record and the way to it, from the page where the document is made.

On the demo organisation, which has one of each.
"""

import pytest
from sqlalchemy import select

from auditkit.base.db import UNSCOPED, db, reading
from auditkit.complaints.correspondence.models import ComplaintMessage
from auditkit.complaints.models import Complaint
from auditkit.documents import render
from auditkit.documents.contexts.records import Kind
from auditkit.documents.own import leading
from auditkit.documents.sources import Source
from auditkit.instance.demo.story import SLUG
from auditkit.packs.rooms.models import ReviewRoom
from tests.conftest import House
from tests.factories import demo
from tests.factories.http import Browser

BUTTON = "Where it comes from"
MADE_ON = {
    "audit report": ("audits/A-2026-001/signing", "findings[0].grade", "audits/findings/A-2026-001-F1"),
    "audit plan": ("audits/A-2026-003/agenda", "audit.scope", "audits/A-2026-003"),
    "response to a nonconformity": ("actions/AC-2026-001", "response.title", "actions/AC-2026-001"),
    "version of a document": ("policies/1/versions/1", "policy.owner", "policies/1"),
    "register": ("registers/risks", "entries[0].title", "registers/risks/RISK-001"),
    "entry of a register": ("registers/risks/RISK-001", "entry.title", "registers/risks/RISK-001"),
    "minutes": ("reviews/MR-2026-01", "review.chair", "reviews/MR-2026-01"),
    "letter": ("correspondence/messages/{message}", "paragraphs[0]", "complaints/{reference}"),
    "case file": ("complaints/{reference}", "case.stage", "complaints/{reference}"),
    "outcome of a review": ("packs/rooms/{room}", "review.body", ""),
}
"""Document -> page with the button, a field it shows, the page of the record behind it (empty: it has none)."""


def _known() -> dict[str, object]:
    """A letter with its complaint, and a room."""
    letters = select(ComplaintMessage.id, Complaint.reference).join(
        Complaint, Complaint.id == ComplaintMessage.complaint_id
    )
    across = {UNSCOPED: True}
    message, reference = db.session.execute(letters.limit(1).execution_options(**across)).one()
    room = db.session.execute(select(ReviewRoom.id).limit(1).execution_options(**across)).scalar_one()
    db.session.rollback()
    return {"message": message, "reference": reference, "room": room}


def _row(reader: Browser, field: str) -> list[str]:
    """Where the paragraph that shows a field leads to."""
    rows = [row for row in reader.page.soup.find_all("tr") if field in {one.get_text() for one in row.find_all("code")}]
    assert rows, f"{field} is in no paragraph of {reader.page.url}"
    return [str(one["href"]) for one in rows[0].find_all("a")]


@pytest.mark.sqlite_only
def test_each_document_leads_from_its_paragraphs_to_its_records(app, browser) -> None:
    demo.tell(app)
    known = _known()
    reader = browser()
    reader.sign_in(demo.secret_of("quentin"))
    for document, (page, field, record) in MADE_ON.items():
        reader.get(f"/o/{SLUG}/{page.format(**known)}")
        reader.follow(BUTTON)
        found = _row(reader, field)
        if record:
            address = f"/o/{SLUG}/{record.format(**known)}"
            assert address in found, document
            reader.get(address)


@pytest.mark.sqlite_only
def test_nothing_is_traced_while_a_document_is_made(app, browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def traces(*_given: object) -> None:
        raise AssertionError("traced")

    demo.tell(app)
    monkeypatch.setattr(render.Renderer, "trace", traces)
    reader = browser()
    reader.sign_in(demo.secret_of("quentin"))
    made = reader.get(f"/o/{SLUG}/reviews/MR-2026-01/minutes.docx")
    assert made.response.get_data().startswith(b"PK")


@pytest.mark.sqlite_only
def test_who_may_not_see_a_record_gets_no_way_to_it(app, acme: House) -> None:
    tx = reading(acme.actor("quality-manager"))
    finding = Source(Kind.FINDING, "A-2026-001-F1")
    with app.test_request_context():
        assert leading.address(tx, finding, lambda permission: permission != "audits.read") is None
        assert leading.address(tx, Source(Kind.QUESTION, "q-7"), lambda _permission: True) is None
        for strange in ("POL-99", "", "، "):
            assert leading.address(tx, Source(Kind.DOCUMENT, strange), lambda _permission: True) is None
