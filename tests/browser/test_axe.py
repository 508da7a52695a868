"""Contrast is not judged twice for one look: nothing is lost by that, and time is won."""

import pytest

GOOD = "<p style='color: #666'>Readable</p>"
BAD = "<p style='color: #aaa'>Hardly readable</p>"
DARKER = f"<div style='background: #bbb'>{GOOD}</div>"
FADED = f"<div style='opacity: .5'>{GOOD}</div>"
SMALL = "<p style='color: #808080; font-size: 16px'>Small letters</p>"
LARGE = "<p style='color: #808080; font-size: 32px'>Large letters</p>"
# axe says nothing of these, so the same colours on another page are judged
DISABLED = "<button disabled style='color: #aaa; background: #fff'>Send</button>"
ENABLED = "<button style='color: #aaa; background: #fff'>Send</button>"
HIDDEN = "<p hidden style='color: #aaa'>Hardly readable</p>"
ON_A_PICTURE = f"<div style='background: #fff linear-gradient(red, blue)'>{BAD}</div>"
COVER = "<div style='position: absolute; inset: 0; background: #000'></div>"
COVERED = f"<div style='position: relative'>{BAD}{COVER}</div>"
TINY = "<button style='font-size: 5px; padding: 0; border: 0'>a</button>"


@pytest.fixture
def contrast(chromium, axe):
    """`contrast(html)`: the elements of a page that axe finds hard to read."""
    context = chromium.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()

    def on_a_page(html: str) -> list[str]:
        page.set_content(f"<html lang='en'><title>A page</title><body style='background: #fff'>{html}</body></html>")
        found = {one["id"]: one["nodes"] for one in axe.violations(page)}
        return [node["target"][0] for node in found.get("color-contrast", ())]

    yield on_a_page
    context.close()


@pytest.mark.parametrize(
    ("before", "after"),
    [(GOOD, BAD), (GOOD, DARKER), (GOOD, FADED), (LARGE, SMALL), (BAD, BAD), (DISABLED, ENABLED), (HIDDEN, BAD),
     (ON_A_PICTURE, BAD), (COVERED, BAD)],
)  # fmt: skip
def test_what_is_hard_to_read_is_found_whatever_was_seen_before(contrast, axe, before, after):
    contrast(before)
    assert len(contrast(before + after)) == (2 if before == BAD else 1)
    axe.good.clear()
    assert len(contrast(after)) == 1, "the page was not hard to read, and shows nothing"


def test_it_is_found_among_many_that_look_alike_at_first_sight(contrast):
    assert len(contrast(GOOD * 5 + DARKER + GOOD + BAD * 2)) == 3


def test_a_look_that_was_good_is_not_judged_again(contrast, axe):
    assert contrast(GOOD * 3) == []
    (known,) = axe.good
    axe.good.clear()
    assert contrast(BAD) != []
    assert axe.good == set()
    axe.good.add(known.replace("rgb(102, 102, 102)", "rgb(170, 170, 170)"))
    assert contrast(BAD) == []


def test_the_rest_is_looked_at_on_every_page(chromium, axe):
    page = chromium.new_page()
    for _again in range(2):
        page.set_content(
            f"<html lang='en'><title>A page</title><main><h1>A page</h1><a href='#'></a><input>{TINY * 2}</main></html>"
        )
        assert {one["id"] for one in axe.violations(page)} == {"label", "link-name", "target-size"}
    page.close()
