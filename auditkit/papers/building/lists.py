"""The principle-to-control matrix, the list of documents with retention, the forms to fill in by hand."""

from collections.abc import Mapping, Sequence

from auditkit.audits.queries import plans, run
from auditkit.audits.queries.run import RowView
from auditkit.audits.rules import AuditKind, State
from auditkit.base.text import _, enumerated
from auditkit.content.library import Node
from auditkit.content.shapes import NodeKind
from auditkit.documents import catalogue
from auditkit.documents.contexts.facts import LeftOut
from auditkit.documents.contexts.lists import (
    Listed,
    ListOfDocuments,
    Principle,
    PrincipleMatrix,
    Retained,
    WordTemplate,
)
from auditkit.documents.own import queries as own
from auditkit.documents.own.rules import ORIGIN_TITLES, Origin
from auditkit.papers.building.asked import EDITION, Asked, clauses
from auditkit.policies import queries as policies
from auditkit.policies.queries import keeping, listing
from auditkit.policies.rules.cards import KIND_TITLES


def principle_matrix(asked: Asked) -> PrincipleMatrix:
    """Each principle of the edition with what keeps it, what shows it, and what the newest reported audit found."""
    edition = asked.library.edition(EDITION)
    found = [one for one in asked.library.nodes.values() if one.edition == EDITION and one.kind is NodeKind.PRINCIPLE]
    tied = _tied(asked)
    number, answered = _last_audit(asked)
    made = tuple(
        Principle(
            one.id,
            str(one.title),
            tuple(tied.get(one.ref, ())),
            tuple(str(record.title) for record in asked.library.records_for(one.ref)),
            len(asked.library.items_testing(one.ref)),
            _result(one, number, answered),
        )
        for one in found
    )
    missing = [
        LeftOut(f"{one.ref} {one.title}", _("No document in force is tied to it")) for one in made if not one.documents
    ]
    if not number:
        missing.append(LeftOut(_("Last audit"), _("No audit has been reported yet")))
    return PrincipleMatrix(asked.house, asked.dated("MTX"), str(edition.name), made, tuple(missing))


def _tied(asked: Asked) -> dict[str, list[str]]:
    """Sections of documents in force by the clause they are tied to."""
    found: dict[str, list[str]] = {}
    for policy in policies.policies(asked.tx):
        version = policy.in_force(asked.today)
        for section in version.sections if version else ():
            for clause in section.clauses:
                found.setdefault(clause, []).append(f"{policy.reference}: {section.title}")
    return found


def _last_audit(asked: Asked) -> tuple[str, list[RowView]]:
    for state in (State.REPORTED, State.CLOSED):
        lines, _more = plans.listing(asked.tx, state=state)
        inside = [one for one in lines if one.kind is not AuditKind.OUTSIDE]
        if inside:
            return inside[0].number, run.rows(asked.tx, inside[0].id)
    return "", []


def _result(principle: Node, number: str, rows: Sequence[RowView]) -> str:
    own_rows = [one for one in rows if principle.code in one.principles or principle.ref in one.clauses]
    looked = [one for one in own_rows if one.conformity is not None]
    if not looked:
        return _("not checked")
    short = sum(1 for one in looked if (one.conformity or 0) < 100)
    return _(
        "%(number)s: %(looked)s of %(all)s questions answered, %(short)s of them not fully met",
        number=number,
        looked=len(looked),
        all=len(own_rows),
        short=short,
    )


def list_of_documents(asked: Asked) -> ListOfDocuments:
    """Every document, every kind of record with its time of keeping, and own Word templates in use."""
    lines = listing.lines(asked.tx, asked.today)
    listed = tuple(_listed(asked, one) for one in lines)
    kept = keeping.table(asked.tx, asked.library)
    missing = [LeftOut(f"{one.reference} {one.title}", one.state) for one in listed if not one.version]
    missing += [LeftOut(str(one.title), _("No time of keeping is set")) for one in kept if not one.period]
    return ListOfDocuments(
        asked.house,
        asked.dated("LIST"),
        listed,
        tuple(Retained(str(one.title), one.period, one.basis, one.place, one.keeper) for one in kept if one.period),
        _templates(own.uses(asked.tx)),
        tuple(missing),
    )


def _templates(uses: Mapping[tuple[str, str], int]) -> tuple[WordTemplate, ...]:
    return tuple(
        WordTemplate(f"{_(catalogue.title(template))} ({language})", _(ORIGIN_TITLES[Origin.ORGANISATION]), str(number))
        for (template, language), number in sorted(uses.items())
    )


def _listed(asked: Asked, line: listing.Line) -> Listed:
    policy, version = line.policy, line.version
    states = [_(listing.MARK_TITLES[one]) for one in line.marks if one in (listing.Mark.IN_FORCE, listing.Mark.COMING)]
    return Listed(
        policy.reference,
        version.title if version else policy.title,
        _(KIND_TITLES[policy.card.kind]),
        str(version.number) if version else "",
        asked.day(version.effective_on) if version else "",
        asked.person(policy.card.owner_id),
        asked.day(version.review_by) if version else "",
        clauses(line.clauses),
        states[0] if states else _("No version in force"),
        policy.card.retention,
        enumerated(policy.card.distribution.splitlines()),
    )
