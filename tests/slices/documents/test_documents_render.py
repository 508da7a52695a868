"""Rendering: the text docxtpl gives, the same bytes every time, errors that name the place, whole files only."""

import io
from pathlib import Path
from typing import Any

import jinja2
import pytest
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.documents.problems import TemplateRefused
from auditkit.documents.render import Renderer
from tests.slices.documents.writing import canonical, cells, member, rendered, template, texts

REPORT = template(
    "Report for {{ organisation.name }}",
    "{% if note %}Note: {{ note }}{% else %}No note{% endif %}",
    "{%p for o in objectives %}",
    "{{ loop.index }}. {{ o }}",
    "{%p endfor %}",
    [["No", "Grade"], ["{%tr for f in findings %}", ""], ["{{ f.no }}", "{{ f.grade }}"], ["{%tr endfor %}", ""]],
    [["{%tc for o in objectives %}", "{{ o }}", "{%tc endfor %}"]],
    "{{ organ¦isation.na¦me }} split over runs, {¦{ note }¦} too",
    "{%r if note %}¦kept¦{%r endif %}¦ and {{ note | upper }}",
    header="Header {{ organisation.name }}",
    footer="Footer {{ note }}",
)


def by_docxtpl(content: bytes, data: dict[str, Any]) -> bytes:
    theirs = DocxTemplate(io.BytesIO(content))
    theirs.render(data, jinja_env=jinja2.Environment(autoescape=True))
    out = io.BytesIO()
    theirs.save(out)
    return out.getvalue()


# What XML cannot hold is dropped by us and by lxml in docxtpl differently (see the tests below); `{_{` is docxtpl's way
# to write a tag and works there even in data.
VALUES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff_", include_characters="\n\t\a\f"),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(
    name=VALUES,
    note=VALUES,
    objectives=st.lists(VALUES, max_size=4),
    findings=st.lists(st.fixed_dictionaries({"no": st.integers(), "grade": VALUES}), max_size=4),
)
def test_any_values_give_the_document_docxtpl_gives(
    renderer: Renderer, name: str, note: str, objectives: list[str], findings: list[dict[str, Any]]
) -> None:
    data = {"organisation": {"name": name}, "note": note, "objectives": objectives, "findings": findings}

    ours, theirs = rendered(renderer, REPORT, data), by_docxtpl(REPORT, data)

    assert canonical(ours) == canonical(theirs)
    for part in ("word/header1.xml", "word/footer1.xml"):
        assert canonical(ours, part) == canonical(theirs, part)


def test_values_of_every_plain_kind_give_the_text_docxtpl_gives(renderer: Renderer) -> None:
    source = template("{{ whole }} {{ broken }} {{ yes }} {{ 'constant' }} {{ 1 + 2 }} {{ words | join(', ') }}")
    data = {"whole": 3, "broken": 1.5, "yes": True, "words": ["a&b", "<c>"]}

    assert canonical(rendered(renderer, source, data)) == canonical(by_docxtpl(source, data))


def test_numbers_are_printed_in_the_digits_of_the_language_and_stay_numbers(renderer: Renderer) -> None:
    content = template("{{ found }} of {{ all[0].size }}{% if found > 9 %}, many{% endif %}, {{ number }}")
    data = {"found": 18, "all": [{"size": 90}], "number": "A-2026-7"}
    for language, wanted in (("en", "18 of 90, many, A-2026-7"), ("fa", "۱۸ of ۹۰, many, A-2026-7")):
        out = io.BytesIO()
        renderer.render(content, data, out, language)
        assert texts(out.getvalue()) == [wanted], language


def test_an_ampersand_and_tags_in_data_stay_text(renderer: Renderer) -> None:
    data = {"a": "Smith & Sons <w:p>", "b": "{{ a }} {% for x in y %}", "c": "{_{ a }_}"}

    assert texts(rendered(renderer, template("{{ a }}", "{{ b }}", "{{ c }}"), data)) == [
        data["a"],
        data["b"],
        data["c"],
    ]


def test_characters_that_xml_cannot_hold_are_left_out(renderer: Renderer) -> None:
    bad = "a\x00b\x0bc\x1fd\ufffee\ud800f]]>"

    assert texts(rendered(renderer, template("{{ bad }}"), {"bad": bad})) == ["abcdef]]>"]


def test_every_kind_of_line_break_in_a_value_becomes_one_line_break(renderer: Renderer) -> None:
    content = rendered(renderer, template("{{ a }}"), {"a": "one\r\ntwo\rthree\nfour"})

    assert texts(content) == ["one\ntwo\nthree\nfour"]
    assert member(content).count(b"<w:br/>") == 3


def test_the_same_template_and_data_give_the_same_bytes_in_another_process(renderer: Renderer) -> None:
    data = {"organisation": {"name": "Acme"}, "note": "n", "objectives": ["o"], "findings": []}
    other = Renderer(size=1)
    try:
        assert rendered(renderer, REPORT, data) == rendered(renderer, REPORT, data) == rendered(other, REPORT, data)
    finally:
        other.close()


