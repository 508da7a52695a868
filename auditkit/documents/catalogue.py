"""The shipped Word templates: where each lies, what it is for, which data it takes, and whether that is true.

`doc_templates/<id>/template.docx` is the master a consultant may restyle; `template.yaml` beside it documents every
variable; the context class here is what the code hands over. `differences` compares the three, and
tests/slices/documents/test_documents_catalogue.py demands that there are none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, cached_property, partial
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args, get_origin, get_type_hints

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_, _
from auditkit.content.locate import Found, folder
from auditkit.content.reading import read_file
from auditkit.content.shapes import Id, Shape, Text, Title
from auditkit.documents import render
from auditkit.documents.contexts.application import Application
from auditkit.documents.contexts.audit import AuditReport
from auditkit.documents.contexts.audit_plan import AuditPlan
from auditkit.documents.contexts.case import ComplaintCaseFile
from auditkit.documents.contexts.checklist import AuditChecklist, SelfAssessment
from auditkit.documents.contexts.facts import Picture
from auditkit.documents.contexts.frame import Objectives, ScopeAndContext
from auditkit.documents.contexts.indicators import IndicatorReport
from auditkit.documents.contexts.leaflet import Leaflet
from auditkit.documents.contexts.letter import Letter
from auditkit.documents.contexts.lists import ListOfDocuments, PrincipleMatrix, TrainingRecord
from auditkit.documents.contexts.manual import ComplaintsManual, RoleDescription
from auditkit.documents.contexts.nc_response import NcResponse
from auditkit.documents.contexts.outcome import ReviewOutcome
from auditkit.documents.contexts.pack import ClauseIndex, PackCover
from auditkit.documents.contexts.paper_forms import ComplainantForm, FollowUpForm
from auditkit.documents.contexts.policy import ComplaintsPolicy
from auditkit.documents.contexts.programme import AuditProgramme
from auditkit.documents.contexts.register_form import RegisterEntryForm, RegisterForm
from auditkit.documents.contexts.registers import FindingsAndActions
from auditkit.documents.contexts.review import ReviewMinutes

Context = (
    ComplaintsPolicy
    | ComplaintsManual
    | RoleDescription
    | PrincipleMatrix
    | ScopeAndContext
    | Objectives
    | ListOfDocuments
    | TrainingRecord
    | Leaflet
    | ComplainantForm
    | FollowUpForm
    | Letter
    | ComplaintCaseFile
    | AuditProgramme
    | AuditPlan
    | AuditChecklist
    | AuditReport
    | NcResponse
    | ReviewMinutes
    | IndicatorReport
    | FindingsAndActions
    | SelfAssessment
    | Application
    | PackCover
    | ClauseIndex
    | ReviewOutcome
    | RegisterForm
    | RegisterEntryForm
)

CONTEXTS: dict[str, type[Context]] = {
    "complaints-policy": ComplaintsPolicy,
    "complaints-manual": ComplaintsManual,
    "procedure": ComplaintsPolicy,
    "role-description": RoleDescription,
    "principle-matrix": PrincipleMatrix,
    "scope-and-context": ScopeAndContext,
    "objectives": Objectives,
    "list-of-documents": ListOfDocuments,
    "training-record": TrainingRecord,
    "public-leaflet": Leaflet,
    "complainant-form": ComplainantForm,
    "follow-up-form": FollowUpForm,
    "complaint-letter": Letter,
    "letter-acknowledgement": Letter,
    "letter-progress": Letter,
    "letter-decision": Letter,
    "letter-closing": Letter,
    "complaint-case-file": ComplaintCaseFile,
    "audit-programme": AuditProgramme,
    "audit-plan": AuditPlan,
    "audit-checklist": AuditChecklist,
    "audit-report": AuditReport,
    "nc-response": NcResponse,
    "findings-and-actions-register": FindingsAndActions,
    "self-assessment": SelfAssessment,
    "certification-application": Application,
    "pack-cover": PackCover,
    "clause-index": ClauseIndex,
    "review-outcome": ReviewOutcome,
    "review-minutes": ReviewMinutes,
    "indicator-report": IndicatorReport,
    "register": RegisterForm,
    "register-entry": RegisterEntryForm,
}

TITLES = {
    "complaints-policy": N_("Complaints-handling policy"),
    "complaints-manual": N_("Complaints-handling manual"),
    "procedure": N_("Procedure"),
    "role-description": N_("Role description and appointment"),
    "principle-matrix": N_("Principle-to-control matrix"),
    "scope-and-context": N_("Scope and context"),
    "objectives": N_("Objectives and targets"),
    "list-of-documents": N_("List of documents"),
    "training-record": N_("Training record"),
    "public-leaflet": N_("Public leaflet"),
    "complainant-form": N_("Complainant form"),
    "follow-up-form": N_("Follow-up form"),
    "complaint-letter": N_("Letter to a complainant"),
    "letter-acknowledgement": N_("Acknowledgement letter"),
    "letter-progress": N_("Progress letter"),
    "letter-decision": N_("Decision letter"),
    "letter-closing": N_("Closing letter"),
    "complaint-case-file": N_("Complaint case file"),
    "audit-programme": N_("Audit programme"),
    "audit-plan": N_("Audit plan"),
    "audit-checklist": N_("Audit checklist"),
    "audit-report": N_("Audit report"),
    "nc-response": N_("Response to a nonconformity"),
    "findings-and-actions-register": N_("Findings and actions"),
    "self-assessment": N_("Self-assessment"),
    "certification-application": N_("Application to a certification body"),
    "pack-cover": N_("Pack cover"),
    "clause-index": N_("Clause index"),
    "review-outcome": N_("Outcome of a review by a certification body"),
    "review-minutes": N_("Minutes of the management review"),
    "indicator-report": N_("Report of indicators"),
    "register": N_("Register of the organisation"),
    "register-entry": N_("Entry of a register"),
}
"""The titles as pages say them, in the order of CONTEXTS; those of the descriptions are the same, in English."""


class Variable(Shape):
    """A variable as the owner of a template reads about it: full path, what it is, an example."""

    name: str
    type: Literal["text", "number", "list", "picture"]
    description: Text
    example: str | None = None
    """What a list holds is shown by the examples of its fields."""


class TemplateShape(Shape):
    """A `template.yaml`."""

    kind: Literal["document-template"]
    id: Id
    title: Title
    purpose: Text
    clauses: tuple[str, ...]
    language: str
    required: tuple[str, ...] = ()
    """Fields that no template of this kind may leave out, whoever writes it."""
    variables: tuple[Variable, ...]


@dataclass(frozen=True)
class Entry:
    """A shipped template with its description and the class of its data. `id`: for ever."""

    id: str
    file: Traversable | render.Stored
    context: type[Context]
    read: Callable[[], TemplateShape] = field(repr=False, compare=False)
    """Reads the description, which who only fills the template need not do."""

    @cached_property
    def shape(self) -> TemplateShape:
        """The description. Raises BadInput with file and line where it is broken."""
        return self.read()


def entries() -> Iterator[Entry]:
    """Every shipped template in the order of `CONTEXTS`."""
    for template_id in CONTEXTS:
        yield entry(template_id)


def entry(template_id: str, language: str = "en") -> Entry:
    """One shipped template, in `language` where it was written in it too (`template.fa.docx`), else as it is.

    Its description is read when it is asked for. Raises NotFound for an unknown id.
    """
    if template_id not in CONTEXTS:
        raise NotFound(N_("There is no document template %(id)s"), id=template_id)
    place = folder("doc_templates") / template_id
    own = place / f"template.{language}.docx"
    file = own if own.is_file() else place / "template.docx"
    return Entry(template_id, file, CONTEXTS[template_id], partial(_described, template_id))


def _described(template_id: str) -> TemplateShape:
    file = folder("doc_templates") / template_id / "template.yaml"
    _document, shape, problems = read_file(Found(f"doc_templates/{template_id}/template.yaml", file), TemplateShape)
    if shape is None:
        raise BadInput(N_("%(problem)s"), problem=str(problems[0]))
    return shape


def languages_of(template_id: str) -> tuple[str, ...]:
    """The languages a template was written in; English first."""
    place = folder("doc_templates") / template_id
    found = (file.name.removeprefix("template.").removesuffix(".docx") for file in place.iterdir())
    return ("en", *sorted(name for name in found if re.fullmatch(r"[a-z]{2}", name)))


def title(template_id: str) -> str:
    """What a document is called, as a message id; in English alone where it has no place in TITLES yet."""
    return TITLES.get(template_id) or entry(template_id).shape.title


def data_of(context: Context) -> dict[str, Any]:
    """A context as plain JSON values, as `render` takes them."""
    plain = _plain(context)
    assert isinstance(plain, dict)  # noqa: S101 - a context is a dataclass; for the type checker
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    names = _names_of(value.__class__)
    return value if names is None else {name: _plain(getattr(value, name)) for name in names}


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...] | None:
    """The fields of a part of a context; None for a plain value."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else None


