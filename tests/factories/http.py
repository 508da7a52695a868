"""A browser for tests: HTTP only, CSRF on, every page inspected as it comes."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.factories import markup
from tests.project import page_checks


class Page:
    """One answer: `status`, `text` (visible), `soup`, `response`."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response, self.url, self.status = response, url, response.status_code
        self.is_html = response.mimetype == "text/html"

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page as a tree, made when somebody looks."""
        return markup.tree(self.response.get_data(as_text=True) if self.is_html else "")

    @property
    def text(self) -> str:
        """The visible text, white space folded."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def title(self) -> str:
        """The page's only h1."""
        return " ".join(self.soup.h1.get_text(" ").split()) if self.soup.h1 else ""

    @property
    def path(self) -> str:
        """The path of the page after redirects."""
        return self.response.request.path

    def form(self, action: str | None = None) -> Tag:
        """The form whose action ends in `action` (None: the only form in the page's main part)."""
        main = self.soup.find("main") or self.soup
        forms = [
            form
            for form in main.find_all("form")
            if (form.get("method") or "").lower() == "post"
            and (action is None or str(form.get("action") or self.url).split("?")[0].endswith(action))
        ]
        assert len(forms) == 1, f"{len(forms)} forms on {self.url} for action {action!r}"
        return forms[0]


def _filled(form: Tag) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            values[name] = str(chosen.get("value", "")) if chosen else ""
        elif field.name == "textarea":
            values[name] = field.get_text().removeprefix("\n")
        elif field.get("type") in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values[name] = field.get("value", "on")
        elif field.get("type") not in ("file", "submit", "button"):
            values[name] = field.get("value", "")
    return values


class Browser:
    """`get`, `post_form`, `follow`: each returns a checked `Page` (`unchecked=` turns that off with a reason)."""

    def __init__(self, client: FlaskClient, run: Callable[..., Any]) -> None:
        self.client, self._run = client, run
        self._page: Page | None = None
        self._landing: str | None = None

    @property
    def page(self) -> Page | None:
        """The page last shown; after signing in, the one that the person was sent to, opened when somebody looks."""
        if self._page is None and self._landing is not None:
            self._open(self._landing, "GET")
        return self._page

    @page.setter
    def page(self, page: Page | None) -> None:
        self._page = page

    def _open(self, url: str, method: str, data: Any = None, unchecked: str = "", **more: Any) -> Page:
        response = self._run(self.client.open, url, method=method, data=data, follow_redirects=True, **more)
        response.get_data()  # whole, so that a streamed file can be closed and still be looked at
        response.close()
        page = Page(response, response.request.path)
        if page.is_html and not unchecked:
            html = response.get_data(as_text=True)
            if not page_checks.sound_before(html, response.headers):
                problems = page_checks.problems(html, response.headers, page.soup)
                assert not problems, f"{method} {url}: {problems}"
                page_checks.note_sound(html, response.headers)
        self.page = page
        return page

    def get(self, url: str, *, status: int = 200, unchecked: str = "") -> Page:
        """GET, following redirects; the answer must have `status`. `unchecked` gives the reason for not checking it."""
        page = self._open(url, "GET", unchecked=unchecked)
        assert page.status == status, f"GET {url}: {page.status}, {page.text[:300]}"
        return page

    def post_form(
        self,
        values: dict[str, Any] | None = None,
        *,
        action: str | None = None,
        status: int = 200,
        unchecked: str = "",
    ) -> Page:
        """Send a form of the page last shown, its given values kept and `values` filled in, as a person would."""
        assert self.page is not None, "open a page first"
        form = self.page.form(action)
        url = str(form.get("action") or self.page.url)
        known = {field.get("name") for field in form.find_all(["input", "select", "textarea", "button"])}
        unknown = set(values or {}) - known
        assert not unknown, f"the form on {self.page.url} has no {sorted(unknown)}; it has {sorted(map(str, known))}"
        page = self._open(url, "POST", {**_filled(form), **(values or {})}, unchecked)
        assert page.status == status, f"POST {url}: {page.status}, {page.text[:600]}"
        return page

    def post(self, url: str, values: dict[str, Any] | None = None, *, status: int = 200, unchecked: str = "") -> Page:
        """POST without a form, CSRF token taken from the page last shown: for what a script would send."""
        data = dict(values or {})
        if "csrf_token" not in data and self.page:
            token = self.page.soup.find("input", {"name": "csrf_token"})
            data |= {"csrf_token": token["value"]} if token else {}
        page = self._open(url, "POST", data, unchecked)
        assert page.status == status, f"POST {url}: {page.status}, {page.text[:300]}"
        return page

    def follow(self, text: str) -> Page:
        """Follow the link whose visible text is or contains `text`."""
        assert self.page is not None, "open a page first"
        links = [a for a in self.page.soup.find_all("a", href=True) if text in " ".join(a.get_text(" ").split())]
        assert links, f"no link {text!r} on {self.page.url}"
        return self.get(str(links[0]["href"]))

    def sign_in(self, secret: str) -> None:
        """Sign in by a one-time link, as a person does; its two pages are looked at by tests of their own."""
        address = f"/account/link/{secret}"
        asked = self._run(self.client.get, address)
        token = page_checks.TOKEN.search(asked.get_data(as_text=True))
        assert asked.status_code == 200, f"GET {address}: {asked.status_code}"
        assert token, f"no token on {address}"
        answer = self._run(self.client.post, address, data={"csrf_token": token[0]})
        assert answer.status_code in (302, 303), f"POST {address}: {answer.status_code}"
        self._page, self._landing = None, answer.location
