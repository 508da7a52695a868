"""Finding pages as people do: by following links. So no list of pages has to be kept, and none can be forgotten."""

from collections import deque
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from auditkit.web.access import PUBLIC, TOKEN, rule_of
from tests.factories.http import Browser, Page

NOT_PAGES = ("assets.", "static", "start.healthz", "room.")  # a room opens by its link only; test_rooms.py
LIMIT = 400


def endpoint_of(app: Flask, url: str) -> str | None:
    """The endpoint a GET of `url` reaches, or None."""
    try:
        endpoint, _values = app.url_map.bind("localhost").match(urlsplit(url).path, method="GET")
    except HTTPException:
        return None
    return str(endpoint)


def crawl(app: Flask, browser: Browser, starts: tuple[str, ...], each: int = 1) -> dict[str, Page]:
    """Address -> page, of every HTML page that links lead to from `starts`, at most `each` of one endpoint."""
    seen: dict[str, int] = {}
    asked: set[str] = set()
    pages: dict[str, Page] = {}
    waiting = deque(starts)
    while waiting:
        assert len(asked) < LIMIT, "the crawl does not come to an end"
        url = waiting.popleft()
        endpoint = endpoint_of(app, url)
        if url in asked or endpoint is None or _is_no_page(app, endpoint) or seen.get(endpoint, 0) >= each:
            continue
        asked.add(url)
        page = browser.get(url)
        seen[endpoint] = seen.get(endpoint, 0) + 1
        if not page.is_html:
            page.response.close()
            continue
        pages[url] = page
        for link in page.soup.find_all("a", href=True):
            target = urlsplit(urljoin(url, str(link["href"])))
            if target.netloc == "" and target.scheme == "":
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    return pages


REVIEWING = "rooms.review"
"""Nobody of the organisation may: tests/slices/packs/test_rooms_accounts.py looks at these pages."""


def starts(app: Flask, slug: str, *, public: bool = False) -> tuple[str, ...]:
    """The addresses that need nothing but the organisation: where a crawl begins; `public`: those for strangers."""
    return tuple(
        sorted(
            rule.rule.replace("<organisation>", slug)
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
            and rule.arguments <= {"organisation"}
            and not _is_no_page(app, rule.endpoint)
            and (not public or rule_of(app, rule.endpoint) == PUBLIC)
        )
    )


def _is_no_page(app: Flask, endpoint: str) -> bool:
    """Files of the kit, what answers to programs with a token, and the rooms of those who come from outside."""
    return endpoint.startswith(NOT_PAGES) or rule_of(app, endpoint) in (TOKEN, REVIEWING)
