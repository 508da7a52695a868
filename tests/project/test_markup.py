"""Trees built quickly are the trees that Python's parser makes, and a page is looked at once, not once a test."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.factories import markup
from tests.project import page_checks
from tests.project.test_page_checks import GOOD, HEADERS, PLANTED

REGULAR = {
    "good": GOOD,
    "texts": '<p title="a &lt;b&gt; &copy; &#39;">x &amp; y &lt; z &gt; &#34;&#39;&quot; <b>\n </b>\n</p>',
    "attributes": '<input disabled value=\'it"s\' DATA-x=""><br/><hr /><svg viewBox="0 0 1 1"><path d=\'M0\'/></svg>',
    "comment": "<!doctype html>\n<!-- a <b> --><html><body><!----></body></html>",
    "raw": '<script type="application/json">{"a": "1 < 2 && \\u003c"}</script><style>p > b {}</style><script></script>',
    "persian": '<p lang="fa" dir="rtl">گزارش <span class="a  b\nc" rel="x y">ممیزی</span></p>',
    "crossed": "<p><b>x</p></b><table><tr><td>y</table>z</input>",
    "white space": "<pre> <b> </b>\n\n</pre> \n <textarea>\n </textarea><p>\t \t</p><p>\u00a0</p>",
    "template": "<template> <i>x</i></template> y",
    "within values": '<p title="a > b" class="">x</p><a rel="me  you" class=" b ">y</a><meta charset="utf-8"><meta>',
}
UNUSUAL = {
    "reference": "<p>a &copy b &nosuch; &#x80; &</p>",
    "smaller": "<p>1 < 2</p>",
    "bare value": "<p class=a>x</p>",
    "spaced": '<p class = "a">x</p>',
    "unfinished": "<p>x<b",
    "instruction": "<?php x ?><p>x</p>",
    "script in script": "<script>'<script></b>'</script>",
    "cdata": "<p><![CDATA[x]]></p>",
}


def whole(soup: BeautifulSoup) -> list[tuple[Any, ...]]:
    """Everything about every element: what it is, and in what order it hangs together with which."""
    elements = list(soup.descendants)
    place = {id(one): number for number, one in enumerate([soup, *elements])}
    beside = ("contents", "attrs", "sourceline", "sourcepos")  # where a tag stood is not kept
    links = ("parent", "next_element", "previous_element", "next_sibling", "previous_sibling")
    found = []
    for one in elements:
        linked = [place[id(there)] if (there := getattr(one, name)) is not None else None for name in links]
        own = {name: value for name, value in vars(one).items() if name not in (*links, *beside)}
        attributes = [(name, type(value), value) for name, value in getattr(one, "attrs", {}).items()]
        inside = [place[id(child)] for child in getattr(one, "contents", ())]
        found.append((type(one), str(one), type(getattr(one, "attrs", None)), attributes, inside, linked, own))
    return [(soup.next_element, [place[id(child)] for child in soup.contents]), *found]


@pytest.mark.parametrize("html", REGULAR.values(), ids=REGULAR)
def test_a_regular_page_is_cut_and_gives_the_same_tree(html: str) -> None:
    assert markup.cut(html) is not None
    assert whole(markup.tree(html)) == whole(BeautifulSoup(html, "html.parser"))


def test_trees_share_nothing_that_can_be_changed() -> None:
    first, second = markup.tree(GOOD), markup.tree(GOOD)
    for tag in first.find_all(True):
        for value in tag.attrs.values():
            if isinstance(value, list):
                value.append("another")
        tag["more"] = "x"
        tag.append("more")
    assert whole(second) == whole(BeautifulSoup(GOOD, "html.parser"))
    assert whole(markup.tree(GOOD)) == whole(second)


@pytest.mark.parametrize("html", UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_goes_to_pythons_parser(html: str) -> None:
    assert markup.cut(html) is None
    assert str(markup.tree(html)) == str(BeautifulSoup(html, "html.parser"))


@pytest.mark.sqlite_only
def test_pages_of_ours_are_regular(browser, acme) -> None:
    person = browser(acme, "quality-manager")
    for address in ("", "complaints/", "complaints/new", "audits/", "library/", "insights/"):
        html = person.get(f"/o/acme/{address}").response.get_data(as_text=True)
        assert markup.cut(html) is not None, address
        assert whole(markup.tree(html)) == whole(BeautifulSoup(html, "html.parser"))


@pytest.mark.parametrize("fault", PLANTED)
def test_a_page_that_was_sound_is_looked_at_again_with_any_fault(fault: str) -> None:
    page_checks.note_sound(GOOD, HEADERS)
    assert page_checks.sound_before(GOOD, HEADERS)
    before, after = PLANTED[fault]
    assert not page_checks.sound_before(GOOD.replace(before, after), HEADERS)


def test_another_token_or_nonce_makes_no_other_page() -> None:
    page_checks.note_sound(GOOD, HEADERS)
    html = GOOD.replace('nonce="abc"', 'nonce="xyz"').replace('value="t"', 'value="other"')
    headers = {name: policy.replace("abc", "xyz") for name, policy in HEADERS.items()}
    assert page_checks.sound_before(html, headers)
    assert not page_checks.sound_before(html, HEADERS), "a nonce that is not of its response"
    assert not page_checks.sound_before(html, {}), "no policy"
