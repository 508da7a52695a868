"""Closed by default: every route has a rule, and every route is walked with every role."""

import contextvars
import re
from contextlib import suppress

import pytest
from flask import Flask
from flask_security import hash_password
from werkzeug.routing import ValidationError

from auditkit.accounts.rules import PERMISSIONS, Role, permissions_of
from auditkit.app import create_app
from auditkit.base.settings import Settings
from auditkit.web.access import PUBLIC, SIGNED_IN, TOKEN, rule_of

# Texts for the variable parts of addresses: the first that fits is taken.
VALUES = ("999999", "2026", "nothing", "0" * 64, "nothing/here", "00000000-0000-0000-0000-000000000000")


def address(app: Flask, rule, slug: str) -> str:
    """An address of the route; its record does not exist, which only those let in get to hear."""
    values = {}
    for name, converter in rule._converters.items():
        if name == "organisation":
            values[name] = slug
        else:
            values[name] = fitting(converter)
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values)


def fitting(converter):
    """The first value that the variable part takes; the words of `any(csv, xlsx)` come last."""
    for text in (*VALUES, *re.findall(r"[\w-]+", converter.regex)):
        if re.fullmatch(converter.regex, text):
            with suppress(ValidationError):
                return converter.to_python(text)
    raise LookupError(converter.regex)


def routes(app: Flask):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "security.static"]


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory) -> Flask:
    settings = Settings(instance=tmp_path_factory.mktemp("instance"), _env_file=None)
    settings.make_instance()
    return create_app(settings)


def test_every_route_has_a_rule(bare_app):
    without = [rule.endpoint for rule in routes(bare_app) if rule_of(bare_app, rule.endpoint) is None]
    assert not without


def test_every_rule_is_a_known_permission_and_every_permission_is_used(bare_app):
    used = {rule_of(bare_app, rule.endpoint) for rule in routes(bare_app)}
    permissions = {rule for rule in used if isinstance(rule, str)}
    assert permissions <= set(PERMISSIONS)
    assert set(PERMISSIONS) - permissions <= {
        "identity.read",
        "organisation.manage",
    }  # asked for inside pages and verbs


def test_a_route_without_a_rule_answers_500(tmp_path):
    settings = Settings(instance=tmp_path, _env_file=None)
    settings.make_instance()
    app = create_app(settings)
    app.add_url_rule("/naked", "naked", lambda: "secret")
    response = app.test_client().get("/naked")
    assert response.status_code == 500
    assert b"secret" not in response.data


def test_checking_a_password_costs_what_it_should(bare_app):
    """As an application is made; those of other tests take what costs nothing."""
    with bare_app.test_request_context():
        assert hash_password("a long and sound one").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("role", [*Role, "stranger", "other organisation"])
def test_every_route_times_every_role(app, acme, globex, browser, role):
    house = globex if role == "other organisation" else acme
    visitor = browser() if role == "stranger" else browser(house, "administrator" if house is globex else role)
    app.config["WTF_CSRF_ENABLED"] = False  # the rule is what is walked here; CSRF has tests of its own
    wrong = []
    try:
        for rule in routes(app):
            wanted = rule_of(app, rule.endpoint)
            if wanted is None or rule.endpoint in ("security.logout", "account.sign_in_link"):
                continue
            for method in rule.methods & {"GET", "POST"}:
                url = address(app, rule, "acme")
                with contextvars.Context().run(visitor.client.open, url, method=method) as answer:
                    status = answer.status_code
                if not allowed(wanted, role, "organisation" in rule.arguments, method, status):
                    wrong.append(f"{method} {url}: {status} for {role}, rule {wanted}")
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert not wrong


def allowed(wanted, role, of_organisation: bool, method: str, status: int) -> bool:
    """Whether `status` is what the rule promises to `role`."""
    if status >= 500:
        return False
    if wanted == PUBLIC:
        return status not in (401, 403)
    if wanted == TOKEN:
        return status == 401  # a signed-in browser is no token
    if role == "stranger":
        return status == (302 if method == "GET" else 401)
    if role == "other organisation" and of_organisation:
        return status == 404
    if wanted == SIGNED_IN or role == "other organisation":
        return status not in (401, 403)
    return (status == 403) != (wanted in permissions_of(Role(role)))


@pytest.mark.parametrize(
    ("wanted", "role", "status", "right"),
    [
        ("journal.read", "staff", 200, False),
        ("journal.read", "staff", 403, True),
        ("journal.read", "internal-auditor", 403, False),
        ("journal.read", "stranger", 200, False),
        ("journal.read", "other organisation", 403, False),
        ("journal.read", "other organisation", 404, True),
        (PUBLIC, "stranger", 403, False),
        (TOKEN, "administrator", 200, False),
        (TOKEN, "stranger", 401, True),
        ("journal.read", "administrator", 500, False),
    ],
)
def test_the_table_can_fail(wanted, role, status, right):
    assert allowed(wanted, role, True, "GET", status) is right
