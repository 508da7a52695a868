"""`auditkit key`: the key that signs packs and receipts, its renewal, its revocation, its passphrase."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from auditkit.base.cli_context import echo_json, with_records

DAY = click.DateTime(formats=["%Y-%m-%d"])


def _instance() -> Path:
    from flask import current_app

    instance: Path = current_app.extensions["auditkit.settings"].instance
    return instance


@click.group()
def key() -> None:
    """The key that signs packs and receipts. What earlier keys signed can still be checked with their public halves."""


@key.command("list")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the signed list, as /.well-known/auditkit-keys.json has it."
)
@with_records
def list_keys(as_json: bool) -> None:
    """List every key with its state: the one that signs, those retired, those revoked since when and why.

    \b
    Examples:
      auditkit key list
      auditkit key list --json > auditkit-keys.json
    """
    from auditkit.base import keyring

    if as_json:
        echo_json(keyring.statement(_instance()))
        return
    for one in keyring.known(_instance()):
        since = {"retired": f" on {one.retired_on}", "revoked": f" since {one.revoked_since}: {one.why}"}
        click.echo(f"{one.fingerprint}  {one.state}{since.get(one.state, '')}")


@key.command("rotate")
@click.option("--why", required=True, metavar="TEXT", help="Why; the journal of every organisation keeps it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
@with_records
def rotate(why: str, as_json: bool) -> None:
    """Sign with a new key from now on. The old one is retired and its private half deleted; old packs still verify.

    Hand the new fingerprint to reviewers by another way than a pack. The journal of every organisation notes it.

    \b
    Example:
      auditkit key rotate --why "A new machine"
    """
    from auditkit.base import clock, keyring
    from auditkit.packs.service import NoteKey, note_key

    why = _reason(why)
    houses = _organisations()
    old, new = keyring.rotate(_instance(), clock.now().date())
    _note(houses, note_key, NoteKey(old.fingerprint, new.fingerprint, why))
    _told({"retired": old.fingerprint, "signs_now": new.fingerprint}, as_json)


@key.command("revoke")
@click.argument("fingerprint", metavar="FINGERPRINT")
@click.option("--since", required=True, type=DAY, metavar="DATE", help="From this day on nothing it signed is trusted.")
@click.option("--why", required=True, metavar="TEXT", help="What happened; whoever checks an old pack reads it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
@with_records
def revoke(fingerprint: str, since: datetime, why: str, as_json: bool) -> None:
    """Say that a key is not to be trusted since a day, such as when it was copied. The one that signs is replaced.

    FINGERPRINT: its first digits, at least eight.

    \b
    Example:
      auditkit key revoke "3f1c 09aa" --since 2026-05-02 --why "A backup with the key was lost"
    """
    from auditkit.base import clock, keyring
    from auditkit.packs.service import NoteKey, note_key

    houses = _organisations()
    found = keyring.revoke(_instance(), fingerprint, since.date(), why, clock.now().date())
    signs_now = keyring.known(_instance())[0].fingerprint
    _note(houses, note_key, NoteKey(found.fingerprint, signs_now, why.strip(), since.date()))
    _told({"revoked": found.fingerprint, "signs_now": signs_now}, as_json)


@key.command("passphrase")
@click.option("--remove", is_flag=True, help="Leave the file without a passphrase.")
@with_records
def passphrase(remove: bool) -> None:
    """Lock the key's file with a passphrase, which is asked for twice.

    From then on AUDITKIT_SIGNING_PASSPHRASE, or the file that AUDITKIT_SIGNING_PASSPHRASE_FILE names, must hold it.
    The journal of every organisation notes that it was done, and not the passphrase.
    """
    from auditkit.base import signing
    from auditkit.packs.service import NoteLock, note_lock

    houses = _organisations()
    held = signing.load_key(_instance())
    secret = None if remove else click.prompt("Passphrase", hide_input=True, confirmation_prompt=True).encode()
    signing.replace_key(_instance(), held, secret, open_=remove)
    _note(houses, note_lock, NoteLock(signing.fingerprint(held), locked=not remove))
    click.echo("The key file has no passphrase now." if remove else "The key file is locked now.")


def _organisations() -> list[int]:
    """The organisations whose journals are to tell it; asked for first, so that a key is not changed unnoted."""
    from auditkit.accounts.queries import organisations
    from auditkit.base.db import reading

    return [one.id for one in organisations(reading())]


def _reason(why: str) -> str:
    """The words, without blanks around them. Raises BadParameter where nothing is said."""
    if not why.strip():
        raise click.BadParameter("Say why", param_hint="--why")
    return why.strip()


def _note(organisations: list[int], verb: Callable[..., None], command: object) -> None:
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import separate_scope, transaction

    for organisation in organisations:
        with separate_scope(), transaction(actor := Actor.system(organisation)) as tx:
            verb(tx, command, clock.now(), actor)


def _told(values: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(values)
        return
    for name, value in values.items():
        click.echo(f"{name.replace('_', ' ')}: {value}")
