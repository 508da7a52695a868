"""Word files become drafts: text, headings, lists; what is lost is listed; dangerous files are refused, saying why."""

# ruff: noqa: E402 - Word files are read by python-docx: without it the tests skip before anything imports it

import io
import zipfile

import pytest

docx = pytest.importorskip("docx")
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from auditkit.base.db import reading
from auditkit.base.errors import Forbidden
from auditkit.policies import queries, rules, service, word
from auditkit.policies.rules import importing
from auditkit.policies.rules.importing import Lost, Taken

BASE = "/o/acme/policies/"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def example() -> bytes:
    document = docx.Document()
    document.add_heading("Complaints policy", 0)
    document.add_paragraph("Before any heading.")
    document.add_heading("1. Scope", 1)
    paragraph = document.add_paragraph("It covers ")
    paragraph.add_run("everything").bold = True
    paragraph.add_run(" we do; 2 * 3 = 6 & {{braces}} <b>tags</b>.")
    document.add_heading("Details", 2)
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Bullet")
    document.add_paragraph("one", style="List Number")
    document.add_heading("2. Times", 1)
    table = document.add_table(2, 2)
    cells = [one for row in table.rows for one in row.cells]
    for cell, text in zip(cells, ["Step", "Time", "Reply", "5 days"], strict=True):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "Confidential header"
    italic = document.add_paragraph().add_run("slanted")
    italic.italic = True
    return saved(document)


def lost(taken: Taken) -> dict[str, int]:
    return {str(one["what"]): one["count"] for one in taken.left_out}


def test_headings_become_sections_and_text_becomes_markdown():
    taken = word.read(example(), "policy.docx")
    assert taken.title == "Complaints policy"
    assert [title for title, _text in taken.sections] == ["Introduction", "1. Scope", "2. Times"]
    scope = taken.sections[1][1]
    assert scope == (
        "It covers **everything** we do; 2 \\* 3 = 6 \\& \\{\\{braces\\}\\} \\<b\\>tags\\</b\\>.\n\n"
        "### Details\n\n- first\n- second\n1. one"
    )
    assert taken.sections[2][1].startswith("- Step — Time\n- Reply — 5 days")
    assert lost(taken) == {Lost.TABLES: 1, Lost.HEADERS: 1, Lost.STYLES: 1}
    assert next(one for one in taken.left_out if one["what"] == "headers")["examples"] == ["Confidential header"]


def body(*pieces: str) -> bytes:
    """A Word file with these pieces of XML in its body."""
    document = docx.Document()
    for piece in pieces:
        document.element.body.insert(0, parse_xml(piece.replace("<w:", "<w:", 1).replace(">", f" {W}>", 1)))
    return saved(document)


IN_A_BOX = "<w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:pict>"


@pytest.mark.parametrize(
    ("piece", "what"),
    [
        ("<w:r><w:t>Kept</w:t><w:drawing/></w:r>", Lost.PICTURES),
        ("<w:r><w:t>Kept</w:t><w:footnoteReference/></w:r>", Lost.FOOTNOTES),
        ("<w:r><w:t>Kept</w:t><w:commentReference/></w:r>", Lost.COMMENTS),
        ("<w:r><w:t>Kept</w:t></w:r><w:del><w:r><w:delText>Gone</w:delText></w:r></w:del>", Lost.DELETED),
        ("<w:ins><w:r><w:t>Kept</w:t></w:r></w:ins>", Lost.INSERTED),
        (f"<w:r><w:t>Kept</w:t>{IN_A_BOX}</w:r>", Lost.TEXT_BOXES),
        ("<w:r><w:t>Kept</w:t><w:object/></w:r>", Lost.EMBEDDED),
    ],
)
def test_what_cannot_be_taken_over_is_listed(piece, what):
    taken = word.read(body(f"<w:p>{piece}</w:p>"), "a.docx")
    assert taken.sections == (("a", "Kept"),)
    assert lost(taken) == {what: 1}


def test_a_field_keeps_its_result_and_content_controls_their_text():
    piece = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
        "<w:r><w:instrText>DATE</w:instrText></w:r>"
        "<w:r><w:t>2 March</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert word.read(body(piece), "a.docx").sections == (("a", "2 March"),)


def test_a_file_without_headings_is_one_section_named_after_it():
    document = docx.Document()
    document.add_paragraph("Only text.")
    assert word.read(saved(document), "House rules.docx").sections == (("House rules", "Only text."),)


