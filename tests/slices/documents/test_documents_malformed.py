"""Every template of the shared set of broken and hostile ones behaves as its CASES.tsv says, in lint and in render."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditkit.documents.problems import TemplateRefused
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import cells, rendered, rewritten, template, texts

Shared = Callable[[str], Path]
FOLDER = "docx_templates/malformed_jinja"
DATA: dict[str, Any] = {
    "complaint": {"number": "C-1", "received_on": "1 March 2026", "status": "open"},
    "complainant": {"name": "A & B"},
    "findings": [{"title": "first"}, {"title": "second"}],
    "x": True, "xs": ["left", "right"], "n": 2, "a": "b",
    "danger": "<w:p>&</w:p> \x00\x0b]]>",
}  # fmt: skip

# What lint must say (codes), and the texts of the rendered document, or None where rendering must be refused.
RENDERS: dict[str, tuple[set[str], list[str]]] = {
    "ok_simple.docx": (set(), ["Complaint C-1 of 1 March 2026", "firstsecond"]),
    "ok_split_runs.docx": (set(), ["Dear A & B, thank you"]),
    "ok_split_runs_block.docx": (set(), ["yes"]),
    "bad_smart_quotes.docx": (set(), ["open x"]),
    "bad_xml_in_value.docx": (set(), ["<w:p>&</w:p> ]]>"]),
    "bad_block_across_cells.docx": ({"across-cells"}, []),
    "comment_and_raw.docx": (set(), ["{{ not_a_tag }}"]),
    "no_tags.docx": ({"no-tags"}, ["Plain text only."]),
}
REFUSED: dict[str, tuple[str, str | None]] = {
    "bad_unclosed_for.docx": ("block-not-closed", "text, paragraph 1, {% for f in findings %}"),
    "bad_unopened_endif.docx": ("block-not-open", "text, paragraph 1, {% endif %}"),
    "bad_unclosed_var.docx": ("tag-not-closed", "text, paragraph 1, {{ complainant.name }, we received"),
    "bad_unknown_filter.docx": ("no-filter", "text, paragraph 1, {{ complaint.number | frobnicate }}"),
    "bad_unknown_tag.docx": ("unknown-tag", "text, paragraph 1, {% frobnicate x %}"),
    "bad_nbsp_and_dash.docx": ("unexpected-character", "text, paragraph 1, {% if n > 1 –%}"),
    "bad_tr_outside_table.docx": ("outside-table", "text, paragraph 1, {%tr for f in findings %}"),
    "ssti_lipsum.docx": ("no-underscore", "text, paragraph 1, {{ lipsum.__globals__['os'].environ }}"),
    "ssti_config.docx": ("no-self", "text, paragraph 1, {{ self._TemplateReference__context }}"),
    "dos_range.docx": ("no-call-of", "text, paragraph 1, {% for i in range(1000000000) %}"),
    "dos_string.docx": ("no-operator", "text, paragraph 1, {{ 'x' * 1000000000 }}"),
    "foreign_mustache.docx": ("comment-not-closed", None),
    "broken_no_document_xml.docx": ("no-member", None),
    "broken_no_content_types.docx": ("no-member", None),
    "xxe_document.docx": ("document-type", None),
    "billion_laughs.docx": ("document-type", None),
    "zip_slip_member.docx": ("zip-climbs", None),
    "not_a_zip.docx": ("not-a-zip", None),
    "empty.docx": ("empty", None),
    "macro_renamed.docx": ("macros", None),
}  # fmt: skip


def test_every_case_of_the_set_is_in_this_table(shared: Shared) -> None:
    with shared(f"{FOLDER}/CASES.tsv").open(encoding="utf-8") as file:
        cases = {row["file"] for row in csv.DictReader(file, delimiter="\t")}

    assert len(cases) > 20
    assert cases == RENDERS.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", RENDERS)
def test_a_usable_template_renders(name: str, renderer: Renderer, shared: Shared) -> None:
    file = shared(f"{FOLDER}/{name}")
    codes, expected = RENDERS[name]

    problems = renderer.lint(file)
    content = rendered(renderer, file, DATA)

    assert {problem.code for problem in problems} == codes
    assert all(problem.level == "warning" for problem in problems)
    assert [text for text in texts(content) if text] == expected


@pytest.mark.parametrize("name", REFUSED)
def test_an_unusable_template_is_refused_by_lint_and_render_alike(
    name: str, renderer: Renderer, shared: Shared, tmp_path: Path
) -> None:
    file = shared(f"{FOLDER}/{name}")
    code, place = REFUSED[name]

    problems = [problem for problem in renderer.lint(file) if problem.level == "error"]
    with pytest.raises(TemplateRefused) as refused:
        renderer.render(file, DATA, tmp_path / "out.docx")

    assert code in {problem.code for problem in problems}
    if place is not None:
        assert place in {problem.place for problem in problems}
    assert refused.value.problems
    assert str(refused.value).startswith(name)
    assert list(tmp_path.iterdir()) == []


def test_tags_of_other_programs_are_pointed_out(renderer: Renderer, shared: Shared) -> None:
    problems = renderer.lint(shared(f"{FOLDER}/foreign_mustache.docx"))

    tags = {problem.where.tag for problem in problems if problem.code == "foreign-tag" and problem.where}
    assert tags == {"{#findings}", "{/findings}", "{{{raw}}}", "<<IF x>>", "«MERGEFIELD Name»"}


def test_a_row_that_grew_has_as_many_columns_in_its_grid(renderer: Renderer, shared: Shared) -> None:
    """CASES: the result must still open; the grid is what LibreOffice and Word go by."""
    from docx import Document

    content = rendered(renderer, shared(f"{FOLDER}/bad_block_across_cells.docx"), DATA)
    table = Document(io.BytesIO(content)).tables[0]

    assert len(table.columns) == max(len(row.cells) for row in table.rows)
    assert "leftright" not in cells(content)[0]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="install LibreOffice (Debian: libreoffice-writer-nogui)")
def test_a_row_that_grew_opens_in_libreoffice(renderer: Renderer, shared: Shared, tmp_path: Path) -> None:
    renderer.render(shared(f"{FOLDER}/bad_block_across_cells.docx"), DATA, tmp_path / "x.docx")

    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "txt:Text",
         "--outdir", str(tmp_path), str(tmp_path / "x.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip

    assert (tmp_path / "x.txt").read_text(encoding="utf-8-sig").split() == ["left", "mid", "right", "mid"]


def test_a_secret_of_the_process_is_out_of_reach(renderer: Renderer) -> None:
    for tag in (
        "{{ ''.__class__ }}", "{{ ''['__class__'] }}", "{{ x | map(attribute='__class__') | join }}", "{{ cycler }}",
        "{{ x | attr('__class__') }}", "{{ '%s' | format(x) }}", "{{ x() }}", "{{ x.append(1) }}", "{{ namespace() }}",
        "{% include 'x' %}", "{% import 'x' as y %}", "{% macro m() %}{% endmacro %}", "{{ x | pprint }}",
        "{% set y %}<w:p/>{% endset %}{{ y }}", "{{ x | safe }}", "{{ 'a' % 1 }}", "{{ 9 ** 999 }}",
    ):  # fmt: skip
        with pytest.raises(TemplateRefused):
            rendered(renderer, template(tag), {"x": ["a"]})


def test_contents_fetched_from_elsewhere_and_embedded_files_are_refused(renderer: Renderer) -> None:
    source = template("{{ a }}")
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s" '
        b'TargetMode="External"/></Relationships>'
    )

    def codes(changes: dict[str, bytes | None]) -> set[tuple[str, str]]:
        return {(problem.level, problem.code) for problem in renderer.lint(rewritten(source, changes))}

    name = "word/_rels/settings.xml.rels"
    assert codes({name: relations % (b"attachedTemplate", b"http://example.org/x.dotm")}) == {("error", "outside")}
    assert codes({name: relations % (b"attachedTemplate", b"\\\\server\\x.dotx")}) == {("error", "outside")}
    assert codes({name: relations % (b"image", b"http://example.org/x.png")}) == {("error", "outside")}
    assert codes({name: relations % (b"attachedTemplate", b"file:///C:\\x.dotx")}) == {("warning", "template-path")}
    assert codes({name: relations % (b"hyperlink", b"https://example.org/")}) == set()
    assert codes({"word/embeddings/oleObject1.bin": b"x"}) == {("error", "embedded")}


def test_a_document_type_in_another_encoding_is_seen(renderer: Renderer) -> None:
    evil = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16")

    problems = renderer.lint(rewritten(template("x"), {"docProps/app.xml": evil}))

    assert [problem.code for problem in problems] == ["document-type"]
