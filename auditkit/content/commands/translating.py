"""`auditkit content translate`: writes a translation to fill in, and brings one up to date without losing anything."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _

if TYPE_CHECKING:
    from auditkit.content.reading import ReadFile


@click.command("translate")
@click.argument("name", metavar="FILE|[KIND:]ID")
@click.option("--locale", required=True, help="The language to translate into, such as fa, ka or az_Latn.")
@click.option("--org", "slug", default="", help="With an ID: for this organisation only.")
@click.option("--drop-empty", is_flag=True, help="Leave out the texts that are still to translate.")
def translate(name: str, locale: str, slug: str, drop_empty: bool) -> None:
    """Write the texts of a content file to be translated, beside it: scales.yaml gets scales.fa.yaml.

    With the id of something shipped the translation goes into the instance's content folder. A translation that is
    there already is brought up to date: everything in it stays, new texts are added, and what is of an earlier English
    is marked. Exit codes: 0 written, 2 no such file or id, or a translation with a fault in it.

    \b
    Examples:
      auditkit content translate our-checklist.yaml --locale fa
      auditkit content translate internal-audit-2018 --locale ka --org acme
    """
    import re

    from auditkit.content.checks.defining import identity
    from auditkit.content.locate import LOCALE, Found
    from auditkit.content.sidecars import parsed, sidecar_name, written

    if not re.fullmatch(LOCALE, locale) or locale == "en":
        raise BadInput(
            N_("%(locale)s is no language to translate into. Write a code such as fa, ka or az_Latn"), locale=locale
        )
    file, path = _wanted(name, slug)
    kind, own_id = identity(file)
    target = path.with_name(sidecar_name(path.name, locale))
    before = parsed(Found(target.name, target)) if target.is_file() else None
    made = written(kind, own_id, file.shape, locale, before, drop_empty=drop_empty)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(made.text, encoding="utf-8")
    click.echo(
        _(
            "%(path)s: %(done)s translated, %(open)s to translate, %(stale)s of an earlier English, "
            "%(unused)s of a text that is gone",
            path=str(target),
            done=made.done,
            open=made.open,
            stale=made.stale,
            unused=made.unused,
        )
    )


def _wanted(name: str, slug: str) -> "tuple[ReadFile, Path]":
    """The file to translate, and where it is or would be; a shipped one is translated in the instance's folder."""
    from auditkit.base.settings import Settings
    from auditkit.content.checks import read_shipped
    from auditkit.content.checks.defining import identity
    from auditkit.content.library import ContentBroken
    from auditkit.content.locate import Found
    from auditkit.content.reading import Reading, read_found

    path = Path(name)
    if path.is_file():
        reading = Reading()
        read_found(Found(path.name, path), reading)
        if reading.problems:
            raise ContentBroken(reading.problems)
        return reading.files[0], path
    kind, _colon, plain = name.rpartition(":")
    for file in read_shipped().files:
        if identity(file)[1] == plain and kind in ("", identity(file)[0]):
            return file, Settings().instance / "content" / slug / f"{plain}.yaml"
    raise BadInput(N_("There is neither a file nor a shipped text %(id)s"), id=name)
