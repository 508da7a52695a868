"""Each field of a document leads to the record it was drawn from; which records fed it is told without a render."""

from dataclasses import fields, is_dataclass

import pytest

from auditkit.documents import catalogue
from auditkit.documents.contexts.audit import AuditReport
from auditkit.documents.contexts.records import KIND_TITLES, Kind, mark_of
from auditkit.documents.contexts.registers import FindingsAndActions
from auditkit.documents.contexts.review import ReviewMinutes
from auditkit.documents.sources import Branch, Source, records, source

CONTEXTS = sorted(set(catalogue.CONTEXTS.values()), key=lambda one: one.__name__)


def test_every_kind_has_a_title() -> None:
    assert KIND_TITLES.keys() == set(Kind)


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda one: one.__name__)
def test_every_field_of_every_document_has_its_record(context: type[catalogue.Context]) -> None:
    """By the examples, which fill every field: a mark that names a field that is not there fails here."""
    data = catalogue.data_of(context.example())

    def walk(value: object, path: str) -> None:
        if isinstance(value, dict):
            for name, one in value.items():
                walk(one, f"{path}.{name}" if path else name)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                walk(one, f"{path}[{number}]")
        else:
            assert source(path, context, data) is not None, path

    assert mark_of(context) is not None
    walk(data, "")


def _marked(part: object, into: set[str]) -> set[str]:
    if is_dataclass(part):
        mark = mark_of(type(part))
        name = part
        for piece in mark.by.split(".") if mark else ():
            name = getattr(name, piece)
        if mark and name:
            into.add(str(name))
        for field in fields(part):
            _marked(getattr(part, field.name), into)
    elif isinstance(part, tuple):
        for one in part:
            _marked(one, into)
    return into


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda one: one.__name__)
def test_all_records_of_a_document_are_told_where_its_template_reads_all(context: type[catalogue.Context]) -> None:
    example = context.example()
    told = records(example, catalogue.paths_of(context))

    assert {name for branch in told for name in branch.names} == _marked(example, set())
    assert len({(branch.field, branch.kind) for branch in told}) == len(told)


def test_a_field_belongs_to_the_nearest_record_above_it() -> None:
    report = AuditReport.example()
    data = catalogue.data_of(report)

    finding = Source(Kind.FINDING, report.findings[0].number)
    assert source("findings[0].grade", AuditReport, data) == finding
    assert source("findings[0].said[0].text", AuditReport, data) == finding
    assert source("coverage.answered", AuditReport, data) == Source(Kind.AUDIT, report.audit.reference)
    assert source("objectives[0]", AuditReport, data) == Source(Kind.AUDIT, report.audit.reference)
    assert source("organisation.name", AuditReport, data) == Source(Kind.ORGANISATION, report.organisation.name)


def test_a_row_that_names_no_record_belongs_to_what_the_document_is_about() -> None:
    data = catalogue.data_of(ReviewMinutes.example())
    data["decisions"][0]["action"] = ""

    review = Source(Kind.REVIEW, data["document"]["reference"])
    assert source("decisions[0].text", ReviewMinutes, data) == review


def test_what_the_template_does_not_read_feeds_nothing() -> None:
    example = FindingsAndActions.example()
    (organisation, found) = records(example, {"document.version", "findings[].grade", "totals[].count"})

    assert organisation == Branch("", Kind.ORGANISATION, (example.organisation.name,))
    assert found == Branch("findings[]", Kind.FINDING, tuple(dict.fromkeys(one.number for one in example.findings)))
