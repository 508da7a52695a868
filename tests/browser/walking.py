"""How the journeys walk: by the links and forms that a page offers, never by an address typed in."""

from typing import Any

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


def fits(page: Any) -> None:
    """Nothing reaches over the edge, and the page speaks the way it is read."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url}: {width}"


def go(page: Any, *endings: str) -> None:
    """Follow the first link of the page whose address ends so."""
    for ending in endings:
        link = page.locator(f'a[href$="{ending}"]').first
        address = link.get_attribute("href")
        if link.is_visible():
            link.click()
        else:  # folded away in the menu of a phone
            page.goto(page.url.split("/o/")[0] + address)
        page.wait_for_load_state()
        fits(page)


def send(page: Any, action: str, **values: str) -> None:
    """Fill the form that goes to `action` in and send it."""
    form = page.locator(f'main form[action*="{action}"]').first
    for name, value in values.items():
        field = form.locator(f'[name="{name}"]').first
        fold = field.locator("xpath=ancestor::details[not(@open)]")
        if fold.count():
            fold.first.locator("summary").click()
        kind = field.get_attribute("type")
        if kind == "radio":
            form.locator(f'[name="{name}"][value="{value}"]').check()
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator('button[type="submit"]:not([name])').last.click()
    page.wait_for_load_state()
    fits(page)
