"""`auditkit content export` and `auditkit content import`: workbooks, OSCAL, CISO Assistant, flat lists."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import click

from auditkit.base.cli_context import NEGATIVE, AppFactory
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.content.commands.choosing import ORG_HELP, library_of

MAX_JSON_BYTES = 64 * 1024 * 1024


@click.command("export")
@click.argument("name", metavar="CHECKLIST|STANDARD")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option(
    "--as",
    "form",
    type=click.Choice(["xlsx", "oscal", "ciso-assistant"]),
    help="xlsx for a checklist (the default), oscal or ciso-assistant for a standard with its questions.",
)
@click.option("--org", "slug", default="", help=ORG_HELP)
@click.pass_context
def export(context: click.Context, name: str, out: Path, form: str | None, slug: str) -> None:
    """Write a checklist as a workbook, or a standard with its questions as OSCAL 1.2 or for CISO Assistant.

    Exit codes: 0 written, 2 no such checklist or standard.

    \b
    Examples:
      auditkit content export internal-audit-2018 --out audit.xlsx
      auditkit content export iso10002-2018 --as oscal --out iso10002.json
      auditkit content export iso10002-2018 --as ciso-assistant --out iso10002.yaml
    """
    if (form or "xlsx") == "xlsx":
        _export_workbook(context, name, out, slug)
    else:
        _export_standard(name, out, str(form), slug)
    click.echo(str(out))


def _export_workbook(context: click.Context, name: str, out: Path, slug: str) -> None:
    from auditkit.content.exchange.workbook import tables_of
    from auditkit.content.shapes import ChecklistShape

    found = {shape.id: shape for shape in library_of(slug).shapes if isinstance(shape, ChecklistShape)}
    if name not in found:
        raise BadInput(N_("The library has no checklist %(id)s. It has: %(known)s"), id=name, known=", ".join(found))
    factory = context.find_object(AppFactory)
    if factory is None:
        raise RuntimeError("the command was started outside `auditkit`")
    factory.write_workbook(out, tables_of(found[name]))


def _export_standard(name: str, out: Path, form: str, slug: str) -> None:
    from auditkit.base import clock
    from auditkit.content.exchange import ciso, oscal

    lib = library_of(slug)
    if name not in lib.editions:
        raise BadInput(
            N_("The library has no standard %(id)s. It has: %(known)s"), id=name, known=", ".join(lib.editions)
        )
    if form == "oscal":
        text = json.dumps(oscal.catalog_of(lib, lib.edition(name), clock.now()), ensure_ascii=False, indent=2) + "\n"
    else:
        text = ciso.as_text(lib, lib.edition(name))
    out.write_text(text, encoding="utf-8")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@click.option("--id", "name", default="", help="Id of the new standard; for OSCAL and flat lists.")
@click.option("--title", default="", help="Title of the new standard, where the file has none.")
@click.option(
    "--strength", type=click.Choice(["shall", "should", "law", "own"]), default="shall", help="Of its criteria."
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="PART=COLUMN",
    help="For flat lists: the column that holds id, title, text, group or group-title. Repeat it.",
)
@click.option(
    "--catalog",
    "catalogs",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="For an OSCAL profile: a catalog it selects from, where that does not lie beside it. Repeat it.",
)
@click.pass_context
def import_(
    context: click.Context,
    file: Path,
    out: Path,
    name: str,
    title: str,
    strength: str,
    columns: tuple[str, ...],
    catalogs: tuple[Path, ...],
) -> None:
    """Read a checklist's workbook, an OSCAL catalog or profile (JSON), or a flat list (CSV, XLSX with --map).

    They become content files. A profile's catalogs are looked for in its folder; nothing is fetched from elsewhere.

    Nothing is written when there is a fault. Faults of a workbook name the sheet and the cell.
    Exit codes: 0 written, 1 faults, 2 a file that cannot be read.

    \b
    Examples:
      auditkit content import audit.xlsx --out instance/content/acme
      auditkit content import catalog.json --id our-controls --out instance/content
      auditkit content import profile.json --catalog catalog.json --id our-baseline --out instance/content
      auditkit content import asvs.csv --id asvs --map id=req_id --map text=req_description --map group=chapter_id \\
        --out instance/content
    """
    if not file.is_file():
        raise BadInput(N_("There is no such file. Name one that exists"), place=str(file))
    if file.suffix.lower() == ".json" or columns:
        made = _requirements(file, name, title, strength, columns, catalogs)
    else:
        from auditkit.content.checks import cross_check, not_replaced, read_shipped
        from auditkit.content.exchange.workbook import in_cell, read_workbook
        from auditkit.content.exchange.writing import as_yaml

        read, problems = read_workbook(file)
        if read is not None:
            around = not_replaced(read_shipped().files, [read])
            problems = [in_cell(one) for one in cross_check([read], around, whole=False)]
        for problem in problems:
            click.echo(str(problem))
        if read is None or problems:
            click.echo(_("Problems: %(count)s", count=len(problems)))
            context.exit(NEGATIVE)
        made = {f"{read.document['id']}.yaml": as_yaml(read.shape)} if read else {}
    out.mkdir(parents=True, exist_ok=True)
    for filename, text in made.items():
        (out / filename).write_text(text, encoding="utf-8")
        click.echo(str(out / filename))


def _requirements(
    file: Path, name: str, title: str, strength: str, columns: tuple[str, ...], catalogs: tuple[Path, ...]
) -> dict[str, str]:
    from auditkit.content.exchange import oscal, requirements
    from auditkit.content.exchange.writing import as_yaml
    from auditkit.content.shapes import Strength

    if not name:
        raise BadInput(N_("Give the new standard an id: --id our-controls"))
    if columns:
        pairs = [one.partition("=") for one in columns]
        found = requirements.flat(file, {part: column for part, _equals, column in pairs})
        told = title or file.stem
    else:
        told, found = oscal.requirements_in(_catalog(file, catalogs), file.name)
        told = title or told
    edition, checklist = requirements.as_content(found, name, told, Strength(strength))
    heading = f"Imported from {file.name}."
    return {f"{name}.yaml": as_yaml(edition, heading), f"{name}-checklist.yaml": as_yaml(checklist, heading)}


def _catalog(file: Path, catalogs: tuple[Path, ...]) -> Any:
    """The catalog in the file, or the one that the profile in it makes of its catalogs."""
    from auditkit.content.exchange import oscal

    data = _json(file)
    if not isinstance(data, dict) or "profile" not in data:
        return data

    def fetch(hrefs: list[str]) -> tuple[str, Any]:
        names = [PurePosixPath(href).name for href in hrefs]
        given = [path for path in catalogs if path.name in names] or (list(catalogs) if len(catalogs) == 1 else [])
        if not given and any(":" in href or href.startswith("//") for href in hrefs):
            reason = _("it imports %(href)s, and nothing is fetched. Name a file of it: --catalog", href=hrefs[0])
            raise oscal.ProfileRefused(place=file.name, reason=reason)
        given += [file.with_name(name) for name in names if name and file.with_name(name) != file]
        for path in given:
            if path.is_file():
                return path.name, _json(path)
        reason = _("put %(names)s beside it, or name the catalog: --catalog", names=_(" or ").join(names))
        raise oscal.ProfileRefused(place=file.name, reason=reason)

    return oscal.resolved(data, file.name, fetch)


def _json(file: Path) -> Any:
    if file.stat().st_size > MAX_JSON_BYTES:
        raise BadInput(N_("The file is larger than %(limit)s bytes"), place=file.name, limit=MAX_JSON_BYTES)
    try:
        return json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadInput(N_("This is no JSON: %(reason)s"), place=file.name, reason=str(error)) from error
