"""A real server and a real browser: the system's Chromium. Without it these tests skip and say what to install."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from auditkit.accounts import service
from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.complaints.intake import rules
from tests.browser.axe import Axe
from tests.conftest import House

# The one without windows first: it is the same engine, and takes much less processor time
KINDS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("AUDITKIT_CHROMIUM") or next(filter(None, map(shutil.which, KINDS)), None)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, once for all tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs the wheel playwright (pip install .[test])")
    if CHROMIUM is None:
        pytest.skip("needs the Debian package chromium (apt install chromium)")
    with playwright.sync_playwright() as driver, patience(playwright.Locator):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def patience(locator: Any) -> Iterator[None]:
    """Whoever clicks a link or a button sees the next page whole before looking, as people do.

    A click waits only until the next page begins: what a test read right after it came from half a page, or from none.
    """

    def waiting(act: Callable[..., None]) -> Callable[..., None]:
        def wait(self: Any, *arguments: Any, **options: Any) -> None:
            act(self, *arguments, **options)
            self.page.wait_for_load_state()

        return wait

    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press"):
            patch.setattr(locator, name, waiting(getattr(locator, name)))
        yield


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The application served on this machine; the address without a slash at its end."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    counted = Counted(app)
    served = make_server("127.0.0.1", 0, counted, threaded=True)
    thread = Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.port}"
    served.shutdown()
    thread.join()
    counted.wait()
    served.server_close()


class Counted:
    """An application that knows how many of its requests are still running: the next test takes their database away."""

    def __init__(self, app: Flask) -> None:
        self.app, self.running, self.changed = app, 0, Condition()

    def __call__(self, environ: Any, start_response: Any) -> Iterator[bytes]:
        """A request, counted until its answer was sent or given up."""
        with self.changed:
            self.running += 1
        answer = None
        try:
            answer = self.app(environ, start_response)
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()
            with self.changed:
                self.running -= 1
                self.changed.notify_all()

    def wait(self) -> None:
        """Wait until no request is running."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.running == 0, timeout=60), "a request does not come to its end"


@pytest.fixture
def visit(chromium: Any, server: str, acme: House) -> Iterator[Callable[..., Any]]:
    """`visit(role, language, size)`: a page of a person signed in."""
    contexts = []

    def open_page(role: str, language: str, size: dict[str, Any]) -> Any:
        with transaction(acme.system) as tx:
            secret = service.issue_link(tx, service.IssueLink(acme.person(role)), clock.now(), acme.system)
        context = chromium.new_context(**size, locale=language, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server}/account/link/{secret}")
        page.locator("main form button").first.click()
        page.wait_for_url("**/o/**")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def tab(chromium: Any, server: str) -> Iterator[Callable[..., Any]]:
    """`tab(address, **options)`: a page in a context of its own; all are closed at the end."""
    contexts = []

    def open_page(address: str, **options: Any) -> Any:
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server}{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def axe() -> Axe:
    """axe, which remembers from page to page of a test what it need not look at again."""
    base = pytest.importorskip("axe_playwright_python.base", reason="needs axe-playwright-python (pip install .[test])")
    return Axe(base.AXE_SCRIPT)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form may be sent at once: the browser of a test types faster than people do."""
    monkeypatch.setattr("auditkit.complaints.intake.rules.gate.LEAST_TIME", rules.CONFIRM_AFTER * 0)


@pytest.fixture(scope="session")
def screenshots() -> Path | None:
    """The folder pictures go to, when AUDITKIT_SCREENSHOTS names one: for looking at the pages."""
    named = os.environ.get("AUDITKIT_SCREENSHOTS")
    if not named:
        return None
    Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named)
