"""`auditkit content check`: what is wrong, with file and line."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.base.cli_context import AppFactory
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _

if TYPE_CHECKING:
    from auditkit.content.checks import Report


@click.command("check")
@click.argument("folders", nargs=-1, metavar="[DIR]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine instead of lines.")
@click.pass_context
def check(context: click.Context, folders: tuple[Path, ...], as_json: bool) -> None:
    """Check content files: every DIR given, or the shipped content.

    Each problem is one line: file, line, field, and what to write instead. Your own files may refer to the shipped
    standards and select shipped questions; a file with the kind and id of a shipped one stands in its place.

    Exit codes: 0 no problem, 1 problems found, 2 a folder that cannot be read.

    \b
    Examples:
      auditkit content check
      auditkit content check ~/our-checklists
      auditkit content check --json checklists policies
    """
    from auditkit.content import checks

    factory = context.find_object(AppFactory)
    try:
        report = checks.examine(folders, factory.content_kinds() if factory else None)
    except FileNotFoundError as error:
        raise BadInput(N_("There is no such file or folder. Name one that exists"), place=error.args[0]) from error
    except OSError as error:
        raise BadInput(
            N_("This cannot be read: %(reason)s"), place=str(error.filename), reason=error.strerror
        ) from error
    if as_json:
        click.echo(json.dumps(_as_json(report), indent=2, ensure_ascii=False))
    else:
        _tell(report)
    context.exit(1 if report.problems else 0)


def _as_json(report: "Report") -> dict[str, object]:
    return {
        "ok": not report.problems,
        "files": report.files,
        "found": report.found,
        "problems": [problem.as_json() for problem in report.problems],
        "not_checked": [{"file": one.file, "reason": one.reason} for one in report.not_checked],
        "translations": [asdict(one) for one in report.translations],
    }


def _tell(report: "Report") -> None:
    for problem in report.problems:
        click.echo(printable(str(problem)))
    for one in report.not_checked:
        click.echo(printable(_("%(file)s: not checked: %(reason)s", file=one.file, reason=one.reason)))
    for told in report.translations:
        if told.missing:
            message = _(
                "%(file)s: %(missing)s of %(texts)s texts are not translated; they are shown in English",
                file=told.file,
                missing=told.missing,
                texts=told.texts,
            )
            click.echo(printable(message))
    found = ", ".join(f"{count} {kind}" for kind, count in report.found.items() if count)
    click.echo(_("Read %(files)s files: %(found)s", files=report.files, found=found or _("nothing usable")))
    if report.problems:
        click.echo(_("Problems: %(count)s", count=len(report.problems)))
    else:
        click.echo(_("No problem found"))


def printable(text: str) -> str:
    """Keep terminal escapes and direction marks of a hostile file out of the terminal."""
    return "".join(ch if ch.isprintable() else ch.encode("unicode_escape").decode("ascii") for ch in text)
