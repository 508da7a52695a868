"""Closed by default (decision 4): a route without an access rule answers 500, and a test names it.

The rule is a permission (`@access("complaints.handle")`), `SIGNED_IN`, `TOKEN` or `PUBLIC`. A page of an organisation
that the person is no member of does not exist for them: 404, not 403.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from auditkit.base.actor import Actor
from auditkit.base.db import reading
from auditkit.base.errors import Forbidden

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Open:
    """A rule that asks for no permission."""

    name: str


PUBLIC = Open("public")
SIGNED_IN = Open("signed in")
TOKEN = Open("token")  # of the API: its routes ask for it themselves, and for its scope

Rule = str | Open


class Directory(Protocol):
    """What the pages ask about people; `accounts` answers, `app.py` brings the two together."""

    def person_id(self) -> int | None:
        """The person signed in, or None."""

    def actor(self, slug: str) -> tuple[Any, Actor] | None:
        """The signed-in person as (organisation, actor) in the organisation `slug`, or None for a stranger to it."""

    def visitor(self, slug: str) -> tuple[Any, Actor] | None:
        """The public as (organisation, actor) at the organisation `slug`, or None where there is none."""

    def organisation_id(self, slug: str) -> int:
        """The id of the organisation `slug`. Raises NotFound."""

    def names(self) -> dict[int, str]:
        """Person id -> name."""

    def organisations(self) -> list[Any]:
        """The organisations of the signed-in person (with `name` and `slug`), by name."""


class RouteWithoutRule(RuntimeError):
    """A route was asked for that carries no `@access(...)`."""


def access(rule: Rule) -> Callable[[View], View]:
    """Put an access rule on a view; stands directly under the route decorator."""

    def decorate(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]  # read by `rule_of`
        return view

    return decorate


def allow(app: Flask, endpoint: str, rule: Rule) -> None:
    """Give a rule to a route of a library, whose view we cannot decorate."""
    app.extensions["auditkit.rules"][endpoint] = rule


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The rule of an endpoint, or None where none was given."""
    given: Rule | None = app.extensions["auditkit.rules"].get(endpoint)
    if given is not None:
        return given
    return getattr(app.view_functions.get(endpoint), "access_rule", None)


def current_actor() -> Actor:
    """Who acts in this request. Raises Forbidden outside an organisation's pages."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Forbidden(permission="organisation")
    return actor


def current_organisation() -> Any:
    """The organisation whose page this is."""
    return g.organisation


def may(permission: str) -> bool:
    """Whether the current actor carries `permission`; for templates."""
    actor: Actor | None = g.get("actor")
    return actor is not None and actor.may(permission)


def _check() -> Response | None:
    endpoint = request.endpoint
    if endpoint is None:
        return None
    rule = rule_of(current_app, endpoint)
    if rule is None:
        raise RouteWithoutRule(f"{endpoint} has no @access(...)")
    directory: Directory = current_app.extensions["auditkit.directory"]
    slug = g.get("organisation_slug")
    if rule in (PUBLIC, TOKEN):
        if slug is not None:
            _enter(directory.visitor(slug))
        return None
    if directory.person_id() is None:
        if request.method == "GET":
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        abort(401)
    if slug is not None:
        _enter(directory.actor(slug))
    if isinstance(rule, str):
        current_actor().require(rule)
    return None


def _enter(found: tuple[Any, Actor] | None) -> None:
    if found is None:
        abort(404)
    g.organisation, g.actor = found
    reading(g.actor)  # from here on every query is the organisation's


def _take_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values is not None and "organisation" in values:
        g.organisation_slug = values.pop("organisation")


def _give_slug(endpoint: str, values: dict[str, Any]) -> None:
    if "organisation_slug" in g and current_app.url_map.is_endpoint_expecting(endpoint, "organisation"):
        values.setdefault("organisation", g.organisation_slug)


def init_app(app: Flask) -> None:
    """Check every request of `app`, and keep the organisation's short name out of the views."""
    app.extensions.setdefault("auditkit.rules", {})
    app.url_value_preprocessor(_take_slug)
    app.url_defaults(_give_slug)
    app.before_request(_check)
    app.jinja_env.globals["may"] = may
