"""`auditkit pack`: build, verify, list, and the public key.

`verify` needs no instance and loads neither the web framework nor the database; a test looks at `sys.modules`.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditkit.base.cli_context import NEGATIVE, echo_json, leave, with_records

if TYPE_CHECKING:
    from auditkit.packs.rules import Gap
    from auditkit.packs.service import Prepared

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def pack() -> None:
    """Signed collections of documents, registers and evidence that anybody can check."""


@pack.command("build")
@click.option("--org", "slug", required=True, help="Short name of the organisation.")
@click.option("--pack", "pack_id", required=True, metavar="NAME", help="Which pack, such as internal-audit.")
@click.option("--from", "start", required=True, type=DAY, metavar="DATE", help="First day, as 2026-01-31.")
@click.option("--to", "end", required=True, type=DAY, metavar="DATE", help="Last day; both days are included.")
@click.option(
    "--out",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.zip",
    help="Where to.",
)
@click.option(
    "--accept-omissions",
    "reason",
    default="",
    metavar="REASON",
    help="Build although something is missing; stands in it.",
)
@click.option(
    "--redacted", is_flag=True, help="Withhold names of people, and files about which nobody decided that they be seen."
)
@click.option(
    "--lang", "languages", multiple=True, default=("en",), metavar="en|fa", help="Language of the documents; may recur."
)
@click.option("--of", "subject", default="", metavar="NUMBER", help="The audit or complaint of a pack about one.")
@click.option(
    "--second-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.pem",
    help="A person's Ed25519 key that signs as well; its passphrase is asked for.",
)
@click.option("--second-name", default="", metavar="NAME", help="Whose key that is; stands in the pack.")
@click.option("--pdf", is_flag=True, help="Documents as PDF, too; without LibreOffice the pack says so.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
@with_records
def build(
    slug: str,
    pack_id: str,
    start: datetime,
    end: datetime,
    target: Path,
    reason: str,
    redacted: bool,
    languages: tuple[str, ...],
    subject: str,
    second_key: Path | None,
    second_name: str,
    pdf: bool,
    as_json: bool,
) -> None:
    """Build a pack from the records of a period, sign it, and write it to a ZIP file.

    A pack with gaps is not built: the gaps are listed, and the exit code is 1. Accept them with a reason, which then
    stands in the pack. The same records give the same bytes.

    Exit codes: 0 built, 1 refused (gaps, evidence missing or altered), 2 unusable input.

    \b
    Examples:
      auditkit pack build --org demo --pack internal-audit --from 2026-01-01 --to 2026-12-31 --out audit.zip
      auditkit pack build --org demo --pack internal-audit --from 2026-01-01 --to 2026-12-31 --out audit.zip \\
        --accept-omissions "The survey runs until June"
    """
    from flask import current_app

    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base import clock
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading, transaction
    from auditkit.base.text import language_spoken
    from auditkit.packs import building, service, signing
    from auditkit.packs.verify.layout import REDACTED, WHOLE

    tx = reading()
    organisation = organisation_by_slug(tx, slug)
    tx.rollback()  # the child takes its time, and an open reading would keep the database from tidying up
    actor = Actor.system(organisation.id)
    settings = current_app.extensions["auditkit.settings"]
    asked = building.Asked(
        pack_id,
        start.date(),
        end.date(),
        reason,
        organisation.name,
        language_spoken() or settings.locale,
        REDACTED if redacted else WHOLE,
        languages,
        subject,
        pdf,
        str(target),
    )
    signer = signing.for_packs(settings)
    if second_key is not None:
        secret = click.prompt("Passphrase of the second key", default="", hide_input=True, show_default=False)
        signer = signing.with_second(signer, second_key, second_name, secret)
    try:
        prepared = building.build_apart(settings, asked, actor, signer, lambda _share: None)
    except building.BuildingHasGaps as refusal:
        _tell_gaps(refusal.gaps, as_json)
        leave(NEGATIVE)
        return
    with transaction(actor) as tx:
        service.build(tx, service.BuildPack(prepared), clock.now(), actor)
    _tell_built(prepared, target, as_json)


def _tell_gaps(gaps: "tuple[Gap, ...]", as_json: bool) -> None:
    if as_json:
        echo_json({"built": False, "gaps": [_gap(gap) for gap in gaps]})
        return
    click.echo("The pack was not built. These things are missing:", err=True)
    for gap in gaps:
        click.echo(f"  - {gap}", err=True)
    click.echo('Add them, or accept that with --accept-omissions "REASON".', err=True)


def _gap(gap: "Gap") -> dict[str, Any]:
    return {"part": gap.part, "what": gap.what, "why": gap.why, "clauses": list(gap.clauses)}


def _tell_built(prepared: "Prepared", target: Path, as_json: bool) -> None:
    sealed = prepared.sealed
    if as_json:
        echo_json(
            {
                "built": True,
                "file": str(target),
                "bag": sealed.bag,
                "form": prepared.form,
                "root": sealed.root,
                "shared_root": sealed.shared_root,
                "size": sealed.size,
                "files": sealed.files,
                "bytes": sealed.payload_bytes,
                "signing_key": sealed.signing_key,
                "dated": prepared.dated.isoformat() if prepared.dated else None,
                "journal_entry": prepared.entry,
                "gaps": [_gap(gap) for gap in prepared.gaps],
                "reason": prepared.reason,
            }
        )
        return
    click.echo(f"{target}: {sealed.files} files, {sealed.size} bytes")
    click.echo(f"Fingerprint of the pack: {sealed.root}")
    click.echo(f"Signed with the key:     {sealed.signing_key}")
    for gap in prepared.gaps:
        click.echo(f"Missing, accepted: {gap}")


@pack.command("verify")
@click.argument("file", metavar="FILE.zip", type=click.Path(path_type=Path))
@click.option(
    "--public-key",
    type=click.Path(path_type=Path),
    metavar="FILE.pem",
    help="The organisation's public key, got by another way than the pack.",
)
@click.option(
    "--earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.zip",
    help="An earlier pack of the same organisation: check that this one's journal begins with that one's.",
)
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="The organisation's list of keys (/.well-known/auditkit-keys.json), got by another way than the pack.",
)
@click.option(
    "--tsa-certificate",
    "certificate",
    type=click.Path(path_type=Path),
    metavar="FILE.pem",
    help="Root certificate of the authority that made the time stamp.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
def verify(
    file: Path,
    public_key: Path | None,
    earlier: Path | None,
    keys: Path | None,
    certificate: Path | None,
    as_json: bool,
) -> None:
    """Check a pack: the ZIP, every file against the manifests, the signature. Nothing is unpacked.

    Says what was checked and what could not be, and why. Needs no instance; `python -m auditkit.packs.verify` does the
    same with nothing installed but Python and cryptography.

    Exit codes: 0 good, 1 refused (each bad file is named), 2 nothing that could be checked.
    """
    from auditkit.packs.verify.__main__ import run

    leave(run(file, public_key, as_json, earlier, keys, certificate))


@pack.command("list")
@click.option("--org", "slug", required=True, help="Short name of the organisation.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine.")
@with_records
def list_packs(slug: str, as_json: bool) -> None:
    """List the packs that were built, newest first (at most 50)."""
    from auditkit.accounts.queries import organisation_by_slug
    from auditkit.base.actor import Actor
    from auditkit.base.db import reading
    from auditkit.packs import queries

    organisation = organisation_by_slug(reading(), slug)
    packs, _older = queries.page(reading(Actor.system(organisation.id)))
    if as_json:
        echo_json({"organisation": slug, "packs": [vars(one) for one in packs]})
        return
    for one in packs:
        click.echo(
            f"{one.id}  {one.definition}  {one.period_start} to {one.period_end}  {one.root[:16]}  {one.files} files"
        )
    if not packs:
        click.echo("No pack was built yet.")


@pack.command("public-key")
@click.option(
    "--out", "target", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.pem", help="Write it there."
)
@with_records
def public_key(target: Path | None) -> None:
    """Print the public key that reviewers check packs with, and its fingerprint.

    Hand it over by another way than the pack: on paper, by telephone, on a web site.
    """
    from flask import current_app

    from auditkit.packs import signing

    key = signing.load_key(current_app.extensions["auditkit.settings"].instance)
    if target is not None:
        target.write_bytes(signing.public_pem(key))
    else:
        click.echo(signing.public_pem(key).decode(), nl=False)
    click.echo(f"Fingerprint: {signing.fingerprint(key)}", err=target is None)
