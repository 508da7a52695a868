"""The examination before use: tables, styles, direction, fields, trials; each fault with its place."""

import io
import re
import zipfile

import pytest
from docx import Document

from auditkit.documents import catalogue, linting
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import DOCUMENT, member, rewritten, template

PLAN = catalogue.entry("audit-plan")
LETTER = catalogue.entry("complaint-letter")
NEEDED = "{{ organisation.name }} {{ letter.date }}"


def letter(*paragraphs: str | list[list[str]]) -> bytes:
    return template(NEEDED, "{%p for p in paragraphs %}", "{{ p }}", "{%p endfor %}", *paragraphs)


def codes(renderer: Renderer, content: bytes, language: str = "en") -> dict[str, str]:
    examined = linting.examine(content, LETTER, language, renderer)
    return {one.code: one.place or "" for one in examined.problems}


def test_a_good_template_is_tried_and_nothing_is_said(renderer: Renderer) -> None:
    examined = linting.examine(letter(), LETTER, "en", renderer)

    assert examined.usable
    assert examined.problems == ()
    assert examined.trials == ("example", "awkward", "empty", "many")
    assert len(examined.digest) == 64


@pytest.mark.parametrize(
    ("paragraph", "code", "place"),
    [
        ([["kept"], ["{%tr for p in paragraphs %}"], ["{{ p }}"], ["{%tr endfor %} and this"]], "row-not-alone",
         "text, table 1, row 4, cell 1, {%tr endfor %}"),
        ([["{%tr for p in paragraphs %}"], ["{{ p }}"], ["{% endfor %}"]], "scope-differs",
         "text, table 1, row 3, cell 1, {% endfor %}"),
        ("{%p if organisation.name %} lost", "paragraph-not-alone", "text, paragraph 5, {%p if organisation.name %}"),
        ([["Head"], ["{%tr for p in paragraphs %}"], ["{{ p }}"], ["{%tr endfor %}"]], "no-table-head",
         "text, table 1, row 2, cell 1, {%tr for p in paragraphs %}"),
        ("{{ letter.dat }}", "unknown-field-guess", "text, paragraph 5, {{ letter.dat }}"),
        ("{% for x in letter.subject %}{{ x }}{% endfor %}", "loops-over-no-list",
         "text, paragraph 5, {% for x in letter.subject %}"),
        ("{{ paragraphs }}", "prints-list", "text, paragraph 5, {{ paragraphs }}"),
        ("{{ recipient }}", "prints-fields", "text, paragraph 5, {{ recipient }}"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place(
    paragraph: str | list[list[str]], code: str, place: str, renderer: Renderer
) -> None:
    closing = ("{%p endif %}",) if code == "paragraph-not-alone" else ()

    assert codes(renderer, letter(paragraph, *closing))[code] == place


def test_rows_of_a_loop_that_end_in_another_table(renderer: Renderer) -> None:
    found = codes(renderer, letter([["{%tr for p in paragraphs %}"], ["{{ p }}"]], "between", [["{%tr endfor %}"]]))

    assert found == {"other-table": "text, table 2, row 1, cell 1, {%tr endfor %}"}


def test_what_the_document_must_show_is_demanded(renderer: Renderer) -> None:
    examined = linting.examine(template("{{ organisation.name }}"), LETTER, "en", renderer)

    assert [one.text for one in examined.errors] == [
        "A document of this kind must show letter.date. Put the field into the template",
        "A document of this kind must show paragraphs. Put the field into the template",
    ]
    assert examined.trials == ()


@pytest.mark.parametrize(
    ("template_id", "sections"),
    [
        ("audit-report", {"audit.scope", "criteria", "findings", "audit.conclusion", "not_covered", "diverging"}),
        ("nc-response", {"nonconformity.statement", "response.correction", "response.cause", "steps"}),
        ("complaint-case-file", {"case.reference", "facts", "steps", "timeline", "left_out"}),
        ("review-minutes", {"participants", "items", "decisions", "left_out"}),
        ("review-outcome", {"review.outcome", "concerns", "requests", "clauses", "left_out"}),
    ],
)
def test_sections_that_a_document_cannot_be_without_are_demanded(
    template_id: str, sections: set[str], renderer: Renderer
) -> None:
    entry = catalogue.entry(template_id)
    examined = linting.examine(template("{{ organisation.name }}"), entry, "en", renderer)

    assert {f"A document of this kind must show {one}. Put the field into the template" for one in sections} <= {
        one.text for one in examined.errors
    }


def test_a_style_that_is_not_in_the_file_is_named(renderer: Renderer) -> None:
    source = letter("styled")
    xml = member(source, DOCUMENT).replace(b"<w:t>styled", b"</w:r></w:p><w:p><w:pPr><w:pStyle w:val='Housestyle'/>"
                                           b"</w:pPr><w:r><w:t>styled")  # fmt: skip

    examined = linting.examine(rewritten(source, {DOCUMENT: xml}), LETTER, "en", renderer)

    assert [(one.level, one.text) for one in examined.problems] == [
        ("warning", "The style Housestyle is used and not in the file, so Word shows plain text there")
    ]


def test_tags_of_tracked_changes_count_as_they_will_be_read(renderer: Renderer) -> None:
    source, by = letter("changed"), b'w:author="A" w:date="2026-01-01T00:00:00Z"'
    tracked = (
        b'</w:r><w:del w:id="1" %(by)s><w:r><w:delText>{{ letter.gone }}{%% endif %%}</w:delText></w:r></w:del>'
        b'<w:r><w:t>{{ letter.</w:t></w:r><w:ins w:id="2" %(by)s><w:r><w:t>reference</w:t></w:r></w:ins><w:r><w:t> }}'
    )
    xml = member(source, DOCUMENT).replace(b"<w:t>changed", tracked % {b"by": by})
    content = rewritten(source, {DOCUMENT: xml})

    assert codes(renderer, content) == {}
    out = io.BytesIO()
    renderer.render(content, linting.trial_data(LETTER, "example"), out)
    assert Document(out).paragraphs[-1].text == "C-2026-000123"


def test_a_persian_template_that_runs_from_left_to_right_is_warned_of(renderer: Renderer) -> None:
    assert codes(renderer, letter([["a"]]), "fa").keys() == {"not-right-to-left", "table-not-right-to-left"}
    assert codes(renderer, letter([["a"]]), "en") == {}


def test_the_shipped_persian_report_runs_from_right_to_left(renderer: Renderer) -> None:
    file = catalogue.entry("audit-report", "fa").file.read_bytes()

    assert renderer.look(file).of_direction == []


def test_a_template_that_fails_only_with_empty_lists_is_told_which_trial(renderer: Renderer) -> None:
    examined = linting.examine(letter("{{ paragraphs[0] }}"), LETTER, "en", renderer)

    assert not examined.usable
    assert [(one.trial, one.code) for one in examined.errors] == [("With empty lists and texts", "empty-list")]
    assert str(examined.errors[0]).startswith("With empty lists and texts: text, paragraph 5")


def test_a_template_that_cannot_bear_many_rows_is_refused() -> None:
    from auditkit.documents.limits import Limits

    renderer = Renderer(Limits(wall_seconds=3.0), size=1)
    squared = "{% for a in paragraphs %}{% for b in paragraphs %}{{ a }}{% endfor %}{% endfor %}"
    try:
        examined = linting.examine(letter(squared), LETTER, "en", renderer)
    finally:
        renderer.close()

    assert [one.trial for one in examined.errors] == ["With 3000 entries in paragraphs"]


def test_awkward_values_stand_in_the_document_as_they_are(renderer: Renderer) -> None:
    out = io.BytesIO()
    renderer.render(letter(), linting.trial_data(LETTER, "awkward"), out)

    page = "\n".join(paragraph.text for paragraph in Document(out).paragraphs)
    assert "A & B <w:p> ]]> “شرکت نمونه” ‏راست‏ \U0001f600 {{ x }} {% if %}" in page


@pytest.mark.parametrize("template_id", list(catalogue.CONTEXTS))
def test_shipped_templates_pass_their_own_examination(
    template_id: str, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linting, "MANY", 300)  # the register alone is tried with all 3,000 rows, below
    for language in catalogue.languages_of(template_id):
        entry = catalogue.entry(template_id, language)

        english = renderer.fields(catalogue.entry(template_id).file.read_bytes())
        # What runs in one direction only need not ask which.
        unasked = {"letter.direction"} if language == "fa" else set()
        assert renderer.fields(entry.file.read_bytes()) == english - unasked
        assert [str(one) for one in linting.examine(entry.file.read_bytes(), entry, language, renderer).problems] == []


def test_every_document_is_written_in_persian_too() -> None:
    assert [one for one in catalogue.CONTEXTS if "fa" not in catalogue.languages_of(one)] == []


def test_what_is_bold_in_persian_is_bold_for_its_letters() -> None:
    """Word looks at `w:b` for Latin letters and at `w:bCs` for those that run from right to left."""
    for template_id in catalogue.CONTEXTS:
        if "fa" in catalogue.languages_of(template_id):
            with zipfile.ZipFile(io.BytesIO(catalogue.entry(template_id, "fa").file.read_bytes())) as archive:
                document = archive.read("word/document.xml").decode()
            assert "<w:rtl/>" in document, template_id
            assert not re.search(r"<w:b/>(?!<w:bCs/>)", document), template_id


def test_every_required_field_is_described() -> None:
    for entry in catalogue.entries():
        assert set(entry.shape.required) <= {one.name for one in entry.shape.variables}, entry.id
        assert entry.shape.required, entry.id


def test_a_shipped_register_bears_three_thousand_rows(renderer: Renderer) -> None:
    entry = catalogue.entry("findings-and-actions-register")

    assert [title for title, _ in linting.trials(entry)][-1] == "With 3000 entries in left_out"
    assert linting.examine(entry.file.read_bytes(), entry, "en", renderer).usable