def paths_of(context: type[Any]) -> dict[str, str]:
    """Every field of a context class by full path, with its type as `Variable.type` says it."""
    return dict(_paths(context, ""))


def _paths(kind: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for name, hint in get_type_hints(kind).items():
        path = f"{prefix}{name}"
        if get_origin(hint) is tuple:
            inner = get_args(hint)[0]
            yield path, "list"
            if is_dataclass(inner):
                yield from _paths(inner, f"{path}[].")
        elif is_dataclass(hint):
            yield from _paths(hint, f"{path}.")
        else:
            yield path, "picture" if hint is Picture else "number" if hint is int else "text"


def differences(entry: Entry) -> list[str]:
    """Where template, description and code disagree, both ways; empty when all three say the same."""
    coded = paths_of(entry.context)
    documented = {variable.name: variable.type for variable in entry.shape.variables}
    used = render.fields(entry.file)
    found = [
        _("%(name)s is in the template and not in its description", name=name)
        for name in sorted(used - documented.keys())
    ]
    found += [
        _("%(name)s is described and not in the template", name=name) for name in sorted(documented.keys() - used)
    ]
    found += [
        _("%(name)s is described and not in the data", name=name) for name in sorted(documented.keys() - coded.keys())
    ]
    found += [
        _("%(name)s is in the data and not described", name=name) for name in sorted(coded.keys() - documented.keys())
    ]
    found += [
        _("%(name)s is required and not described", name=name)
        for name in entry.shape.required
        if name not in documented
    ]
    found += [
        _("%(name)s is described as %(said)s and is %(true)s", name=name, said=said, true=coded[name])
        for name, said in documented.items()
        if name in coded and coded[name] != said
    ]
    return found