def test_properties_of_the_document_are_filled_and_escaped_once(renderer: Renderer) -> None:
    source = template("{{ name }}", title="About {{ name }}")

    title = member(rendered(renderer, source, {"name": "A & B\a"}), "docProps/core.xml")

    assert b"<dc:title>About A &amp; B</dc:title>" in title


def test_members_without_tags_are_copied_as_they_lie(renderer: Renderer) -> None:
    source = template("{{ a }}")
    ours = rendered(renderer, source, {"a": "x"})

    for name in ("word/styles.xml", "[Content_Types].xml", "word/theme/theme1.xml"):
        assert member(ours, name) == member(source, name)


def test_a_cell_whose_paragraphs_are_all_left_out_still_holds_one(renderer: Renderer) -> None:
    from docx import Document

    document = Document()
    cell = document.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "{%p if a %}"
    cell.add_paragraph("{{ a }}")
    cell.add_paragraph("{%p endif %}")
    source = io.BytesIO()
    document.save(source)

    assert cells(rendered(renderer, source.getvalue(), {"a": ""})) == [[""]]


@pytest.mark.parametrize(
    ("tag", "data", "code", "said"),
    [
        ("{{ organisation.nme }}", {"organisation": {"name": "x"}}, "unknown-field-guess", "Did you mean name?"),
        ("{{ organization }}", {"organisation": "x"}, "unknown-field-guess", "Did you mean organisation?"),
        ("{{ zzz }}", {"organisation": "x"}, "unknown-field", "no field zzz"),
        ("{% if gone %}x{% endif %}", {}, "unknown-field", "no field gone"),
        ("{{ a }}", {"a": None}, "prints-nothing", "missing for this record"),
        ("{{ a }}", {"a": []}, "prints-list", "is a list"),
        ("{{ a }}", {"a": {}}, "prints-fields", "group of fields"),
        ("{{ a.b }}", {"a": "text"}, "no-fields", "b is asked of a value that has no fields"),
        ("{{ (a | first).b }}", {"a": []}, "empty-list", "list is empty"),
        ("{{ a + 1 }}", {"a": "text"}, "cannot-compute", "cannot be worked out"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_with_its_place(
    renderer: Renderer, tag: str, data: dict[str, Any], code: str, said: str
) -> None:
    source = template("First", "Second", [["a", "b"], ["c", f"before {tag} after"]])

    with pytest.raises(TemplateRefused) as refused:
        rendered(renderer, source, data)

    problem = refused.value.problems[0]
    assert problem.code == code
    assert said in problem.text
    assert problem.place == f"text, table 1, row 2, cell 2, {tag.removesuffix('x{% endif %}')}"
    assert str(refused.value) == f"template.docx, {problem.place}: {problem.text}"


def test_places_name_header_footer_and_paragraph(renderer: Renderer) -> None:
    source = template("one", "two {{ two }}", header="{{ above }}", footer="{{ below }}", title="{{ title }}")

    places = {problem.place for problem in renderer.lint(source, fields=[])}

    assert places == {
        "text, paragraph 2, {{ two }}",
        "header (header1), paragraph 1, {{ above }}",
        "footer (footer1), paragraph 1, {{ below }}",
        "document properties, {{ title }}",
    }


def test_a_missing_field_may_be_asked_about(renderer: Renderer) -> None:
    source = template("{% if a is defined %}yes{% else %}no{% endif %} {{ b | default('nothing') }} {{ c or '—' }}")

    assert texts(rendered(renderer, source, {"c": None})) == ["no nothing —"]


def test_a_failed_render_leaves_no_file_and_keeps_the_old_one(renderer: Renderer, tmp_path: Path) -> None:
    new, old = tmp_path / "new.docx", tmp_path / "old.docx"
    old.write_bytes(b"the old one")

    for target in (new, old):
        with pytest.raises(TemplateRefused):
            renderer.render(template("{{ a }}"), {}, target)

    assert old.read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["old.docx"]


def test_a_render_answers_the_digest_of_its_template_and_writes_the_whole_file(
    renderer: Renderer, tmp_path: Path
) -> None:
    import hashlib

    source = template("{{ a }}")
    digest = renderer.render(source, {"a": "x"}, tmp_path / "x.docx")

    assert digest == hashlib.sha256(source).hexdigest()
    assert texts((tmp_path / "x.docx").read_bytes()) == ["x"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.docx"]


def test_blocks_that_do_not_nest_with_the_document_are_refused_not_mended(renderer: Renderer) -> None:
    source = template("{% if a %}one", "two{% endif %}")

    assert texts(rendered(renderer, source, {"a": True})) == ["one", "two"]
    with pytest.raises(TemplateRefused) as refused:
        rendered(renderer, template("{% if a %}", [["one{% endif %}"]]), {"a": False})
    assert refused.value.problems[0].code == "result-broken"


def test_the_marks_that_carry_places_are_plain_text_in_data(renderer: Renderer) -> None:
    data = {"a": "\ufdd03\ufdd1 and \ufdd2"}

    assert texts(rendered(renderer, template("{{ a }}"), data)) == [data["a"]]
