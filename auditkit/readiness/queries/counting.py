"""What counts for each row of a matrix: the probes of an edition, and the clauses of another through a crosswalk."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from auditkit.content.digests import digest_of
from auditkit.content.library import Edition, Library, Node
from auditkit.content.shapes import NodeKind, ProbesShape, Relation
from auditkit.readiness.rules import NoProbes, Via, Weights

LEVEL = 2


@dataclass(frozen=True)
class Names:
    """The clauses that count for one row: its own, and through a crosswalk those of another edition.

    `codes`: (edition, code) of the principle that the row is, and of what corresponds to it there.
    """

    node: Node
    refs: Mapping[str, Via | None]
    codes: Mapping[tuple[str, str], Via | None]

    def asked(self, clause: str, principles: Collection[str]) -> tuple[bool, Via | None]:
        """Whether a question or finding counts: by its clause, or, of a principle, by its code in another clause."""
        if clause in self.refs:
            return True, self.refs[clause]
        edition = clause.partition(":")[0]
        hits = [self.codes[edition, code] for code in principles if (edition, code) in self.codes]
        return bool(hits), None if None in hits else next(iter(hits), None)

    def of(self, refs: Collection[str]) -> tuple[bool, Via | None]:
        """Whether any of these clauses counts for the row, and through which; its own go first."""
        hits = [self.refs[ref] for ref in refs if ref in self.refs]
        return bool(hits), None if None in hits else next(iter(hits), None)


@dataclass(frozen=True)
class Counting:
    """How the records show an edition: the probes, and the edition they were written for."""

    edition: Edition
    probes: ProbesShape
    bridge: str

    @property
    def weights(self) -> Weights:
        """The formula."""
        return Weights(**self.probes.formula.model_dump())


def editions(library: Library) -> list[Edition]:
    """The editions that a matrix can be made of: with probes of their own, or a crosswalk to one that has them."""
    return [one for one in library.editions.values() if _probes_for(library, one.id) is not None]


def counting(library: Library, edition_id: str) -> Counting:
    """How the records show an edition. Raises NotFound and NoProbes."""
    edition = library.edition(edition_id)
    probes = _probes_for(library, edition_id)
    if probes is None:
        raise NoProbes(edition=edition.name)
    return Counting(edition, probes, "" if probes.edition == edition_id else probes.edition)


def _probes_for(library: Library, edition_id: str) -> ProbesShape | None:
    if edition_id in library.probe_sets:
        return library.probe_sets[edition_id]
    for crosswalk in library.crosswalks_of(edition_id):
        other = crosswalk.to_edition.id if crosswalk.from_edition.id == edition_id else crosswalk.from_edition.id
        if other in library.probe_sets:
            return library.probe_sets[other]
    return None


def content_digest(how: Counting, rows: Sequence[Names]) -> str:
    """SHA-256 of what decides about cells: probes, formula, stops, rows and crosswalk. Of no words, in any language."""
    probes = how.probes
    return digest_of(
        {
            "formula": probes.formula.model_dump(),
            "bands": [[one.id, one.least, one.despite_stops] for one in probes.bands],
            "probes": [[one.id, list(one.clauses), one.least, one.absent] for one in probes.probes],
            "stops": [[one.id, one.rank, list(one.probes), list(one.documents), one.findings] for one in probes.stops],
            "rows": [
                [one.node.ref, [[ref, [via.ref, via.relation] if via else []] for ref, via in one.refs.items()]]
                for one in rows
            ],
        }
    )


def names_of(library: Library, how: Counting) -> list[Names]:
    """The rows of a matrix in the order printed, each with the clauses that count for it."""
    return [names_for(library, how, node) for node in how.edition.nodes if _is_row(library, node)]


def _is_row(library: Library, node: Node) -> bool:
    """Auditable, no annex, of the second level; of the first where it is not divided."""
    if not node.auditable or node.kind is NodeKind.ANNEX or node.level > LEVEL:
        return False
    return node.level == LEVEL or not any(library.node(child).auditable for child in node.children)


def names_for(library: Library, how: Counting, node: Node) -> Names:
    """The clauses that count for one row, and the codes of the principle that it is."""
    refs: dict[str, Via | None] = {one.ref: None for one in library.below(node.ref)}
    codes: dict[tuple[str, str], Via | None] = {}
    if node.code:
        codes[node.edition, node.code] = None
    if how.bridge:
        for counterpart in library.counterparts(node.ref):
            if counterpart.edition.id != how.bridge or counterpart.relation in (Relation.NEW, Relation.DROPPED):
                continue
            for other in counterpart.nodes:
                via = Via(other.ref, counterpart.relation.value)
                if other.code and node.kind is NodeKind.PRINCIPLE:
                    codes.setdefault((other.edition, other.code), via)
                for below in library.below(other.ref):
                    refs.setdefault(below.ref, via)
    return Names(node, refs, codes)
