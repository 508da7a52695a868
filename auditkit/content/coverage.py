"""What the library holds for each clause (questions, policies, templates, records), and where it holds nothing.

A hole is explained by a `coverage` file, or it is a fault. tests/slices/content/test_content_showing.py plants both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import get_args

from auditkit.content.checks import full_ref
from auditkit.content.library import Library, Node
from auditkit.content.reading import ReadFile
from auditkit.content.shapes import Column

COLUMNS: tuple[Column, ...] = get_args(Column)
LEVELS = 2


@dataclass(frozen=True)
class Row:
    """A clause with the ids of what the library holds for it, the holes that are explained, and those that are not."""

    node: Node
    checklists: tuple[str, ...]
    questions: tuple[str, ...]
    policies: tuple[str, ...]
    templates: tuple[str, ...]
    records: tuple[str, ...]
    explained: Mapping[str, str]
    """The reason by column."""

    @property
    def holes(self) -> tuple[str, ...]:
        """Columns that hold nothing and are not explained."""
        return tuple(name for name in COLUMNS if not getattr(self, name) and name not in self.explained)


def table(library: Library, edition_id: str, templates: Mapping[str, Iterable[str]]) -> list[Row]:
    """A row for each auditable clause of the edition down to two levels.

    `templates` gives the clauses in full of each document template. Raises NotFound for an unknown edition.
    """
    reasons: dict[tuple[str, str], str] = {}
    for shape in library.explained:
        for one in shape.explained:
            for ref in one.clauses:
                reasons[one.lacks, full_ref(shape.edition, ref)] = one.because
    rows = []
    for node in library.edition(edition_id).nodes:
        if not node.auditable or node.level > LEVELS:
            continue
        refs = {one.ref for one in library.below(node.ref)}
        items = library.items_for(node.ref)
        rows.append(
            Row(
                node=node,
                checklists=tuple(
                    one.id for one in library.checklists.values() if any(item.id in one.by_id for item in items)
                ),
                questions=tuple(item.id for item in items),
                policies=tuple(policy.id for policy in library.policies_for(node.ref)),
                templates=tuple(name for name, clauses in templates.items() if refs.intersection(clauses)),
                records=tuple(record.id for record in library.records_for(node.ref)),
                explained={name: reasons[name, node.ref] for name in COLUMNS if (name, node.ref) in reasons},
            )
        )
    return rows


def clauses_of_templates(files: Iterable[ReadFile], edition_id: str) -> dict[str, set[str]]:
    """The clauses in full of every document template among the files, by the template's id."""
    return {
        file.id: {full_ref(edition_id, str(ref)) for ref in file.document.get("clauses") or ()}
        for file in files
        if file.kind == "document-template"
    }
