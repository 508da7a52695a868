"""`auditkit mail`: taking in mails from files and from a mailbox."""

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.base.cli_context import NEGATIVE, echo_json, leave, with_app

if TYPE_CHECKING:
    from auditkit.complaints.correspondence.running import MailIn, Tally, Told


@click.group("mail")
def mail() -> None:
    """Take complaints in that came by e-mail."""


@mail.command("import")
@click.argument("source", metavar="FILE.eml|.mbox|DIR", type=click.Path(exists=True, path_type=Path))
@click.option("--org", "slug", required=True, help="Short name of the organisation")
@click.option("--dry-run", is_flag=True, help="Say what would happen; store nothing")
@click.option("--no-acknowledge", is_flag=True, help="Send no automatic acknowledgement, whatever the settings say")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON")
@with_app
def import_mails(source: Path, slug: str, dry_run: bool, no_acknowledge: bool, as_json: bool) -> None:
    """Take in the mails of a file, an mbox or a folder.

    A mail that carries our reference with its secret becomes a message in that case; any other opens a complaint.
    Automatic answers, returned mails and mailing lists open none. A mail that was taken in before imports nothing. What
    cannot be read is kept aside, and named here.

    \b
    Exit codes: 0 done
                1 done, but some mails could not be read and were set aside
                2 there is no mail in the file or folder, or it cannot be read
    """
    from auditkit.complaints.correspondence.mail.sources import mails_at
    from auditkit.complaints.correspondence.running import Tally
    from auditkit.complaints.correspondence.taking import Place

    mails = _mail_in(slug, acknowledge=not no_acknowledge)
    tally, say = Tally(), _sayer(as_json)
    for found in mails_at(source):
        if found.cut:
            told = mails.too_large(found.name, Place(found.name), found.size)
        elif dry_run:
            told = mails.look(found.raw, found.name)
        else:
            told = mails.take(found.raw, Place(found.name))
        say(tally.add(told))
    _end(tally, as_json)


@mail.command("fetch")
@click.option("--org", "slug", required=True, help="Short name of the organisation")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON")
@with_app
def fetch_mails(slug: str, as_json: bool) -> None:
    """Take in what is new in the organisation's IMAP mailbox.

    AUDITKIT_MAILBOXES names the mailbox of each organisation, AUDITKIT_MAILBOX_AFTER what happens to a mail that was
    taken: mark (the default), leave, or move:FOLDER. Nothing is taken twice, whenever this is stopped. A running server
    does the same every AUDITKIT_MAILBOX_EVERY minutes.

    \b
    Exit codes: 0 done
                1 some mails could not be read and were set aside, or the server is reading the mailbox just now
                2 the mailbox is not set up or not reachable
    """
    from flask import current_app

    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.db import reading
    from auditkit.complaints.correspondence.regular import read_mailbox

    house = organisation_by_slug(reading(), slug)
    _end(read_mailbox(current_app.extensions["auditkit.settings"], house, _sayer(as_json)), as_json)


def _mail_in(slug: str, *, acknowledge: bool) -> "MailIn":
    from flask import current_app

    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.db import reading
    from auditkit.complaints.correspondence.regular import mail_in

    settings = current_app.extensions["auditkit.settings"]
    return mail_in(settings, organisation_by_slug(reading(), slug), acknowledge=acknowledge)


def _sayer(quiet: bool) -> "Callable[[Told], None]":
    from auditkit.complaints.correspondence.running import told_in_words

    def say(told: "Told") -> None:
        if not quiet:
            click.echo(told_in_words(told), err=told.outcome.endswith("aside"))

    return say


def _end(tally: "Tally", as_json: bool) -> None:
    from auditkit.base.text import _

    if as_json:
        echo_json({"counts": dict(sorted(tally.counts.items())), "mails": [one.as_json() for one in tally.told]})
    else:
        counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.counts.items()))
        click.echo(_("%(mails)s mails: %(counted)s", mails=len(tally.told), counted=counted or _("nothing new")))
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    if tally.counts["aside"] or tally.counts["would-aside"]:
        leave(NEGATIVE)
