"""Sign-in on Flask-Security: its settings, its store on our transaction, its mails in our outbox."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request, session
from flask_login import current_user
from flask_security import (
    MailUtil,
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    UserMixin,
    password_changed,
    password_reset,
    user_authenticated,
)
from sqlalchemy import Row, bindparam, select

from auditkit.accounts import queries, service, signin_texts
from auditkit.accounts.models import Person
from auditkit.accounts.queries import OrganisationView
from auditkit.base import clock, limits, outbox
from auditkit.base.actor import Actor
from auditkit.base.db import db, lock_for_writing, reading, transaction
from auditkit.base.errors import NotFound, TooMany
from auditkit.base.limits import Limit
from auditkit.base.settings import Settings
from auditkit.web.access import PUBLIC, SIGNED_IN, allow

MINIMUM_PASSWORD = 12
RESET_WITHIN = timedelta(hours=2)

LIMITS = {
    "security.login": Limit("accounts.sign-in", 20),
    "security.forgot_password": Limit("accounts.forgot", 10),
}

_OF_SESSION = select(Person.__table__).where(Person.__table__.c.fs_uniquifier == bindparam("fs_uniquifier"))


def _of_person(name: str) -> Any:
    return property(lambda self: getattr(self._known, name), lambda self, value: setattr(self.person, name, value))


class SignedIn(UserMixin):
    """A person as the sign-in library knows one. What it reads and changes is the person's own."""

    id, name, email, password, active, fs_uniquifier = map(
        _of_person, ("id", "name", "email", "password", "active", "fs_uniquifier")
    )
    roles: list[RoleMixin] = []  # roles belong to memberships here; the library asks the person for them

    def __init__(self, known: Person | Row[Any]) -> None:
        self._known = known

    @property
    def person(self) -> Person:
        """The record, to be changed; most pages only read, and a row of it is enough for them."""
        if not isinstance(self._known, Person):
            self._known = db.session.get_one(Person, self._known.id)
        return self._known


class InstallationRole(RoleMixin):
    """The sign-in library wants a role class; this installation has no roles above organisations."""


class Store(SQLAlchemyUserDatastore):
    """Flask-Security's store; what it wants stored goes through our one transaction, journal entries beside it."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> Any:
        """The person with this value of an attribute. Each page asks for the one its session names."""
        found: Person | Row[Any] | None
        if set(kwargs) == {"fs_uniquifier"}:  # without the session's own query, which costs twice as much
            found = self.db.session.connection().execute(_OF_SESSION, kwargs).one_or_none()
        else:
            found = self.db.session.scalars(select(Person).filter_by(**kwargs)).one_or_none()
        return SignedIn(found) if found is not None else None

    def put(self, model: SignedIn) -> SignedIn:
        """The person is of the session already; what was changed of them is stored by `commit`."""
        return model

    def commit(self) -> None:
        """Store what the library changed, and the journal entry of a changed password with it."""
        changed = g.pop("password_changed_by", None)
        with transaction(adopt=True) as tx:
            if changed is not None:
                service.note_password_change(tx, changed, clock.now())


class OutboxMails(MailUtil):
    """Flask-Security's mails, put into the outbox of the request's transaction."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        """Put one mail into the outbox; the library's HTML part is never made."""
        address = recipient if isinstance(recipient, str) else recipient[1]
        with transaction(adopt=True) as tx:
            outbox.put(tx, to=address, subject=str(subject), body=body or "", now=clock.now())

    def normalize(self, email: str) -> str:
        """`email` as it is stored and looked up: all lower case."""
        return str(super().normalize(email)).lower()


