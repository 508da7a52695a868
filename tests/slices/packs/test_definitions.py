"""Pack definitions: valid, about clauses and templates that exist, and no source is named or made in vain."""

import pytest

from auditkit.content.library import shared
from auditkit.content.locate import Found
from auditkit.content.reading import read_file
from auditkit.content.texts import texts_of
from auditkit.documents.catalogue import CONTEXTS
from auditkit.packs import gathering
from auditkit.packs.definitions import NoSuchPack, PackShape, definition, definitions, spoken_definitions

SOURCES = {
    "documents": gathering.DOCUMENTS,
    "registers": gathering.REGISTERS,
    "evidence": gathering.EVIDENCE,
    "conditions": gathering.CONDITIONS,
}


def test_some_were_found_and_one_is_asked_for_by_name() -> None:
    assert definition("internal-audit").title == "Internal audit of complaints handling"
    with pytest.raises(NoSuchPack, match="internal-audit"):
        definition("no-such-pack")


@pytest.mark.parametrize("kind", SOURCES)
def test_every_source_a_definition_names_is_there_and_every_source_is_named(kind: str) -> None:
    named = {part.id for one in definitions().values() for part in getattr(one, kind)}
    assert named == set(SOURCES[kind])
    assert all(callable(gathering.source(name)) for name in SOURCES[kind].values())


def test_the_visits_of_a_certification_body_have_their_packs() -> None:
    assert {"stage-1", "stage-2", "surveillance", "recertification", "client-handover"} <= definitions().keys()


def test_every_clause_edition_and_template_that_a_definition_names_is_there() -> None:
    library = shared()
    for one in definitions().values():
        library.edition(one.edition)
        parts = (*one.documents, *one.registers, *one.evidence, *one.conditions)
        for clause in (*one.index, *(clause for part in parts for clause in part.clauses)):
            library.node(clause if ":" in clause else f"{one.edition}:{clause}")
        assert {part.template for part in one.documents} <= set(CONTEXTS)


GOOD = """
kind: pack
id: small
title: Small
purpose: A test.
edition: iso10002-2018
index: ["4"]
registers:
  - {id: complaints, title: Complaints, file: complaints}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("file: complaints", "file: con", "Write a file name"),
        ("file: complaints", "file: a/b", "Write a file name"),
        ("id: small", "id: longer-than-fits-in-a-name", "Shorten this"),
        ("title: Small", "titel: Small", "Did you mean `title`"),
        ('index: ["4"]', "index: []", "Write at least 1"),
        ("registers:", "registers:\n  - {id: complaints, title: Again, file: x}", "used twice"),
    ],
)
def test_a_faulty_definition_is_told_with_its_line(tmp_path, old: str, new: str, said: str) -> None:
    file = tmp_path / "pack.yaml"
    file.write_text(GOOD.lstrip().replace(old, new, 1) if old else GOOD.lstrip(), encoding="utf-8")
    _document, shape, problems = read_file(Found("pack.yaml", file), PackShape)
    if not said:
        assert shape is not None
    else:
        assert shape is None
        assert any(said in str(problem) and problem.line for problem in problems), list(map(str, problems))


def test_every_text_of_a_definition_is_there_in_persian() -> None:
    persian = spoken_definitions("fa")
    for name, one in definitions().items():
        english, spoken = texts_of(one), texts_of(persian[name])
        assert english
        assert not [key for key in english if english[key] == spoken[key]], name
    assert definition("stage-2", "fa").title == "مرحلهٔ دوم گواهی"
    assert spoken_definitions("ru") == definitions()


def test_packs_about_one_audit_or_complaint_say_so() -> None:
    about = {name: one.about for name, one in definitions().items() if one.about != "organisation"}
    assert about == {"single-audit": "audit", "single-complaint": "complaint"}
