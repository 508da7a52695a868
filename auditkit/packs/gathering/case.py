"""What packs take of one complaint: its case file, whole and with personal data withheld, and its files (clause 7)."""

from dataclasses import dataclass, replace
from datetime import datetime

from auditkit.base.events import registered
from auditkit.base.text import N_, _
from auditkit.complaints.clock import queries as dues
from auditkit.complaints.exporting import document, gathering
from auditkit.complaints.exporting.gathering import Gathered
from auditkit.complaints.exporting.rules import Extent
from auditkit.complaints.privacy.queries import cases
from auditkit.complaints.rules import IDENTITY, Stage
from auditkit.documents import catalogue
from auditkit.evidence.sharing.queries import Decision
from auditkit.evidence.sharing.rules import Sharing
from auditkit.packs.gathering.found import Document, Missing, Scope, Seen

COPY = N_("A redacted copy was made for the case; it stands in the place of the file")


SHORTEST = 4


@dataclass(frozen=True)
class Case:
    """A complaint with everything on record, both ways. `at`: when a record of it last changed."""

    whole: Gathered
    redacted: Gathered
    at: datetime


def _case(scope: Scope) -> Case:
    def read() -> Case:
        subject = cases.subject(scope.tx, scope.complaint)
        whole, redacted = (
            _of_records(gathering.gather(scope.tx, scope.organisation.id, subject.id, extent))
            for extent in (Extent.WHOLE, Extent.REDACTED)
        )
        # A file or a note may name who complained, whom no list of members knows.
        said = [str(whole.case[name]) for name in IDENTITY if whole.case.get(name)]
        scope.strangers.extend(one for one in said if len(one) >= SHORTEST)  # a country's code stands in many words
        # Of a complaint that came with an import, the journal knows the import alone.
        at = whole.entries[-1].at if whole.entries else datetime.fromisoformat(whole.case["recorded_at"])
        return Case(whole, redacted, at)

    return scope.once("case", read)


def _of_records(found: Gathered) -> Gathered:
    """Without entries that change no record, such as that somebody read it: reading must not change a pack."""
    known = registered()
    return replace(found, entries=[one for one in found.entries if known[one.event].about_records])


def case_file(scope: Scope) -> list[Document]:
    """The case as a document."""
    found = _case(scope)
    clock = dues.for_case(scope.tx, found.whole.id, found.at)
    running = [*clock.running, *clock.ended]
    whole, redacted = (
        document.context(one, running, scope.organisation.name, scope.people, found.at)
        for one in (found.whole, found.redacted)
    )
    title = f"{_(catalogue.title(document.TEMPLATE))} {found.whole.reference}"
    return [Document(title, whole, found.at, suffix=found.whole.reference, redacted=redacted)]


def files(scope: Scope) -> list[Seen] | str:
    """The files of the case, its investigation, its letters; or that there are none."""
    found = _case(scope)
    seen = []
    for file in found.whole.files:
        if file.id in found.whole.erased_files:
            continue
        one = Seen(file)
        one.used(found.whole.reference, [scope.ref("7.6"), *file.clauses], file.added_at)
        copy = found.whole.copies.get(file.id)
        if copy is not None:
            one.decided = Decision(Sharing.COPY, _(COPY), None, copy.added_at, copy)
        seen.append(one)
    return seen or _("No file is attached to this complaint")


def still_open(scope: Scope) -> list[Missing]:
    """That the complaint is not closed, and each file whose content was erased."""
    found = _case(scope)
    missing = []
    if found.whole.case["stage"] != Stage.CLOSED:
        missing.append(Missing(found.whole.reference, _("The complaint is not closed yet")))
    missing += [
        Missing(_("File with the digest %(digest)s", digest=file.digest), _("Its content was erased"))
        for file in found.whole.files
        if file.id in found.whole.erased_files
    ]
    return missing
