"""`auditkit content copy`: begins an own version of something shipped, with the digest of what it was made from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditkit.base.errors import BadInput, Conflict
from auditkit.base.text import N_, _

if TYPE_CHECKING:
    from auditkit.content.reading import ReadFile


@click.command("copy")
@click.argument("name", metavar="[KIND:]ID")
@click.option("--org", "slug", default="", help="For this organisation only; otherwise for the whole installation.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Another folder than the instance's own.")
def copy(name: str, slug: str, out: Path | None) -> None:
    """Copy a question, checklist, policy text or list into the instance's content folder, to be changed there.

    The copy stands in place of the shipped one. It notes the digest of what it was made from, so that `content check`
    and the library's pages say when a later release changes that. Exit codes: 0 copied, 1 a copy is there
    already, 2 no such id.

    \b
    Examples:
      auditkit content copy q18-7.4-1 --org acme
      auditkit content copy policy:complaints-handling-policy
    """
    from auditkit.base.settings import Settings
    from auditkit.content.checks import read_shipped

    kind, _colon, plain = name.rpartition(":")
    files = read_shipped().files
    found = _file(files, kind, plain) or _question(files, kind, plain)
    if found is None:
        raise BadInput(N_("Nothing shipped has the id %(id)s. Look it up in `auditkit content show`"), id=name)
    folder = out or Settings().instance / "content" / slug
    path = folder / f"{plain}.yaml"
    if path.exists():
        raise Conflict(N_("%(path)s is there already. Change it, or delete it first"), path=str(path))
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(found, encoding="utf-8")
    click.echo(_("Copied to %(path)s. Change it, then run: auditkit content check %(path)s", path=str(path)))


def _file(files: "list[ReadFile]", kind: str, name: str) -> str | None:
    """The text of a shipped file with its digest noted below the id."""
    from auditkit.content.digests import base_digest

    for file in files:
        if file.document.get("id") == name and kind in ("", file.document["kind"]):
            lines = file.file.read_text(encoding="utf-8").splitlines()
            lines.insert(file.document.places["id"].line, f"base: {base_digest(file.shape)}")
            return "\n".join(lines) + "\n"
    return None


def _question(files: "list[ReadFile]", kind: str, name: str) -> str | None:
    """An override file that holds the question."""
    from auditkit.content.checks import items_with_loc
    from auditkit.content.digests import base_digest
    from auditkit.content.exchange.writing import as_yaml
    from auditkit.content.shapes import ChecklistShape, OverrideShape, Replacement

    for file in files:
        if isinstance(file.shape, ChecklistShape) and kind in ("", "question"):
            for item, _loc in items_with_loc(file.shape):
                if item.id == name:
                    replacement = Replacement(base=base_digest(item), item=item)
                    shape = OverrideShape(
                        kind="override", id=f"own-{name}"[:64], edition=file.shape.edition, replace=(replacement,)
                    )
                    return as_yaml(shape, f"In place of the shipped question {name}.")
    return None
