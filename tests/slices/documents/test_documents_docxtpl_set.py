"""docxtpl's own templates: those that need only plain tags give docxtpl's document, the others say what they need."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditkit.documents.render import Renderer
from tests.slices.documents.test_documents_render import by_docxtpl
from tests.slices.documents.writing import canonical, member, rendered

Shared = Callable[[str], Path]
FOLDER = "docx_templates/docxtpl"
ITEMS = [{"desc": "Python & co", "qty": 2, "price": "0.00"}, {"desc": "<jinja>", "qty": 1, "price": "1,99"}]
PLAIN: dict[str, dict[str, Any]] = {
    "comments_tpl.docx": {},
    "doc_properties_tpl.docx": {"test": "HelloWorld"},
    "dynamic_table_tpl.docx": {
        "col_labels": ["fruit", "vegetable", "stone", "thing"],
        "tbl_contents": [{"label": "yellow", "cols": ["banana", "capsicum", "pyrite", "taxi"]}],
    },
    "embedded_embedded_docx_tpl.docx": {"name": "John"},
    "footnotes_tpl.docx": {"a_jinja_variable": "A Jinja variable!"},
    "get_undeclared_variables.docx": {
        "name": "J", "age": 3, "email": "e", "is_student": True, "has_degree": False, "degree_field": "",
        "page_number": 1, "generation_date": "d", "author": "a", "company_name": "c", "skills": ["a", "b"],
        "projects": [{"name": "p", "year": 1, "description": "d"}],
    },
    "header_footer_entities_tpl.docx": {"title": "Header and footer test"},
    "header_footer_image_tpl.docx": {"mycompany": "The World Company"},
    "horizontal_merge_tpl.docx": {},
    "less_cells_after_loop_tpl.docx": {},
    "merge_paragraph_tpl.docx": {"living_in_town": True},
    "multi_rendering_tpl.docx": {"title": "T", "body": "two\nlines"},
    "nested_for_tpl.docx": {
        "dishes": [{"name": "Pizza", "ingredients": ["bread", "tomato"]}],
        "authors": [{"name": "Saint-Exupery", "books": [{"title": "Le petit prince"}]}],
    },
    "order_tpl.docx": {
        "customer_name": "Eric", "items": ITEMS, "in_europe": True, "is_paid": False, "company_name": "The <World>",
        "total_price": "10,000.00",
    },
    "preserve_spaces_tpl.docx": {"tag_1": "a", "tag_2": "b"},
    "vertical_merge_nested_tpl.docx": {},
    "vertical_merge_tpl.docx": {"category": "Book", "items": ITEMS, "total_price": "1"},
}  # fmt: skip
# No tags at all, or, for module_execute, only questions about the data.
WITHOUT_DATA = (
    "embedded_dummy.docx", "embedded_dummy2.docx", "embedded_static_docx.docx", "merge_docx_subdoc.docx",
    "replace_picture_tpl.docx",
)  # fmt: skip
EXPLAINED = {
    "cellbg_tpl.docx": {"no-rich-text"},
    "custom_jinja_filters_tpl.docx": {"no-filter"},
    "embedded_main_tpl.docx": {"embedded"},
    "escape_tpl.docx": {"no-rich-text"},
    "escape_tpl_auto.docx": {"no-call-of"},
    "header_footer_tpl.docx": {"no-rich-text"},
    "header_footer_tpl_utf8.docx": {"no-rich-text"},
    "merge_docx_master_tpl.docx": {"no-rich-text"},
    "richtext_and_if_tpl.docx": {"no-rich-text"},
    "richtext_eastAsia_tpl.docx": {"no-rich-text"},
    "richtext_paragraph_tpl.docx": {"no-rich-text"},
    "richtext_tpl.docx": {"no-rich-text"},
    "subdoc_tpl.docx": {"no-rich-text"},
    "template_error_tpl.docx": {"block-not-open"},
    "word2016_tpl.docx": {"no-rich-text"},
}
# Their tags are plain, their data are pictures or Python objects, which plain JSON cannot hold.
PICTURES = ("header_footer_inline_image_tpl.docx", "inline_image_tpl.docx", "module_execute_tpl.docx")


def test_every_template_of_the_set_is_in_one_of_the_tables(shared: Shared) -> None:
    files = {path.name for path in shared(FOLDER).glob("*.docx")}

    assert files == PLAIN.keys() | set(WITHOUT_DATA) | EXPLAINED.keys() | set(PICTURES)


@pytest.mark.parametrize("name", PLAIN)
def test_a_template_of_plain_tags_gives_docxtpls_document(name: str, renderer: Renderer, shared: Shared) -> None:
    source = shared(f"{FOLDER}/{name}").read_bytes()

    ours, theirs = rendered(renderer, source, PLAIN[name]), by_docxtpl(source, PLAIN[name])

    assert canonical(ours) == canonical(theirs)


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_a_template_without_tags_is_copied_or_explained(name: str, renderer: Renderer, shared: Shared) -> None:
    file = shared(f"{FOLDER}/{name}")

    problems = renderer.lint(file)

    assert [problem.code for problem in problems] == ["no-tags"]
    assert canonical(rendered(renderer, file, {})) == canonical(by_docxtpl(file.read_bytes(), {}))


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_template_that_needs_more_says_what(name: str, renderer: Renderer, shared: Shared) -> None:
    problems = renderer.lint(shared(f"{FOLDER}/{name}"))

    assert {problem.code for problem in problems if problem.level == "error"} >= EXPLAINED[name]


def test_footnotes_are_filled(renderer: Renderer, shared: Shared) -> None:
    content = rendered(renderer, shared(f"{FOLDER}/footnotes_tpl.docx"), PLAIN["footnotes_tpl.docx"])

    assert b"A Jinja variable!" in member(content, "word/footnotes.xml")
