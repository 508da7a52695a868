"""`auditkit content coverage`: clauses x questions, policies, document templates, records."""

from typing import TYPE_CHECKING

import click

from auditkit.base.cli_context import NEGATIVE, AppFactory, echo_json
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.content.commands.choosing import ORG_HELP, library_of

if TYPE_CHECKING:
    from auditkit.content.coverage import Row

EDITION = "iso10002-2018"


@click.command("coverage")
@click.argument("standard", default=EDITION, metavar="[STANDARD]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine instead of a table.")
@click.option("--org", "slug", default="", help=ORG_HELP)
@click.pass_context
def coverage(context: click.Context, standard: str, as_json: bool, slug: str) -> None:
    """Show for each clause how many checklists, questions, policy texts, document templates and records there are.

    A hole is marked `!`; `-` is a hole with an explanation, which stands below the table.
    Exit codes: 0 no hole without explanation, 1 such holes, 2 no such standard.
    """
    from auditkit.content import coverage as covering
    from auditkit.content import locate
    from auditkit.content.checks import TEMPLATES
    from auditkit.content.reading import read_folders

    lib = library_of(slug)
    if standard not in lib.editions:
        raise BadInput(
            N_("The library has no standard %(id)s. It has: %(known)s"), id=standard, known=", ".join(lib.editions)
        )
    factory = context.find_object(AppFactory)
    kinds = {name: kind.shape for name, kind in (factory.content_kinds() if factory else {}).items()}
    files = read_folders([(TEMPLATES, locate.folder(TEMPLATES))], kinds).files if kinds else []
    rows = covering.table(lib, standard, covering.clauses_of_templates(files, standard))
    if as_json:
        echo_json({"standard": standard, "rows": [_plain(row) for row in rows]})
    else:
        _tell(rows)
    context.exit(NEGATIVE if any(row.holes for row in rows) else 0)


def _plain(row: "Row") -> dict[str, object]:
    return {
        "ref": row.node.ref,
        "title": row.node.title,
        "checklists": row.checklists,
        "questions": row.questions,
        "policies": row.policies,
        "templates": row.templates,
        "records": row.records,
        "explained": dict(row.explained),
        "holes": row.holes,
    }


def _tell(rows: "list[Row]") -> None:
    from auditkit.content.coverage import COLUMNS

    names = ("checklists", *COLUMNS)
    wide = max(len(row.node.label) for row in rows)
    click.echo(" ".join([_("clause").ljust(wide), *(name.rjust(10) for name in names)]))
    for row in rows:
        cells = []
        for name in names:
            count = len(getattr(row, name))
            empty = "-" if name in row.explained else "!"
            cells.append((str(count) if count else empty).rjust(10))
        click.echo(" ".join([row.node.label.ljust(wide), *cells]))
    reasons: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for name, reason in row.explained.items():
            if not getattr(row, name):
                reasons.setdefault((name, reason), []).append(row.node.id)
    for (name, reason), clauses in reasons.items():
        click.echo(f"\n- {name}: {', '.join(clauses)}\n  {reason}")
    holes = sum(len(row.holes) for row in rows)
    click.echo(
        "\n" + (_("Holes without explanation: %(count)s", count=holes) if holes else _("Every hole is explained"))
    )
