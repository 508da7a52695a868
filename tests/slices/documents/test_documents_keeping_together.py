"""No heading stands alone at the end of a page, and no row of a table is torn: what the templates ask Word for."""

import zipfile
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from auditkit.documents import catalogue

FILES = [
    pytest.param(catalogue.entry(template_id, language).file, id=f"{template_id}.{language}")
    for template_id in catalogue.CONTEXTS
    for language in catalogue.languages_of(template_id)
]
TAG, HEADING = "TemplateTag", "Heading"
LEADING = ("Normal", "Note", "SmallPrint")
"""Styles in which a sentence may stand between a heading and a table."""


def part(file: Path, name: str):
    with zipfile.ZipFile(file) as archive:
        return parse_xml(archive.read(f"word/{name}.xml"))


def style_of(paragraph) -> str:
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return named.get(qn("w:val")) if named is not None else "Normal"


def said(paragraph) -> str:
    return "".join(one.text or "" for one in paragraph.iter(qn("w:t"))).strip()


def is_tag(paragraph) -> bool:
    """A line that steers the document and does not appear in it."""
    return style_of(paragraph) == TAG


def asks(properties) -> bool | None:
    """Whether to keep with the next; None where nothing is said of it."""
    found = properties.find(qn("w:keepNext")) if properties is not None else None
    return None if found is None else found.get(qn("w:val")) not in ("0", "false")


def keeps(styles: dict[str, object], name: str | None) -> bool:
    """Whether paragraphs of a style stay with the next, by the style or those it is based on."""
    while name is not None:
        style = styles[name]
        own = asks(style.find(qn("w:pPr")))
        if own is not None:
            return own
        based = style.find(qn("w:basedOn"))
        name = based.get(qn("w:val")) if based is not None else None
    return False


def stays(paragraph, styles: dict[str, object]) -> bool:
    own = asks(paragraph.find(qn("w:pPr")))
    return own if own is not None else keeps(styles, style_of(paragraph))


def styles_of(file: Path) -> dict[str, object]:
    return {one.get(qn("w:styleId")): one for one in part(file, "styles").iter(qn("w:style"))}


@pytest.mark.parametrize("file", FILES)
def test_every_heading_and_every_label_stays_with_what_it_heads(file: Path) -> None:
    styles = styles_of(file)
    headings = [
        name
        for name, style in styles.items()
        if style.get(qn("w:type")) == "paragraph" and "heading" in style.find(qn("w:name")).get(qn("w:val")).lower()
    ]
    assert {"Heading1", "Heading2", "Heading3", "TOCHeading", "TableHeading"} <= set(headings)
    assert [name for name in headings if not keeps(styles, name)] == []
    for paragraph in part(file, "document").iter(qn("w:p")):
        if style_of(paragraph) in headings:
            assert stays(paragraph, styles), said(paragraph)


@pytest.mark.parametrize("file", FILES)
def test_no_row_is_torn_and_the_head_of_a_table_stays_with_its_first_row(file: Path) -> None:
    styles = styles_of(file)
    for row in part(file, "document").iter(qn("w:tr")):
        paragraphs = list(row.iter(qn("w:p")))
        if all(map(is_tag, paragraphs)):
            continue
        properties = row.find(qn("w:trPr"))
        assert properties is not None, [said(one) for one in paragraphs]
        assert properties.find(qn("w:cantSplit")) is not None, [said(one) for one in paragraphs]
        if properties.find(qn("w:tblHeader")) is not None:
            assert all(stays(one, styles) for one in paragraphs), [said(one) for one in paragraphs]


@pytest.mark.parametrize("file", FILES)
def test_a_sentence_between_a_heading_and_its_table_does_not_part_them(file: Path) -> None:
    """Lines of a loop may: there can be more of them than a page holds."""
    styles, blocks = styles_of(file), list(part(file, "document").find(qn("w:body")))
    headed = [one.tag == qn("w:p") and style_of(one).startswith(HEADING) for one in blocks]
    for number, table in enumerate(blocks):
        before = number - 1
        while table.tag == qn("w:tbl") and any(headed[:before]) and blocks[before].tag == qn("w:p"):
            one = blocks[before]
            if is_tag(one):
                if "endfor" in said(one):
                    break
            elif style_of(one).startswith(HEADING) or style_of(one) not in LEADING or not said(one):
                break
            else:
                assert stays(one, styles), said(one)
            before -= 1


def test_there_are_headings_sentences_and_tables_to_look_at() -> None:
    """So that the tests above can fail."""
    policy = catalogue.entry("complaints-policy").file
    styles = styles_of(policy)
    assert not keeps(styles, "Normal")
    assert not keeps(styles, "DocumentTitle"), "it says so itself"
    assert keeps(styles, "TOCHeading"), "it is based on one that does"
