"""A template whose table of contents Word or LibreOffice brought up to date: saved, it serves as before."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from auditkit.documents import catalogue, contents, linting, package, styles
from auditkit.documents.render import Renderer
from tests.slices.documents.test_documents_contents import CASES, SECOND_LEVEL, check_contents, plain, styled
from tests.slices.documents.writing import DOCUMENT, rendered, template

KINDS = ("example", "empty", "many")


def levels_of(template_id: str) -> tuple[str, ...]:
    return ("Heading1", "Heading2") if template_id in SECOND_LEVEL else ("Heading1",)


def shipped(template_id: str, language: str) -> bytes:
    return catalogue.entry(template_id, language).file.read_bytes()


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def field_mark(kind: str) -> Any:
    run = OxmlElement("w:r")
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    run.append(mark)
    return run


def instruction(text: str) -> Any:
    run = OxmlElement("w:r")
    words = OxmlElement("w:instrText")
    words.text = text
    run.append(words)
    return run


def text_run(text: str) -> Any:
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = text
    run.append(words)
    return run


def as_word_leaves_it(content: bytes, levels: tuple[str, ...]) -> bytes:
    """The template after *Update field*: a line for each heading as it stands in the file, no tags between the lines,
    bookmarks of Word's own, the field beginning in the first line; the break of the page after its end."""
    document = Document(io.BytesIO(content))
    begin = next(one for one in document.element.body.iter(qn("w:instrText")) if one.text.startswith(" TOC "))
    told, first, depth, between = begin.text, begin.getparent().getparent(), 0, []
    for paragraph in [first, *first.itersiblings()]:
        between.append(paragraph)
        kinds = [one.get(qn("w:fldCharType")) for one in paragraph.iter(qn("w:fldChar"))]
        depth += kinds.count("begin") - kinds.count("end")
        if depth == 0:
            break
    rest = [one for one in between[-1] if one.find(qn("w:br")) is not None]
    headings = [one for one in document.paragraphs if styled(one) in levels]
    for number, heading in enumerate(headings):
        for mark in [*heading._p.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))]:
            mark.getparent().remove(mark)
        for name in ("w:bookmarkStart", "w:bookmarkEnd"):
            mark = OxmlElement(name)
            mark.set(qn("w:id"), str(number))
            if name == "w:bookmarkStart":
                mark.set(qn("w:name"), f"_Toc21450{number}")
            heading._p.insert(1, mark) if name == "w:bookmarkStart" else heading._p.append(mark)
        line = OxmlElement("w:p")
        line.append(
            parse_xml(f'<w:pPr xmlns:w="{styles.W[1:-1]}"><w:pStyle w:val="TOC{styled(heading)[-1]}"/></w:pPr>')
        )
        if number == 0:
            line.extend([field_mark("begin"), instruction(told), field_mark("separate")])
        link = OxmlElement("w:hyperlink")
        link.set(qn("w:anchor"), f"_Toc21450{number}")
        link.extend([text_run(plain(heading._p)), field_mark("begin"), instruction(f" PAGEREF _Toc21450{number} \\h ")])
        link.extend([field_mark("separate"), text_run("2"), field_mark("end")])
        line.append(link)
        first.addprevious(line)
    end = OxmlElement("w:p")
    end.extend([field_mark("end"), *rest])
    first.addprevious(end)
    for paragraph in between:
        paragraph.getparent().remove(paragraph)
    return saved(document)


@pytest.mark.parametrize(("template_id", "language"), CASES)
def test_what_is_shipped_says_what_its_headings_say_and_is_left_alone(template_id: str, language: str) -> None:
    members = package.read(shipped(template_id, language))
    root = parse_xml(next(one for one in members if one.name == DOCUMENT).unpacked())

    assert contents.renew(root, "text", styles.read(members)) is None


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("template_id", ["objectives", "procedure", "complaint-case-file"])
def test_word_brought_it_up_to_date(
    template_id: str, language: str, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linting, "MANY", 50)
    entry = catalogue.entry(template_id, language)
    content = as_word_leaves_it(shipped(template_id, language), levels_of(template_id))

    examined = linting.examine(content, entry, language, renderer)
    assert [one for one in examined.problems if one.level == "error"] == []
    for kind in KINDS:
        document = Document(io.BytesIO(rendered(renderer, content, linting.trial_data(entry, kind))))
        check_contents(document, levels_of(template_id), kind)
        assert any(one.get(qn("w:type")) == "page" for one in document.element.iter(qn("w:br"))), "the page goes on"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="install LibreOffice (Debian: libreoffice-writer-nogui)")
