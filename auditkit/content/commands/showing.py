"""`auditkit content show` and `auditkit content schema`: a standard as a tree, and what editors check files against."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditkit.base.cli_context import echo_json
from auditkit.base.errors import BadInput
from auditkit.base.text import N_, _
from auditkit.content.commands.choosing import ORG_HELP, library_of

if TYPE_CHECKING:
    from auditkit.content.library import Library, Node


@click.command("show")
@click.argument("standard", metavar="STANDARD[:CLAUSE]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for a machine instead of lines.")
@click.option("--org", "slug", default="", help=ORG_HELP)
@click.option("--language", default="en", help="Show the texts in this language, such as fa; else in English.")
def show(standard: str, as_json: bool, slug: str, language: str) -> None:
    """Show a standard as a tree, or one clause with what the library holds for it.

    Behind each clause stand its strength, the number of questions and policy texts, and a mark where its number or
    title is not published. Exit codes: 0 shown, 2 no such standard or clause.

    \b
    Examples:
      auditkit content show iso10002-2018
      auditkit content show iso10002-2018:7.4
      auditkit content show --json iso9001-2015
      auditkit content show iso10002-2018 --language fa
    """
    from auditkit.content.library import in_language

    lib = library_of(slug)
    if language not in lib.languages:
        message = N_("There is no translation into %(language)s. There are: %(known)s")
        raise BadInput(message, language=language, known=", ".join(lib.languages))
    lib = in_language(lib, language)
    edition_id, _colon, node_id = standard.partition(":")
    if edition_id not in lib.editions:
        raise BadInput(
            N_("The library has no standard %(id)s. It has: %(known)s"), id=edition_id, known=", ".join(lib.editions)
        )
    if node_id and f"{edition_id}:{node_id}" not in lib.nodes:
        raise BadInput(N_("The library has no clause %(id)s"), id=standard)
    if as_json:
        nodes = [lib.node(standard)] if node_id else lib.edition(edition_id).nodes
        echo_json(
            {"id": edition_id, "name": lib.edition(edition_id).name, "nodes": [_plain(lib, one) for one in nodes]}
        )
    elif node_id:
        _clause(lib, lib.node(standard))
    else:
        _tree(lib, edition_id)


def _tree(lib: "Library", edition_id: str) -> None:
    edition = lib.edition(edition_id)
    click.echo(f"{edition.name}  {edition.shape.title}")
    for node in edition.nodes:
        facts = []
        if node.auditable:
            facts = [node.strength.value, _("%(count)s questions", count=len(lib.items_for(node.ref)))]
            facts.append(_("%(count)s policy texts", count=len(lib.policies_for(node.ref))))
        if node.source != "published":
            facts.append(node.source.value)
        told = f"  ({', '.join(facts)})" if facts else ""
        click.echo(f"{'  ' * node.level}{node.label}{f' [{node.code}]' if node.code else ''}{told}")


def _clause(lib: "Library", node: "Node") -> None:
    click.echo(f"{lib.edition(node.edition).name}  {node.label}")
    click.echo(_("Strength: %(strength)s. Number: %(source)s", strength=node.strength, source=node.source))
    for heading, lines in (
        (_("Questions"), [f"{item.id}  {item.question}" for item in lib.items_for(node.ref)]),
        (_("Policy texts"), [f"{one.id}  {one.title}" for one in lib.policies_for(node.ref)]),
        (_("Records"), [f"{one.id}  {one.title}" for one in lib.records_for(node.ref)]),
        (
            _("Counterparts"),
            [
                f"{one.edition.name}  {one.relation}  {', '.join(each.label for each in one.nodes) or _('nothing')}"
                for one in lib.counterparts(node.ref)
            ],
        ),
    ):
        click.echo(f"\n{heading}:")
        for line in lines or [_("none")]:
            click.echo(f"  {line}")


def _plain(lib: "Library", node: "Node") -> dict[str, Any]:
    return {
        "ref": node.ref,
        "id": node.id,
        "title": node.title,
        "kind": node.kind,
        "code": node.code,
        "strength": node.strength,
        "auditable": node.auditable,
        "source": node.source,
        "level": node.level,
        "parent": node.parent,
        "questions": [item.id for item in lib.items_for(node.ref)],
        "policies": [one.id for one in lib.policies_for(node.ref)],
        "records": [one.id for one in lib.records_for(node.ref)],
        "counterparts": [
            {"relation": one.relation, "clauses": [each.ref for each in one.nodes], "crosswalk": one.crosswalk.id}
            for one in lib.counterparts(node.ref)
        ],
    }


@click.command("schema")
@click.argument("kinds", nargs=-1, metavar="[KIND]...")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write one KIND.schema.json each into this folder."
)
def schema(kinds: tuple[str, ...], out: Path | None) -> None:
    """Print the JSON Schemas that editors check content files against, or write them into a folder.

    Exit codes: 0 written, 2 no such kind.

    \b
    Examples:
      auditkit content schema checklist
      auditkit content schema --out schemas
    """
    from auditkit.content.schemas import schema_of
    from auditkit.content.shapes import KINDS

    for kind in kinds:
        if kind not in KINDS:
            raise BadInput(N_("There is no kind %(kind)s. Write one of: %(known)s"), kind=kind, known=", ".join(KINDS))
    made = {kind: schema_of(kind) for kind in kinds or KINDS}
    if out is None:
        echo_json(made[kinds[0]] if len(kinds) == 1 else made)
        return
    out.mkdir(parents=True, exist_ok=True)
    for kind, one in made.items():
        path = out / f"{kind}.schema.json"
        path.write_text(json.dumps(one, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        click.echo(str(path))