class People:
    """Answers what the access rules ask about people (`web.access.Directory`)."""

    def person_id(self) -> int | None:
        """The person signed in, or None."""
        person = _somebody()
        return person.id if person.is_authenticated else None

    def actor(self, slug: str) -> tuple[OrganisationView, Actor] | None:
        """The signed-in person in the organisation `slug`; the first time in a session it is journalled."""
        organisation = next((one for one in self.organisations() if one.slug == slug), None)
        if organisation is None:
            return None
        person = _somebody()
        found = organisation, queries.actor_of(organisation, person.id, person.name)
        entered: list[str] = session.get("entered", [])
        if slug not in entered:
            with transaction(found[1]) as tx:
                service.enter(tx, None, clock.now(), found[1])
            session["entered"] = [*entered, slug]
        return found

    def visitor(self, slug: str) -> tuple[OrganisationView, Actor] | None:
        """The public at the organisation `slug`."""
        try:
            organisation = queries.organisation_by_slug(reading(), slug)
        except NotFound:
            return None
        return organisation, Actor.public(organisation.id)

    def organisation_id(self, slug: str) -> int:
        """The id of the organisation `slug`. Raises NotFound."""
        return queries.organisation_by_slug(reading(), slug).id

    def names(self) -> dict[int, str]:
        """Person id -> name, for pages that show who did something; a page that only shows asks once."""
        if request.method != "GET":
            return queries.names(reading())
        known: dict[int, str] | None = g.get("names")
        if known is None:
            known = g.names = queries.names(reading())
        return known

    def organisations(self) -> list[OrganisationView]:
        """The organisations of the signed-in person, by name; asked once a request."""
        known: dict[int, list[OrganisationView]] = g.setdefault("organisations_of", {})
        person_id: int = _somebody().id
        if person_id not in known:
            known[person_id] = queries.organisations_of(reading(), person_id)
        return known[person_id]


def _somebody() -> Any:
    """Who is signed in, or the library's nobody. The proxy looks it up anew for each attribute; this does once."""
    return current_user._get_current_object()


def _settings(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECURITY_URL_PREFIX="/account",
        SECURITY_PASSWORD_SALT=settings.key(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of an algorithm
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_PASSWORD_LENGTH_MIN=MINIMUM_PASSWORD,
        SECURITY_JOIN_USER_ROLES=False,  # roles belong to memberships
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/password",
        SECURITY_RECOVERABLE=True,
        SECURITY_RESET_URL="/reset",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/account/sign-in",
        SECURITY_POST_RESET_VIEW="/account/sign-in",
        SECURITY_POST_CHANGE_VIEW="/account",
        SECURITY_RESET_PASSWORD_WITHIN=RESET_WITHIN,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_EMAIL_SENDER=settings.mail_from,
        SECURITY_EMAIL_HTML=False,
        SECURITY_REDIRECT_ALLOW_SUBDOMAINS=False,
        SECURITY_REDIRECT_VALIDATE_MODE="absolute",
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": _lower, "case_insensitive": False}}],
    )


def _lower(identity: str) -> str | None:
    identity = identity.strip().lower()
    return identity if "@" in identity else None


def _note_password(_app: Flask, user: SignedIn, **_: Any) -> None:
    g.password_changed_by = user.id


def _start_afresh(_app: Flask, **_: Any) -> None:
    session.pop("entered", None)


def _limit_attempts() -> None:
    """Refuse what one network tries too often: guessing passwords, and mails to people who did not ask for them."""
    limit = LIMITS.get(request.endpoint or "")
    if limit is None or request.method != "POST":
        return
    now = clock.now()
    with transaction() as tx:
        used = limits.take(tx, limit, request.remote_addr, now)
    if used.exceeded:
        raise TooMany(minutes=used.minutes_left(now))


def _forgive_success(response: Response) -> Response:
    # A whole office may sign in behind one address: only what failed counts.
    if request.endpoint == "security.login" and request.method == "POST" and response.status_code == 302:
        with transaction() as tx:
            limits.give_back(tx, LIMITS["security.login"], request.remote_addr, clock.now())
    return response


def _lock_early() -> None:
    # The library reads, then writes, in one session. On SQLite such a session can lose the race for the write lock.
    if request.blueprint == "security" and request.method == "POST":
        lock_for_writing()


def init_app(app: Flask, settings: Settings) -> None:
    """Set sign-in up: routes under /account, argon2id, mails through the outbox, the directory for access rules."""
    _settings(app, settings)
    app.before_request_funcs.setdefault(None, [])[:0] = [_limit_attempts, _lock_early]
    app.after_request(_forgive_success)
    signin_texts.configure(app)
    security = Security(app, Store(db, SignedIn, InstallationRole), mail_util_cls=OutboxMails)
    security.i18n_domain = signin_texts.OurTexts(app)  # type: ignore[no-untyped-call]  # the library has no types
    password_changed.connect(_note_password, app)
    password_reset.connect(_note_password, app)
    user_authenticated.connect(_start_afresh, app)
    for endpoint in ("login", "forgot_password", "reset_password"):
        allow(app, f"security.{endpoint}", PUBLIC)
    allow(app, "security.logout", SIGNED_IN)
    allow(app, "security.change_password", SIGNED_IN)
    allow(app, "security.verify", SIGNED_IN)
    app.extensions["auditkit.directory"] = People()
