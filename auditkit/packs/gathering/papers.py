"""What packs take of the documents that are made from the records: scope, principles, objectives, competence ...

They show the records as of the period's last day, so that the same records give the same document on any day. The
address of the public page is a setting of the installation and no record: they leave it out.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import partial

from auditkit.audits.programme import queries as programmes
from auditkit.base.text import _
from auditkit.documents import catalogue
from auditkit.documents.direction import figure
from auditkit.packs.gathering import audits
from auditkit.packs.gathering.found import Document, Scope, day
from auditkit.papers.building import Asked, build
from auditkit.policies import queries as policies
from auditkit.policies.rules.cards import Kind
from auditkit.registers import queries as registers


def _asked(scope: Scope, subject: str = "") -> Asked:
    return Asked(
        scope.tx,
        scope.organisation.name,
        scope.people,
        scope.spoken,
        scope.language,
        scope.end,
        address="",
        subject=subject,
    )


def _newest(scope: Scope) -> datetime:
    """When a register or a document of the organisation last changed; else the beginning of the last day."""

    def read() -> datetime:
        moments = (policies.newest_change(scope.tx), registers.newest_change(scope.tx))
        changed = [one for one in moments if one is not None]
        return max(changed, default=datetime.combine(scope.end, time(), UTC))

    return scope.once("papers", read)


def _paper(name: str, scope: Scope) -> list[Document]:
    return [Document(_(catalogue.title(name)), build(name, _asked(scope)), _newest(scope))]


principle_matrix: Callable[[Scope], list[Document]] = partial(_paper, "principle-matrix")
scope_and_context: Callable[[Scope], list[Document]] = partial(_paper, "scope-and-context")
objectives: Callable[[Scope], list[Document]] = partial(_paper, "objectives")
list_of_documents: Callable[[Scope], list[Document]] = partial(_paper, "list-of-documents")
training_record: Callable[[Scope], list[Document]] = partial(_paper, "training-record")
application: Callable[[Scope], list[Document]] = partial(_paper, "certification-application")
complainant_form: Callable[[Scope], list[Document]] = partial(_paper, "complainant-form")


def leaflets(scope: Scope) -> list[Document] | str:
    """Each leaflet in force on the last day, as it is handed out, or why there is none."""
    known = [one for one in policies.policies(scope.tx) if one.card.kind == Kind.LEAFLET]
    in_force = [(one, version) for one in known if (version := one.in_force(scope.end))]
    if not in_force:
        return _("No leaflet was in force on %(day)s", day=day(scope.end))
    called = _(catalogue.title("public-leaflet"))
    return [
        Document(
            _("%(title)s, version %(number)s", title=f"{called} {one.reference}", number=version.number),
            build("public-leaflet", _asked(scope, str(one.id))),
            _newest(scope),
            version=figure(version.number),
            suffix=f"{one.reference}-v{version.number}",
        )
        for one, version in in_force
    ]


def audit_programmes(scope: Scope) -> list[Document] | str:
    """The programme of each year that the period touches, or why there is none."""
    years = [year for year in programmes.years(scope.tx) if scope.start.year <= year <= scope.end.year]
    if not years:
        days = {"start": day(scope.start), "end": day(scope.end)}
        return _("No year between %(start)s and %(end)s has an audit programme", **days)
    return [
        Document(
            f"{_(catalogue.title('audit-programme'))} {year}",
            build("audit-programme", _asked(scope, str(year))),
            programmes.newest_change(scope.tx, year) or _newest(scope),
            suffix=str(year),
        )
        for year in years
    ]


def self_assessments(scope: Scope) -> list[Document] | str:
    """Every question of each reported audit with its answer and the evidence seen, or why there is none."""
    reported = [head for head in audits.heads(scope) if head.state in audits.REPORTED]
    if not reported:
        return _("No audit of the period is reported yet, so there is no answer to every question")
    return [
        Document(
            f"{_(catalogue.title('self-assessment'))} {head.number}",
            build("self-assessment", _asked(scope, head.number)),
            head.changed_at,
            suffix=head.number,
        )
        for head in reported
    ]
