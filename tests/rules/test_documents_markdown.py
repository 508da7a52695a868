"""Markdown of policies as paragraphs for Word."""

from hypothesis import given
from hypothesis import strategies as st

from auditkit.documents.markdown import STYLES, Run, blocks


def styled(markdown: str) -> list[tuple[str, str, str]]:
    return [(block.style, block.label, block.text) for block in blocks(markdown)]


def test_paragraphs_headings_lists_and_quotes() -> None:
    assert styled("# Head\n\nOne\ntwo\n\n- a\n- b\n\n3. c\n4. d\n\n> Note") == [
        ("heading", "", "Head"),
        ("paragraph", "", "One two"),
        ("bullet", "", "a"),
        ("bullet", "", "b"),
        ("number", "3.", "c"),
        ("number", "4.", "d"),
        ("note", "", "Note"),
    ]


def test_a_second_paragraph_of_a_list_entry_has_no_bullet_and_inner_lists_count_for_themselves() -> None:
    assert styled("1. a\n\n   more\n2. b\n   - inner\n3. c") == [
        ("number", "1.", "a"),
        ("paragraph", "", "more"),
        ("number", "2.", "b"),
        ("bullet", "", "inner"),
        ("number", "3.", "c"),
    ]


def test_strong_text_is_a_run_of_its_own_and_other_emphasis_is_dropped() -> None:
    (block,) = blocks("**We act** at *once*, **now**.")

    assert block.runs == (Run("We act", "strong"), Run(" at once, ", ""), Run("now", "strong"), Run(".", ""))


def test_a_link_keeps_its_address_once() -> None:
    assert styled("[form](https://a.example/f) <https://b.example> [c@d.example](mailto:c@d.example)")[0][2] == (
        "form (https://a.example/f) https://b.example c@d.example"
    )


def test_html_stays_text_and_code_and_tables_are_not_lost() -> None:
    found = styled("<b>x</b>\n\n    code line\n\n| a | b |\n|---|---|\n| 1 | 2 |")

    assert found == [
        ("paragraph", "", "<b>x</b>"),
        ("paragraph", "", "code line"),
        ("paragraph", "", "a — b"),
        ("paragraph", "", "1 — 2"),
    ]


def test_a_hard_break_stays_a_line_break() -> None:
    assert styled("one\\\ntwo")[0][2] == "one\ntwo"


@given(st.text(max_size=200))
def test_any_text_gives_known_styles_and_no_empty_paragraph(markdown: str) -> None:
    for block in blocks(markdown):
        assert block.style in STYLES
        assert block.text.strip()
        assert bool(block.label) == (block.style == "number")
