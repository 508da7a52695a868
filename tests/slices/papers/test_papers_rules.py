"""Every document has its place: made on the page of documents, or where its record is; each with its builder."""

from auditkit.accounts.rules import PERMISSIONS
from auditkit.documents import catalogue
from auditkit.papers.building import BUILDERS
from auditkit.papers.rules import ELSEWHERE, GROUP_TITLES, OF_TITLES, PAPERS, Of
from auditkit.papers.tracing import record, records

# Made by slices that lie beside this one, and named on their pages.
BESIDE = {"review-minutes", "indicator-report"}


def test_every_template_is_made_somewhere() -> None:
    placed = PAPERS.keys() | {one for one, _endpoint, _where in ELSEWHERE}

    assert catalogue.CONTEXTS.keys() - placed <= BESIDE
    assert placed <= catalogue.CONTEXTS.keys()


def test_every_document_of_the_page_has_a_builder_and_known_permissions() -> None:
    assert BUILDERS.keys() == PAPERS.keys()
    for paper in PAPERS.values():
        assert set(paper.needs) <= PERMISSIONS.keys()
        assert paper.group in GROUP_TITLES
        assert (paper.of in OF_TITLES) == (paper.of is not Of.NOTHING)


def test_the_record_of_a_field_is_the_nearest_entry_above_it() -> None:
    data = {
        "organisation": {"name": "Acme"},
        "findings": [{"number": "F-1", "grade": "minor"}, {"title": "Late", "notes": [{"text": "x"}]}],
        "places": ["Tbilisi"],
    }

    assert record("findings[0].grade", data) == "F-1"
    assert record("findings[1].title", data) == "Late"
    assert record("findings[1].notes[0].text", data) == ""
    assert record("organisation.name", data) == ""
    assert record("places[0]", data) == ""
    assert records(["findings[0].grade", "findings[0].grade"], data) == [("findings[0].grade", "F-1")]
