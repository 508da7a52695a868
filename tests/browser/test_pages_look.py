"""Every page in Chromium: on a phone and a desk, light and dark, in English and mirrored in Persian.

Pages are found by following links from the demo organisation's start page. On each: axe finds nothing, nothing is wider
than the screen, what is to be touched is large enough, and the console stays empty.
AUDITKIT_SCREENSHOTS=folder keeps a picture of each, in two more ways of looking.
"""

import os
from dataclasses import dataclass
from typing import Any

import pytest

from auditkit.instance.demo.story import SLUG
from tests.browser.axe import Axe
from tests.factories import demo, once
from tests.factories.crawl import crawl, starts

pytestmark = pytest.mark.sqlite_only

ODD = ("/account/link/never-made", "/no-such-page")

TOUCH = """() => [...document.querySelectorAll("button, a.btn, select, summary, input:not([type=hidden])")]
  .filter(e => e.checkVisibility() && !["checkbox", "radio"].includes(e.type))
  .filter(e => e.getBoundingClientRect().height < 43.5 || e.getBoundingClientRect().width < 43.5)
  .map(e => `${e.tagName} ${e.textContent.trim().slice(0, 30) || e.name}: ${e.getBoundingClientRect().height}px`)"""

TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) { return []; }
  return [...document.querySelectorAll("body *")]
    .filter(e => e.checkVisibility() && !e.closest(".table-region"))
    .filter(e => { const b = e.getBoundingClientRect(); return b.right > width + 1 || b.left < -1; })
    .slice(0, 4).map(e => `${e.tagName}.${e.className}`);
}"""


@dataclass(frozen=True)
class Screen:
    """How a page is looked at."""

    name: str
    width: int
    scheme: str
    language: str


# Both widths, both appearances, both directions of writing; when pictures are wanted, the other pairs too.
SCREENS = (Screen("phone-light", 360, "light", "en"), Screen("desk-dark-fa", 1440, "dark", "fa"))
FURTHER = (Screen("desk-light", 1440, "light", "en"), Screen("phone-dark-fa", 360, "dark", "fa"))
CHOSEN = SCREENS + FURTHER if os.environ.get("AUDITKIT_SCREENSHOTS") else SCREENS


def faults(page: Any, axe: Axe, screen: Screen) -> list[str]:
    found = [
        f"axe {violation['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for violation in axe.violations(page)
        for node in violation["nodes"]
    ]
    found += [f"wider than the screen: {element}" for element in page.evaluate(TOO_WIDE)]
    if screen.width < 500:
        found += [f"too small to touch: {element}" for element in page.evaluate(TOUCH)]
    return found


def addresses(app: Any, browser: Any) -> tuple[list[str], list[str]]:
    """The pages for strangers and those of an administrator."""
    client = browser()
    for_strangers = list(crawl(app, client, starts(app, SLUG, public=True)))
    client.sign_in(demo.secret_of("ada"))
    return for_strangers, list(crawl(app, client, starts(app, SLUG)))


@pytest.mark.parametrize("screen", CHOSEN, ids=lambda screen: screen.name)
def test_every_page_looks_right(screen, app, browser, server, chromium, screenshots, axe):
    demo.tell(app)
    # Looked for once, for the demo is the same in each test
    for_strangers, found_by_links = once.value("pages-of-the-demo", lambda: addresses(app, browser))
    assert len(found_by_links) > 5, "hardly any page was found"

    context = chromium.new_context(
        viewport={"width": screen.width, "height": 900}, color_scheme=screen.scheme, locale=screen.language
    )
    context.add_init_script(axe.script)
    page = context.new_page()
    problems: list[str] = []
    expected_status = {"/no-such-page"}
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)

    def look(url: str) -> None:
        said.clear()
        page.goto(server + url)
        name = url.strip("/").replace("/", "_").replace("?", "~") or "start"
        problems.extend(f"{url}: {fault}" for fault in faults(page, axe, screen))
        if url not in expected_status:
            problems.extend(f"{url}: console: {text}" for text in said)
        if screenshots is not None:
            page.screenshot(path=screenshots / f"{name}.{screen.name}.png", full_page=True)

    for url in (*for_strangers, *ODD):
        look(url)
    page.goto(f"{server}/account/link/{demo.secret_of('ada')}")
    page.locator("main button").click()
    for url in (one for one in found_by_links if one not in for_strangers):
        look(url)
    context.close()
    assert not problems, "\n".join(problems)
