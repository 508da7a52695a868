"""Tags are found whatever runs they are split over, and known by line afterwards."""

from itertools import pairwise

from docx import Document
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from auditkit.documents import places


def surveyed(*paragraphs: list[str]) -> tuple[places.Survey, places.Lined]:
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs:
            paragraph.add_run(run)
    root = document.element
    survey = places.survey(root, "document")
    return survey, places.unmark(DocxTemplate("").patch_xml(etree.tostring(root, encoding="unicode")))


@settings(deadline=None)  # tests time nothing
@given(st.lists(st.integers(0, 30), max_size=5))
def test_a_tag_is_found_however_word_splits_it(cuts: list[int]) -> None:
    text = "Dear {{ person.name }}, {% if x %}y{% endif %}"
    edges = [0, *sorted(cuts), len(text)]
    runs = [text[begin:end] for begin, end in pairwise(edges)]

    survey, lined = surveyed(runs)

    assert [place.tag for place in survey.places] == ["{{ person.name }}", "{% if x %}", "{% endif %}"]
    assert [tag for tag, _ in lined.tags[1:]] == ["{{ person.name }}", "{% if x %}", "{% endif %}"]
    assert [mark for _, mark in lined.tags[1:]] == [0, 1, 2]
    assert survey.faults == []
    assert "\ufdd0" not in lined.source


def test_paragraphs_count_from_one_and_lines_follow_the_tags() -> None:
    survey, lined = surveyed(["none"], ["{{ a }} and {{ b }}"], [], ["{{ c }}"])

    assert [(place.paragraph, place.tag) for place in survey.places] == [(2, "{{ a }}"), (2, "{{ b }}"), (4, "{{ c }}")]
    assert lined.source.split("\n")[1].startswith("{{ a }} and ")


def test_a_tag_that_closes_in_the_next_paragraph_is_a_fault_and_a_comment_is_not() -> None:
    survey, _ = surveyed(["{{ a"], ["}}"], ["{# a comment"], ["{{ hidden }} over two #}{{ b }}"])

    assert [(fault.code, fault.place.tag if fault.place else None) for fault in survey.faults] == [
        ("tag-not-closed", "{{ a")
    ]
    assert [place.tag for place in survey.places] == ["{{ b }}"]


def test_braces_inside_quotes_do_not_end_a_tag() -> None:
    survey, lined = surveyed(["{{ '}} {{' }} {% if a == '}}' %}x{% endif %}"])

    assert survey.faults == []
    assert [tag for tag, _ in lined.tags[1:]] == ["{{ '}} {{' }}", "{% if a == '}}' %}", "{% endif %}"]


def test_raw_text_is_left_alone() -> None:
    survey, lined = surveyed(["{% raw %}{{ a"], ["b }}{% endraw %}{{ c }}"])

    assert [place.tag for place in survey.places] == ["{{ c }}"]
    assert survey.faults == []
    assert [mark for _, mark in lined.tags[1:]] == [None, 0]


def test_data_text_takes_only_the_added_line_feeds_out() -> None:
    lined = places.unmark("one\ntwo{{ a }}three{_{ b }_}")

    assert lined.source == f"one{places.LINE_FEED}two\n{{{{ a }}}}three{{_{{ b }}_}}"
    assert places.data_text(lined.source.partition("\n")[0]) == "one\ntwo"
    assert places.data_text("three{_{ b }_}") == "three{{ b }}"
