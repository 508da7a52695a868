"""`auditkit org` and `auditkit user`."""

import sys

import click

from auditkit.accounts.rules import Role
from auditkit.base.cli_context import echo_json, with_app, with_records


@click.group()
def org() -> None:
    """Organisations of this installation."""


@org.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="The organisation's full name.")
@click.option("--country", default="", help="Two letters, ISO 3166, such as GE.")
@click.option("--locale", "locale_", default="en", help="Language of its documents: en, az, el, fa, ka, ru or tr.")
@with_records
def org_add(slug: str, name: str, country: str, locale_: str) -> None:
    """Add an organisation. SLUG is its short name in addresses and commands: a-z, 0-9, hyphens.

    Example: auditkit org add acme --name "Acme Ltd" --country GB
    """
    from auditkit.accounts import service
    from auditkit.base import clock
    from auditkit.base.db import transaction

    with transaction() as tx:
        service.add_organisation(tx, service.AddOrganisation(slug, name, country, locale_), clock.now())
    click.echo(f"Organisation {slug} added. Next: auditkit user add EMAIL --org {slug} --role administrator")


@org.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_records
def org_list(as_json: bool) -> None:
    """List all organisations."""
    from auditkit.accounts import queries
    from auditkit.base.db import reading

    found = queries.organisations(reading())
    if as_json:
        echo_json([{"slug": o.slug, "name": o.name, "country": o.country, "locale": o.locale} for o in found])
        return
    for one in found:
        click.echo(f"{one.slug}\t{one.name}\t{one.country}\t{one.locale}")
    if not found:
        click.echo('There is no organisation yet. Add one: auditkit org add SLUG --name "Name"')


@click.group()
def user() -> None:
    """People and their roles."""


@user.command("add")
@click.argument("email")
@click.option("--org", "slug", required=True, help="Short name of the organisation.")
@click.option("--role", required=True, help=f"One of: {', '.join(Role)}.")
@click.option("--name", default="", help="The person's name.")
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input instead of making a link.")
@with_app
def user_add(email: str, slug: str, role: str, name: str, password_stdin: bool) -> None:
    """Add a person to an organisation and print a one-time sign-in link.

    Example: auditkit user add ann@acme.example --org acme --role administrator
    """
    from flask import current_app
    from flask_security import hash_password

    from auditkit.accounts import queries, rules, service
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading, transaction
    from auditkit.base.errors import BadInput
    from auditkit.base.text import N_

    email = rules.checked_email(email)
    role_ = rules.role_named(role)
    password_hash = None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
        minimum = current_app.config["SECURITY_PASSWORD_LENGTH_MIN"]
        if len(password) < minimum:
            raise BadInput(N_("The password is too short: use at least %(minimum)s characters"), minimum=minimum)
        password_hash = hash_password(password)
    actor = Actor.system(queries.organisation_by_slug(reading(), slug).id)
    command = service.AddMember(email, role_, name, password_hash)
    with transaction(actor) as tx:
        person_id = service.add_member(tx, command, clock.now(), actor)
        secret = None
        if not password_stdin:
            secret = service.issue_link(tx, service.IssueLink(person_id), clock.now(), actor)
    click.echo(f"{email} is now {role_.value} of {slug}.")
    if secret:
        base = current_app.extensions["auditkit.settings"].public_url.rstrip("/")
        click.echo("One-time sign-in link, good for 24 hours:")
        click.echo(f"{base}/account/link/{secret}")
