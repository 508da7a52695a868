"""Every document has its place: made on the page of documents, or where its record is; each with its builder."""

from auditkit.accounts.rules import PERMISSIONS
from auditkit.documents import catalogue
from auditkit.papers.building import BUILDERS
from auditkit.papers.rules import ELSEWHERE, GROUP_TITLES, OF_TITLES, PAPERS, Of

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
