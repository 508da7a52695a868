"""`auditkit complaints`: bringing complaint files into the register from the command line."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.base.cli_context import NEGATIVE, echo_json, leave, with_app, with_records
from auditkit.complaints.privacy.commands import retention

if TYPE_CHECKING:
    from auditkit.complaints.importing.running import ImportResult


@click.group()
def complaints() -> None:
    """The complaints register."""


complaints.add_command(retention)


@complaints.command()
@click.option("--org", "slug", required=True, metavar="SLUG", help="The organisation whose register it is.")
@with_app
def reindex(slug: str) -> None:
    """Make the search words of every complaint anew.

    Needed once after an upgrade whose notes say so: how letters are folded for searching has changed, and what was
    recorded before would be found by its old spelling only. May be stopped and started again; nothing else changes.
    """
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading, transaction
    from auditkit.base.text import _
    from auditkit.complaints.reindexing import remake_search_words

    actor = Actor.system(organisation_by_slug(reading(), slug).id)
    done: int | None = 0
    while done is not None:
        with transaction(actor) as tx:
            done = remake_search_words(tx, done, 500)
    click.echo(_("Every complaint is found by its words again."))


@complaints.command("set-due-dates")
@click.option("--org", "slug", required=True, metavar="SLUG", help="The organisation whose register it is.")
@click.option("--import", "run", type=int, metavar="NUMBER", help="Only the complaints of this import.")
@click.option("--dry-run", is_flag=True, help="Say how many would get due dates; set none.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@with_app
def set_due_dates(slug: str, run: int | None, dry_run: bool, as_json: bool) -> None:
    """Set due dates for the open complaints that have none: from files, or from before limits were in force.

    By the limits, the working time and the holidays in force now. May be stopped and started again; complaints that
    have due dates are left as they are.

    \b
    Exit codes: 0 done
                2 there is no such import, or no time limits are in force; nothing was set
    """
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading
    from auditkit.base.text import _
    from auditkit.complaints.clock import queries
    from auditkit.complaints.clock.catching_up import set_all

    actor = Actor.system(organisation_by_slug(reading(), slug).id)
    if dry_run:
        found = queries.missing(reading(actor), clock.now(), run)
        numbers = {"set": found.fitting, "left": found.unfit}
    else:
        numbers = set_all(actor, run)
    if as_json:
        echo_json({**numbers, "dry_run": dry_run})
    else:
        said = _("%(count)s would get due dates") if dry_run else _("%(count)s got due dates")
        click.echo(said % {"count": f"{numbers['set']:,}"})
        if numbers["left"]:
            click.echo(_("%(count)s stay without: no time limit is for them", count=f"{numbers['left']:,}"))


@complaints.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--org", "slug", required=True, metavar="SLUG", help="The organisation whose register it goes into.")
@click.option("--profile", metavar="NAME|FILE.yaml", help="What the columns mean. Without it: recognised, or guessed.")
@click.option("--dry-run", is_flag=True, help="Show how the file is understood and what would happen; store nothing.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write the refused rows to FILE as CSV, each with its line and the reason.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@with_records
def import_(file: Path, slug: str, profile: str | None, dry_run: bool, rejects: Path | None, as_json: bool) -> None:
    """Import the complaints in FILE (CSV, gzip of CSV, XLSX, ODS).

    Encoding, delimiter, header row, columns and date order are found out and announced; a profile fixes them. Look
    at a dry run first. Importing a file again imports nothing; an import that was cut off goes on where it stopped.

    \b
    Exit codes: 0 done (some rows may have been refused: see the counts and --rejects)
                1 nothing could be imported: every row was refused; or a dry run found something to settle first
                2 the file cannot be used, or something must be settled first; nothing was stored
    """
    # Heavy, and only this command needs them
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading
    from auditkit.complaints.importing.queries import profile_named
    from auditkit.complaints.importing.rejects import RejectsFile
    from auditkit.complaints.importing.running import run_import

    organisation = organisation_by_slug(reading(), slug)
    actor = Actor.system(organisation.id)
    chosen = profile_named(reading(actor), profile) if profile else None
    refused = RejectsFile(rejects) if rejects else None
    with refused or contextlib.nullcontext(), _progress(as_json) as on_progress:
        result = run_import(
            file,
            actor,
            profile=chosen,
            dry_run=dry_run,
            rejects=refused,
            on_progress=on_progress,
        )
    if as_json:
        echo_json(result.as_json())
    else:
        _tell(result, rejects)
    if (result.rows and result.rejected == result.rows) or (dry_run and result.plan.questions):
        leave(NEGATIVE)


@contextlib.contextmanager
def _progress(quiet: bool) -> "Iterator[Callable[[int], None] | None]":
    """A line that counts rows, for people at a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from auditkit.base.text import _

    try:
        yield lambda rows: click.echo("\r" + _("%(rows)s rows …", rows=f"{rows:,}"), err=True, nl=False)
    finally:
        click.echo("\r\033[K", err=True, nl=False)


def _tell(result: "ImportResult", rejects: Path | None) -> None:
    from auditkit.base.text import _

    for announcement in result.announcements:
        click.echo(f"- {announcement.text}")
    for row in result.shown:
        words = [row.received.at.date().isoformat(), row.stage, row.reference, *row.texts.values()]
        click.echo("  " + " | ".join(word for word in words if word).replace("\n", " ")[:110])
    for fault in result.faults:
        click.echo("  " + _("line %(line)s: %(reason)s", line=fault.line, reason=fault.reason))
    if result.rejected > len(result.faults):
        click.echo("  " + _("… and %(count)s more", count=result.rejected - len(result.faults)))
    imported = _("%(count)s would be imported") if result.is_dry_run else _("%(count)s imported")
    parts = [
        _("%(count)s rows", count=f"{result.rows:,}"),
        imported % {"count": f"{result.imported:,}"},
        _("%(count)s duplicates", count=f"{result.duplicates:,}"),
        _("%(count)s rejected", count=f"{result.rejected:,}"),
        _("%(count)s warnings", count=f"{result.warnings:,}"),
    ]
    click.echo(", ".join(parts))
    if rejects is not None:
        click.echo(_("Refused rows are in %(file)s", file=rejects.name))
