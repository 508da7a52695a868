"""`auditkit complaints retention`: look for cases whose time of keeping ends, as the worker does once a day."""

import click

from auditkit.base.cli_context import echo_json, with_app


@click.command("retention")
@click.option("--org", "slug", required=True, metavar="SLUG", help="The organisation whose cases are looked through.")
@click.option("--dry-run", is_flag=True, help="Say what would be warned of and erased; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_app
def retention(slug: str, dry_run: bool, as_json: bool) -> None:
    """Warn of cases whose time of keeping ends soon, and erase those whose time and warning are over.

    Only rules that erase by themselves are carried out; the others are counted as waiting for a person. What is kept
    beside the cases (mails in no case, ended tokens and the like) goes at its time as well; a dry run leaves that
    alone. The worker of the server does the same once a day; this is for installations without one, and for looking
    before.
    """
    # Heavy, and only this command needs them
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading
    from auditkit.base.text import _
    from auditkit.complaints.privacy import jobs

    actor = Actor.system(organisation_by_slug(reading(), slug).id)
    done = vars(jobs.look(actor, dry_run=dry_run))
    beside = {} if dry_run else jobs.tidy(actor)
    if as_json:
        echo_json({**done, "beside": beside})
        return
    click.echo(
        _(
            "Warned of: %(warned)s. Erased: %(erased)s. Waiting for a person: %(waits)s. Held: %(held)s. "
            "Refused: %(refused)s.",
            **done,
        )
    )
    for what, number in beside.items():
        click.echo(f"{what}: {number}")
