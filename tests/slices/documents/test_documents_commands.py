"""`auditkit template`: what a consultant does at the command line, from the list to a document in the house style."""

import pytest
from docx import Document

from auditkit.documents import catalogue
from tests.slices.documents.writing import template

pytestmark = pytest.mark.sqlite_only
NEEDED = "{{ organisation.name }} {{ letter.date }}{% for p in paragraphs %}{{ p }}{% endfor %}"
LETTER = ("--for", "complaint-letter")


def test_every_document_is_listed_and_shown_with_its_variables(command) -> None:
    listed = command("template", "list", "--json").json

    assert [one["id"] for one in listed] == list(catalogue.CONTEXTS)
    shown = command("template", "show", "complaint-letter")
    for variable in catalogue.entry("complaint-letter").shape.variables:
        assert f"{variable.name}  [{variable.type}]" in shown.out
    assert "(must be shown)" in shown.out
    assert command("template", "show", "complaint-letter", "--json").json["id"] == "complaint-letter"
    assert command("template", "show", "nothing").code == 1


def test_lint_answers_people_and_machines(command, tmp_path) -> None:
    good, bad = tmp_path / "good.docx", tmp_path / "bad.docx"
    good.write_bytes(template(NEEDED))
    bad.write_bytes(template(NEEDED, "{{ letter.dat }}"))

    assert "can be used" in command("template", "lint", str(good), *LETTER).out
    refused = command("template", "lint", str(bad), *LETTER)
    assert refused.code == 1
    assert "bad.docx: error: text, paragraph 2, {{ letter.dat }}: There is no field letter.dat" in refused.out
    answer = command("template", "lint", str(bad), *LETTER, "--json").json
    assert (answer["usable"], answer["trials"]) == (False, [])
    assert answer["problems"][0]["code"] == "unknown-field-guess"
    assert answer["problems"][0]["place"]["paragraph"] == 2
    assert command("template", "lint", str(tmp_path / "none.docx"), *LETTER).code == 2


def test_try_fills_the_template_and_tells_where_each_value_went(command, tmp_path) -> None:
    source, out = tmp_path / "own.docx", tmp_path / "out.docx"
    source.write_bytes(template("{{ letter.subject }}", NEEDED))

    told = command("template", "try", str(source), *LETTER, "--out", str(out), "--trace")

    assert Document(out).paragraphs[0].text == "Our decision on your complaint C-2026-000123"
    assert "text, paragraph 1: letter.subject: Our decision" in told.out


def test_try_writes_nothing_where_it_fails(command, tmp_path) -> None:
    source, out = tmp_path / "own.docx", tmp_path / "out.docx"
    source.write_bytes(template("{{ letter.gone }}"))

    assert command("template", "try", str(source), *LETTER, "--out", str(out)).code == 2
    assert not out.exists()


def test_a_copy_of_the_shipped_file_passes_and_serves_the_installation(
    command, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDITKIT_INSTANCE", str(tmp_path / "instance"))
    copy = tmp_path / "copy.docx"
    assert command("template", "copy", "audit-report", "--language", "fa", "--out", str(copy)).code == 0
    assert copy.read_bytes() == catalogue.entry("audit-report", "fa").file.read_bytes()

    letter = tmp_path / "letter.docx"
    letter.write_bytes(template(NEEDED))
    assert "complaint-letter/en.1.docx" in command("template", "use", str(letter), *LETTER).out
    assert command("template", "drop", *LETTER).code == 0
    assert command("template", "drop", *LETTER).code == 1
    letter.write_bytes(template("{{ nothing }}"))
    assert command("template", "use", str(letter), *LETTER).code == 1