def test_libreoffice_saved_it(renderer: Renderer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linting, "MANY", 50)
    cases = [(one, language) for one in ("objectives", "procedure", "principle-matrix") for language in ("en", "fa")]
    for one, language in cases:
        (tmp_path / f"{one}.{language}.docx").write_bytes(shipped(one, language))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "saved"), *map(str, sorted(tmp_path.glob("*.docx")))],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    for one, language in cases:
        entry = catalogue.entry(one, language)
        content = (tmp_path / "saved" / f"{one}.{language}.docx").read_bytes()

        examined = linting.examine(content, entry, language, renderer)
        assert [str(problem) for problem in examined.problems if problem.level == "error"] == [], (one, language)
        for kind in KINDS:
            document = Document(io.BytesIO(rendered(renderer, content, linting.trial_data(entry, kind))))
            check_contents(document, levels_of(one), f"{one} {language} {kind}")


def with_contents(*paragraphs: str) -> bytes:
    """A template with an outdated table of contents of two levels before these paragraphs; `## ` begins a heading of
    the second level, `# ` one of the first."""
    document = Document(io.BytesIO(template()))
    line = document.add_paragraph()._p
    line.extend([field_mark("begin"), instruction(' TOC \\o "1-2" \\h '), field_mark("separate"), text_run("Old")])
    line.append(field_mark("end"))
    for text in paragraphs:
        marks, _, words = text.rpartition("# ")
        document.add_paragraph(words, style=f"Heading {len(marks) + 1}" if words != text else None)
    return saved(document)


def linked(content: bytes) -> list[tuple[str, str]]:
    """Each line of the table, and the text of the heading that it leads to."""
    body = Document(io.BytesIO(content)).element.body
    named = {mark.get(qn("w:name")): plain(mark.getparent()) for mark in body.iter(qn("w:bookmarkStart"))}
    return [(plain(link), named[link.get(qn("w:anchor"))]) for link in body.iter(qn("w:hyperlink"))]


def test_headings_in_loops_of_loops_and_in_branches_have_a_line_each(renderer: Renderer) -> None:
    content = with_contents(
        "{%p for a in all %}", "# {{ a.name }}", "{% for b in a.parts %}", "## {{ b }}", "{% endfor %}",
        "{%p if a.last %}", "# End of {{ a.name }}", "{%p else %}", "goes on", "{%p endif %}", "{%p endfor %}",
        "{%p for a in all %}", "{{ a.name }}", "{%p endfor %}",
    )  # fmt: skip
    data = {"all": [{"name": "A & B", "parts": ["x", "y"], "last": False}, {"name": "C", "parts": ["x"], "last": True}]}
    told = linked(rendered(renderer, content, data))

    assert told == [(one, one) for one in ("A & B", "x", "y", "C", "x", "End of C")]


def test_a_tag_that_was_given_the_style_of_a_heading_is_no_heading(renderer: Renderer) -> None:
    content = with_contents("# {%p for a in all %}", "# {{ a }}", "# {%p endfor %}", "# {% if all %}Some{% endif %}")

    assert linked(rendered(renderer, content, {"all": ["x"]})) == [("x", "x"), ("Some", "Some")]


def test_blocks_of_great_depth_are_refused_as_without_a_table(renderer: Renderer) -> None:
    deep = ["{%p if a %}"] * 2000 + ["# One"] + ["{%p endif %}"] * 2000

    assert "too-deep" in {one.code for one in renderer.lint(with_contents(*deep))}


def test_a_text_of_the_data_that_looks_like_the_marks_of_a_line_stays_a_text(renderer: Renderer) -> None:
    awkward = '<w:instrText xml:space="preserve"> PAGEREF _TocRL " w:anchor="_TocRL" <w:bookmarkStart w:id="_TocRH"'
    content = rendered(renderer, with_contents("# One", "# {{ a }}"), {"a": awkward})

    assert linked(content) == [("One", "One"), (awkward, awkward)]


def test_a_fault_stands_where_a_reader_of_the_file_counts_it(renderer: Renderer) -> None:
    content = with_contents("# One", "{%p for a in all %}", "# Two", "{%p endfor %}", "# {{ gone }}", "{{ a b }}")

    assert [one.place for one in renderer.lint(content) if one.level == "error"] == ["text, paragraph 7, {{ a b }}"]
    with pytest.raises(Exception, match=r"text, paragraph 6, \{\{ gone \}\}"):
        rendered(renderer, with_contents("# One", "{%p for a in all %}", "# Two", "{%p endfor %}", "# {{ gone }}"),
                 {"all": []})  # fmt: skip
