"""`auditkit template`: what documents there are, what a template may use, whether one can be used, how it looks filled.

`use` and `drop` keep the installation's own templates; an organisation's are uploaded on its pages.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.base.cli_context import NEGATIVE, echo_json, leave

if TYPE_CHECKING:
    from auditkit.documents.catalogue import Entry
    from auditkit.documents.linting import Examined
    from auditkit.documents.problems import Problem

TRIALS = ("example", "awkward", "empty", "many")


@click.group()
def template() -> None:
    """Word templates: list them, see what they may use, check your own, try them."""


@template.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the documents that are made from templates, with the languages each is written in."""
    from auditkit.documents import catalogue

    found = [(entry.id, entry.shape.title, catalogue.languages_of(entry.id)) for entry in catalogue.entries()]
    if as_json:
        echo_json([{"id": one, "title": title, "languages": list(languages)} for one, title, languages in found])
        return
    widest = max(len(one) for one, _, _ in found)
    for one, title, languages in found:
        click.echo(f"{one:<{widest}}  {title} ({', '.join(languages)})")
    click.echo("\nWhat a template may use: auditkit template show ID")


@template.command("show")
@click.argument("template_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(template_id: str, as_json: bool) -> None:
    """Show what a document is for and every variable its template may use, with type and example."""
    from auditkit.documents import catalogue

    entry = catalogue.entry(template_id)
    shape = entry.shape
    if as_json:
        echo_json({**shape.model_dump(), "languages": list(catalogue.languages_of(template_id))})
        return
    click.echo(f"{shape.title}\n{shape.purpose}\nClauses: {', '.join(shape.clauses)}\n")
    for one in shape.variables:
        must = "  (must be shown)" if one.name in shape.required else ""
        click.echo(f"{one.name}  [{one.type}]{must}\n    {one.description}")
        if one.example:
            click.echo(f"    for example: {one.example}")
    click.echo(f"\nStart from the shipped file: auditkit template copy {template_id} --out {template_id}.docx")


@template.command("copy")
@click.argument("template_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The Word file to write.")
@click.option("--language", default="en", help="Two letters, such as fa.")
def copy(template_id: str, out: Path, language: str) -> None:
    """Write the shipped template to a file, to be restyled in Word."""
    from auditkit.documents import catalogue
    from auditkit.documents.whole_file import written_whole

    content = catalogue.entry(template_id, language).file.read_bytes()
    with written_whole(out) as stream:
        stream.write(content)
    click.echo(f"{out} written. Check your changes: auditkit template lint {out} --for {template_id}")


@template.command("lint")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--for", "template_id", required=True, metavar="ID", help="The document it is a template for.")
@click.option("--language", default="en", help="Language of the template; for fa its direction is looked at too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def lint(file: Path, template_id: str, language: str, as_json: bool) -> None:
    """Check a Word template and try it with awkward data. Exit code 1 where it cannot be used."""
    from auditkit.documents import catalogue, linting

    entry = catalogue.entry(template_id, language)
    examined = linting.examine(file, entry, language)
    if as_json:
        echo_json(_as_json(file, entry, examined))
    else:
        _tell(file, examined)
    leave(0 if examined.usable else NEGATIVE)


def _as_json(file: Path, entry: "Entry", examined: "Examined") -> dict[str, object]:
    return {
        "file": file.name,
        "for": entry.id,
        "sha256": examined.digest or None,
        "usable": examined.usable,
        "trials": list(examined.trials),
        "problems": [_problem(one) for one in examined.problems],
    }


def _problem(one: "Problem") -> dict[str, object]:
    from dataclasses import asdict

    return {
        "level": one.level,
        "code": one.code,
        "text": one.text,
        "trial": one.trial or None,
        "place": asdict(one.where) if one.where else None,
    }


def _tell(file: Path, examined: "Examined") -> None:
    for one in examined.problems:
        click.echo(f"{file.name}: {one.level}: {one}")
    if examined.usable:
        click.echo(f"{file.name}: can be used. Tried {len(examined.trials)} ways; warnings: {len(examined.warnings)}.")
    else:
        click.echo(f"{file.name}: cannot be used. Errors: {len(examined.errors)}.", err=True)


@template.command("try")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--for", "template_id", required=True, metavar="ID", help="The document it is a template for.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The Word file to write.")
@click.option("--with", "trial", type=click.Choice(TRIALS), default="example", help="With which data.")
@click.option("--language", default="en", help="Language of the template.")
@click.option("--trace", is_flag=True, help="Print which field of the data stands in which paragraph.")
def try_(file: Path, template_id: str, out: Path, trial: str, language: str, trace: bool) -> None:
    """Fill a template with example data and write the document; nothing is written where that fails."""
    from auditkit.documents import catalogue, linting, render
    from auditkit.documents.problems import place_text

    entry = catalogue.entry(template_id, language)
    data = linting.trial_data(entry, trial)
    render.render(file, data, out)
    click.echo(f"{out} written")
    if trace:
        for line in render.shared().trace(file, data):
            click.echo(f"{place_text(line.place)}: {', '.join(line.paths)}: {line.text[:80]}")


@template.command("use")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--for", "template_id", required=True, metavar="ID", help="The document it is a template for.")
@click.option("--language", default="en", help="Language of the template.")
def use(file: Path, template_id: str, language: str) -> None:
    """Take a template into use for the whole installation, where an organisation has none of its own."""
    from auditkit.base.settings import Settings
    from auditkit.documents import catalogue, linting
    from auditkit.documents.own import installed

    entry = catalogue.entry(template_id, language)
    examined = linting.examine(file, entry, language)
    _tell(file, examined)
    if not examined.usable:
        leave(NEGATIVE)
    kept = installed.take(Settings().instance, template_id, language, file.read_bytes())
    click.echo(f"In use for every organisation that has none of its own: {kept.name}")


@template.command("drop")
@click.option("--for", "template_id", required=True, metavar="ID", help="The document.")
@click.option("--language", default="en", help="Language of the template.")
def drop(template_id: str, language: str) -> None:
    """Go back to the shipped template for the whole installation; the versions used so far are kept."""
    from auditkit.base.settings import Settings
    from auditkit.documents import catalogue
    from auditkit.documents.own import installed

    catalogue.entry(template_id, language)
    if installed.drop(Settings().instance, template_id, language):
        click.echo("The shipped template is in use again.")
    else:
        click.echo("There was no template of the installation in use.")
        leave(NEGATIVE)
