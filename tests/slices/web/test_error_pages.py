"""Error pages: what happened, whether anything was stored, what to do; and the page after a fault stands on nothing."""

import pytest
from flask import abort

from auditkit.base.errors import BadInput, Conflict
from auditkit.web.access import PUBLIC, access
from tests.project.page_checks import problems

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def failing(app):
    """The application with a route for each way to fail."""

    @access(PUBLIC)
    def fail(how: str):
        if how.isdigit():
            abort(int(how))
        if how == "bad-input":
            raise BadInput("Row %(row)s has no date", row=7)
        if how == "conflict":
            raise Conflict
        raise RuntimeError("secret inner words")

    rules = list(app.url_map.iter_rules())
    if not any(rule.endpoint == "fail" for rule in rules):
        app._got_first_request = False
        app.add_url_rule("/fail/<how>", "fail", fail)
    return app


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ("400", 400, "Nothing was stored"),
        ("401", 401, "Please sign in first"),
        ("403", 403, "Your role does not allow this"),
        ("404", 404, "There is no such page here"),
        ("405", 405, "Go back and use the buttons of the page"),
        ("413", 413, "This is too large"),
        ("429", 429, "Wait a little"),
        ("500", 500, "Something went wrong on our side"),
        ("503", 503, "Something went wrong on our side"),
        ("bad-input", 400, "Row 7 has no date"),
        ("conflict", 409, "Somebody else"),
        ("fault", 500, "Tell the administrator this number"),
    ],
)
def test_each_failure_has_a_page_that_says_what_to_do(failing, how, status, says):
    answer = failing.test_client().get(f"/fail/{how}")
    assert answer.status_code == status
    assert says in answer.text
    assert problems(answer.text, answer.headers) == []
    assert "secret inner words" not in answer.text
    assert "Go to the start page" in answer.text


def test_the_page_after_a_fault_asks_nothing_of_the_database(failing, acme, browser, monkeypatch):
    page = browser(acme, "staff")
    page.get("/account")

    def broken(*_arguments):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr("auditkit.accounts.queries.organisations_of", broken)
    shown = page.get("/account/organisations", status=500)
    assert "Something went wrong on our side" in shown.text
    assert "staff of acme" not in shown.text
