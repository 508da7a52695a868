"""Blanks in policy texts: found, filled, escaped, and never a half sentence."""

from html import escape

import pytest
from markdown_it import MarkdownIt

from auditkit.content.blanks import BlankUnanswered, blanks_in, fill, plain, stray_braces

CHANNELS = """Choose the way that suits you:

- online: {{web_form}}
- by telephone: {{telephone}},
  from nine to five
- by post: {{address}}

Or ask {{body}}.

We answer."""


def test_blanks_are_named_once_in_order() -> None:
    assert blanks_in("{{b}} and {{ a }} and {{b}}") == ("b", "a")


def test_every_answer_is_put_in() -> None:
    answers = {
        "web_form": "https://x.example",
        "telephone": "0800",
        "address": "1 Mill Street",
        "body": "the Court",
    }
    filled = fill(CHANNELS, answers)
    assert "- online: https://x.example" in filled
    assert "- by telephone: 0800,\n  from nine to five" in filled
    assert "Or ask the Court." in filled


def test_a_list_line_without_its_answer_goes_whole_and_the_others_stay() -> None:
    filled = fill(CHANNELS, {"web_form": "w", "address": "a", "body": "b"})
    assert "telephone" not in filled
    assert "nine to five" not in filled
    assert "- online: w\n- by post: a" in filled


def test_a_paragraph_without_its_answer_goes_whole() -> None:
    filled = fill(CHANNELS, {"web_form": "w", "telephone": "t", "address": "a", "body": "  "})
    assert "Or ask" not in filled
    assert filled.endswith("We answer.")
    assert "\n\n\n" not in filled


def test_a_required_blank_without_answer_is_refused_by_name() -> None:
    with pytest.raises(BlankUnanswered, match="“telephone”"):
        fill(CHANNELS, {"web_form": "w"}, required={"telephone"})


@pytest.mark.parametrize(
    "typed",
    [
        "Smith & Sons *Ltd*",
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "# 1 in repairs",
        "1. Haus GmbH",
        "- minus",
        "a_b_c `code` ~~gone~~ | pipe",
        "&amp; &lt;",
        "{{7*7}} {% raw %}",
        "back\\slash",
        "=====",
    ],
)
def test_an_answer_comes_out_as_it_was_typed(typed: str) -> None:
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(plain(typed))
    assert html == f"<p>{escape(typed, quote=False)}</p>\n"


def test_an_answer_cannot_ask_for_another_blank() -> None:
    assert "secret" not in fill("{{a}}", {"a": "{{b}}", "b": "secret"})


def test_an_answer_stays_on_one_line() -> None:
    assert plain("12 Mill Street\n\n# 0105\tTbilisi") == "12 Mill Street \\# 0105 Tbilisi"


@pytest.mark.parametrize(
    "text", ["{{Organisation}}", "{{ a b }}", "{{a}", "{{a}} }}", "{% if x %}", "{{a|safe}}", "{{}}"]
)
def test_a_malformed_blank_is_found(text: str) -> None:
    assert stray_braces(text) is not None


def test_well_formed_blanks_and_single_braces_are_no_fault() -> None:
    assert stray_braces("{{a}} {{ b }} {c} }") is None