def test_own_styles_based_on_headings_are_headings():
    document = docx.Document()
    style = document.styles.add_style("Kapitel", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Heading 1"]
    document.add_paragraph("Eins", style="Kapitel")
    document.add_paragraph("Text.")
    document.add_paragraph("Zwei", style="Kapitel")
    document.add_paragraph("Mehr.")
    assert [title for title, _text in word.read(saved(document), "a.docx").sections] == ["Eins", "Zwei"]


def test_a_long_section_is_divided_between_paragraphs_and_nothing_is_lost():
    document = docx.Document()
    document.add_heading("Long", 1)
    for number in range(400):
        document.add_paragraph(f"Paragraph {number} with some words to make it long enough.")
    document.add_heading("Next", 1)
    taken = word.read(saved(document), "a.docx")
    assert [title for title, _text in taken.sections] == ["Long", "Long (2)", "Long (3)", "Next"]
    assert all(len(text) <= rules.MAX_TEXT for _title, text in taken.sections)
    whole = " ".join(text for _title, text in taken.sections)
    assert all(f"Paragraph {number} with" in whole for number in range(400))
    assert lost(taken) == {Lost.SPLIT: 1}


def test_right_to_left_text_and_joiners_stay():
    document = docx.Document()
    document.add_heading("سیاست", 1)
    document.add_paragraph("می‌خواهیم بدانیم.")
    assert word.read(saved(document), "a.docx").sections == (("سیاست", "می‌خواهیم بدانیم."),)


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.4", "This is not a Word file"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "an old .doc or a file with a password"),
        (zipped(**{"word/document.xml": b"0" * 5_000_000}), "would unpack to many times its size"),
        (zipped(**{"../../evil": b"x"}), "points outside"),
        (zipped(a=b"x"), "this is not a whole Word file"),
    ],
)
def test_dangerous_files_are_refused_with_a_reason(content, said):
    with pytest.raises(importing.WordRefused, match=said):
        word.read(content, "a.docx")


def test_macros_are_refused_whatever_the_name():
    out = io.BytesIO(example())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    with pytest.raises(importing.WordRefused, match="carries macros"):
        word.read(out.getvalue(), "a.docx")


def test_too_large_and_empty_are_refused():
    with pytest.raises(importing.FileTooLarge, match="larger than 20 MiB"):
        word.read(b"x" * (importing.MOST_BYTES + 1), "a.docx")
    with pytest.raises(importing.NoText):
        word.read(saved(docx.Document()), "a.docx")


def test_the_shared_faulty_files_behave_as_their_list_says(shared):
    """Faults of the file itself are refused; faults of its tags are only text here."""
    cases = shared("docx_templates/malformed_jinja/CASES.tsv")
    refused = {
        "broken_no_document_xml.docx",
        "broken_no_content_types.docx",
        "xxe_document.docx",
        "billion_laughs.docx",
        "zip_slip_member.docx",
        "not_a_zip.docx",
        "empty.docx",
        "macro_renamed.docx",
    }
    lines = cases.read_text(encoding="utf-8").splitlines()
    names = [line.partition("\t")[0] for line in lines][1:]
    assert refused < set(names)
    for name in names:
        content = cases.with_name(name).read_bytes()
        if name in refused:
            with pytest.raises(importing.WordRefused):
                word.read(content, name)
        else:
            taken = word.read(content, name)
            assert "root:" not in str(taken)
            assert all(rules.checked_section(title, text, ()) for title, text in taken.sections if text), name


ARCHIVES = [
    "slip_dotdot",
    "slip_absolute",
    "dup_names",
    "bomb_10MB_to_10kB",
    "bomb_1GB",
    "many_files",
    "truncated",
    "encrypted_flag",
]


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_shared_archives_are_refused(shared, name):
    with pytest.raises(importing.WordRefused):
        word.read(shared(f"bad_inputs/zip/{name}.zip").read_bytes(), f"{name}.docx")


def test_the_draft_keeps_where_it_came_from(acme, globex, do):
    command = service.ImportWord("policy.docx", "a" * 64, word.read(example(), "policy.docx"), "policy")
    policy_id = do(acme, service.import_word, command)
    policy = queries.policy(reading(acme.system), policy_id)
    assert (policy.title, policy.reference, len(policy.sections)) == ("Complaints policy", "POL-01", 3)
    kept = queries.imported(reading(acme.system), policy_id)
    assert (kept.file_name, kept.digest, len(kept.left_out)) == ("policy.docx", "a" * 64, 3)
    assert queries.imported(reading(globex.system), policy_id) is None
    assert do(acme, service.approve, service.Approve(policy_id, "As it was"), "administrator") == 1
    with pytest.raises(Forbidden):
        do(acme, service.import_word, command, "staff")


def test_over_http(acme, browser):
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}import")
    page = editor.post_form({"file": (io.BytesIO(b"%PDF"), "a.docx"), "kind": "policy"})
    assert "a.docx: This is not a Word file" in page.text
    page = editor.post_form({"file": (io.BytesIO(example()), "C:\\files\\Policy of ours.docx"), "kind": "manual"})
    assert "3 sections were taken over." in page.text
    assert "Policy of ours.docx" in page.text
    assert "Headers and footers: not taken over (1): “Confidential header”" in page.text
    assert "Tables: each row became a point of a list (1)" in page.text
    assert page.soup.find("strong", string="everything")
    assert "{{braces}} <b>tags</b>" in page.text
