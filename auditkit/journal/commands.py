"""`auditkit journal`."""

import click

from auditkit.base.cli_context import NEGATIVE, echo_json, leave, with_app


@click.group()
def journal() -> None:
    """The append-only record of what happened."""


@journal.command("verify")
@click.option("--org", "slug", required=True, help="Short name of the organisation.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_app
def verify(slug: str, as_json: bool) -> None:
    """Walk the hash chain of an organisation; exit code 1 and the first bad entry when it does not hold."""
    from flask import current_app

    from auditkit.base.db import reading
    from auditkit.journal import queries

    organisation_id = current_app.extensions["auditkit.directory"].organisation_id(slug)
    check = queries.verify(reading(), organisation_id)
    if as_json:
        bad = {"seq": check.bad.seq, "reason": check.bad.reason} if check.bad else None
        echo_json({"organisation": slug, "entries": check.entries, "head": check.head, "bad": bad})
    elif check.bad:
        click.echo(f"{slug}: {check.bad.reason}", err=True)
    else:
        click.echo(f"{slug}: {check.entries} entries, the chain holds. Head: {check.head}")
    if check.bad:
        leave(NEGATIVE)
