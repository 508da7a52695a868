"""The shipped templates: variables true both ways, every one renders, awkward values and empty lists included."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from auditkit.base.errors import NotFound
from auditkit.documents import catalogue, linting
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import member, rendered, template

IDS = tuple(catalogue.CONTEXTS)
# What is filled in by hand or put up: boxes and lists of facts, no tables that grow.
FORMS = ("complainant-form", "public-leaflet")
AWKWARD = "A & B <w:p> ]]> “شرکت نمونه” ‏راست‏ \U0001f600 {{ x }} {% if %} \x00\x0b line\nbreak\ttab " + "long" * 60


def walked(value: Any, change: Any) -> Any:
    if isinstance(value, dict):
        return {key: walked(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return change([walked(one, change) for one in value])
    return change(value)


def test_at_least_twenty_four_documents_are_shipped_and_each_has_its_title() -> None:
    entries = list(catalogue.entries())

    assert len(entries) >= 24
    assert len({entry.shape.purpose for entry in entries}) == len(entries)
    for entry in entries:
        assert entry.shape.title == catalogue.title(entry.id), entry.id


def described(content: bytes) -> list[str]:
    """The alternative texts of the pictures of a document."""
    return [one._inline.docPr.get("descr", "") for one in Document(io.BytesIO(content)).inline_shapes]


def values_at(data: Any, path: str) -> Iterator[Any]:
    """What stands at a full path; of a list (`charts[].picture`) that of each entry."""
    name, _dot, rest = path.partition(".")
    if not name:
        yield data
        return
    for one in data[name.removesuffix("[]")] if name.endswith("[]") else [data[name]]:
        yield from values_at(one, rest)


def test_every_folder_of_templates_is_in_the_catalogue() -> None:
    from auditkit.content.locate import folder

    folders = {place.name for place in folder("doc_templates").iterdir() if (place / "template.docx").is_file()}

    assert folders == set(IDS)


@pytest.mark.parametrize("template_id", IDS)
def test_template_description_and_data_name_the_same_variables(template_id: str) -> None:
    assert catalogue.differences(catalogue.entry(template_id)) == []


def test_the_comparison_sees_a_difference_on_every_side() -> None:
    entry = catalogue.entry("pack-cover")
    first, second, *others = entry.shape.variables
    extra = first.model_copy(update={"name": "pack.invented"})
    wrong = second.model_copy(update={"type": "list"})
    shape = entry.shape.model_copy(update={"variables": (extra, wrong, *others)})

    assert catalogue.differences(replace(entry, read=lambda: shape)) == [
        "organisation.name is in the template and not in its description",
        "pack.invented is described and not in the template",
        "pack.invented is described and not in the data",
        "organisation.name is in the data and not described",
        "organisation.name is required and not described",
        "organisation.logo is described as list and is picture",
    ]


@pytest.mark.parametrize("template_id", IDS)
def test_every_description_has_an_example_of_its_type(template_id: str) -> None:
    entry = catalogue.entry(template_id)

    assert entry.shape.purpose
    for variable in entry.shape.variables:
        assert variable.type == "list" or variable.example, variable.name
        if variable.type == "number":
            assert re.fullmatch(r"\d+", variable.example or ""), variable.name


@pytest.mark.parametrize("template_id", IDS)
def test_the_linter_finds_nothing(template_id: str, renderer: Renderer) -> None:
    entry = catalogue.entry(template_id)

    assert renderer.lint(catalogue_bytes(entry), fields=catalogue.paths_of(entry.context)) == []


def catalogue_bytes(entry: catalogue.Entry) -> bytes:
    return entry.file.read_bytes()


@pytest.mark.parametrize("template_id", IDS)
def test_the_example_renders_and_every_text_of_it_is_on_the_page(template_id: str, renderer: Renderer) -> None:
    entry = catalogue.entry(template_id)
    data = catalogue.data_of(entry.context.example())

    content = rendered(renderer, catalogue_bytes(entry), data)

    page = whole_text(content) + "".join(described(content))
    missing: list[str] = []
    walked(data, lambda value: missing.append(value) if isinstance(value, str) and value not in page else value)
    styles = {"paragraph", "heading", "bullet", "number", "note", "strong", "ltr"}
    pictures = {value for one in entry.shape.variables if one.type == "picture" for value in values_at(data, one.name)}
    assert [text for text in missing if text not in styles | pictures] == []
    assert "{" not in page


@pytest.mark.parametrize("template_id", IDS)
@pytest.mark.parametrize("kind", ["awkward", "empty", "many"])
def test_awkward_values_give_a_whole_document(template_id: str, kind: str, renderer: Renderer) -> None:
    entry = catalogue.entry(template_id)
    data = linting.trial_data(entry, kind)

    content = rendered(renderer, catalogue_bytes(entry), data)

    assert Document(io.BytesIO(content)).paragraphs
    if kind == "awkward":
        assert_accepted_by_docx_integrity(content)
        assert "A & B <w:p> ]]> “شرکت نمونه”" in whole_text(content)


def test_a_policy_without_approval_says_that_it_is_a_draft(renderer: Renderer) -> None:
    entry = catalogue.entry("complaints-policy")
    data = catalogue.data_of(entry.context.example())
    approved = whole_text(rendered(renderer, catalogue_bytes(entry), data))
    data["policy"] |= {"approved_by": "", "approved_on": ""}
    draft = whole_text(rendered(renderer, catalogue_bytes(entry), data))

    assert "Draft." in draft
    assert "Draft." not in approved
    assert "Approved on" not in draft


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("template_id", IDS)
def test_every_document_is_a4_with_repeated_heads_page_numbers_and_its_version_at_the_foot(
    template_id: str, language: str
) -> None:
    """A letter has no version of its own: its foot names that of its form."""
    content = catalogue_bytes(catalogue.entry(template_id, language))
    document = Document(io.BytesIO(content))
    section = document.sections[0]

    assert sorted((round(section.page_width.cm), round(section.page_height.cm))) == [21, 30]
    for footer in (section.footer, section.first_page_footer):
        xml = footer._element.xml
        shown = (
            ("letter.reference", "foot.form") if "letter" in template_id else ("document.reference", "document.version")
        )
        assert [one for one in shown if one not in xml] == []
        assert " PAGE " in xml
        assert " NUMPAGES " in xml
    heads = [table for table in document.tables if table.style and table.style.name == "Register Table"]
    assert heads or template_id in FORMS or "letter" in template_id
    repeated = [table for table in heads if "tblHeader" in table.rows[0]._tr.xml]
    assert len(heads) - len(repeated) <= 1  # a finding of the report is a table without a head
    assert b"compatibilityMode" in member(content, "word/settings.xml")


def test_an_unknown_id_is_not_found() -> None:
    with pytest.raises(NotFound, match="no document template nothing"):
        catalogue.entry("nothing")


def test_one_field_too_few_in_a_clients_template_is_named(renderer: Renderer) -> None:
    client = template(
        "{{ organisation.name }} {{ audit.refrence }}", "{%p for f in findings %}{{ f.gradee }}", "{%p endfor %}"
    )
    problems = renderer.lint(client, fields=catalogue.paths_of(catalogue.CONTEXTS["audit-report"]))

    assert any("Did you mean audit.reference?" in problem.text for problem in problems)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, renderer: Renderer) -> Path:
    if shutil.which("soffice") is None:
        pytest.skip("install LibreOffice to see the documents as pages (Debian: libreoffice-writer-nogui)")
    if shutil.which("pdftotext") is None:
        pytest.skip("install poppler to read the pages (Debian: poppler-utils)")
    place = tmp_path_factory.mktemp("pages")
    files = []
    for entry in catalogue.entries():
        file = place / f"{entry.id}.docx"
        renderer.render(catalogue_bytes(entry), catalogue.data_of(entry.context.example()), file)
        files.append(str(file))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(place), *files],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return place


@pytest.mark.parametrize("template_id", IDS)
def test_libreoffice_makes_pages_with_numbers(template_id: str, pages: Path) -> None:
    text = subprocess.run(
        ["pdftotext", "-layout", str(pages / f"{template_id}.pdf"), "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode()

    count = text.count("\f")
    assert [f"Page {page} of {count}" in text for page in range(1, count + 1)] == [True] * count
    assert "Borjomi Home Appliances" in text


def whole_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    section = document.sections[0]
    texts = [
        "".join(
            "\t" if node.tag.endswith("}tab") else "\n" if node.tag.endswith("}br") else node.text or ""
            for node in paragraph.iter()
            if node.tag.endswith(("}t", "}tab", "}br"))
        )
        for root in (document.element.body, section.header._element, section.footer._element)
        for paragraph in root.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p")
    ]
    return "\n".join(texts)


def assert_accepted_by_docx_integrity(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.docx"
        file.write_bytes(content)
        checked = subprocess.run(
            [Path(sys.executable).with_name("docx-integrity"), "check", file], capture_output=True, timeout=60
        )
    assert checked.returncode == 0, checked.stdout.decode()
