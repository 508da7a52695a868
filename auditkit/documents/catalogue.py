"""The shipped Word templates: where each lies, what it is for, which data it takes, and whether that is true.

`doc_templates/<id>/template.docx` is the master a consultant may restyle; `template.yaml` beside it documents every
variable; the context class here is what the code hands over. `differences` compares the three, and
tests/slices/documents/test_documents_catalogue.py demands that there are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args, get_origin, get_type_hints

from auditkit.base.errors import BadInput, NotFound
from auditkit.base.text import N_, _
from auditkit.content.locate import Found, folder
from auditkit.content.reading import read_file
from auditkit.content.shapes import Id, Shape, Text, Title
from auditkit.documents import render
from auditkit.documents.contexts.audit import AuditPlan, AuditReport
from auditkit.documents.contexts.case import ComplaintCaseFile
from auditkit.documents.contexts.letter import Letter
from auditkit.documents.contexts.nc_response import NcResponse
from auditkit.documents.contexts.pack import ClauseIndex, PackCover
from auditkit.documents.contexts.policy import ComplaintsPolicy
from auditkit.documents.contexts.registers import FindingsAndActions
from auditkit.documents.contexts.review import ReviewMinutes

Context = (
    (ComplaintsPolicy | AuditPlan | AuditReport | FindingsAndActions | ComplaintCaseFile | PackCover | ClauseIndex)
    | Letter
    | NcResponse
    | ReviewMinutes
)

CONTEXTS: dict[str, type[Context]] = {
    "complaints-policy": ComplaintsPolicy,
    "audit-plan": AuditPlan,
    "audit-report": AuditReport,
    "findings-and-actions-register": FindingsAndActions,
    "complaint-case-file": ComplaintCaseFile,
    "pack-cover": PackCover,
    "clause-index": ClauseIndex,
    "complaint-letter": Letter,
    "nc-response": NcResponse,
    "review-minutes": ReviewMinutes,
}


TITLES = {
    "complaints-policy": N_("Complaints-handling policy"),
    "audit-plan": N_("Audit plan"),
    "audit-report": N_("Audit report"),
    "findings-and-actions-register": N_("Findings and actions"),
    "complaint-case-file": N_("Complaint case file"),
    "pack-cover": N_("Pack cover"),
    "clause-index": N_("Clause index"),
    "complaint-letter": N_("Letter to a complainant"),
    "nc-response": N_("Response to a nonconformity"),
}
"""The titles as pages say them, in the order of CONTEXTS; those of the descriptions are the same, in English."""


class Variable(Shape):
    """A variable as the owner of a template reads about it: full path, what it is, an example."""

    name: str
    type: Literal["text", "number", "list"]
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
    """A shipped template with its description and the class of its data."""

    shape: TemplateShape
    file: Traversable | render.Stored
    context: type[Context]

    @property
    def id(self) -> str:
        """Its id, for ever."""
        return self.shape.id


def entries() -> Iterator[Entry]:
    """Every shipped template in the order of `CONTEXTS`."""
    for template_id in CONTEXTS:
        yield entry(template_id)


def entry(template_id: str, language: str = "en") -> Entry:
    """One shipped template, in `language` where it was written in it too (`template.fa.docx`), else as it is.

    Raises NotFound for an unknown id, BadInput with file and line for a broken description.
    """
    if template_id not in CONTEXTS:
        raise NotFound(N_("There is no document template %(id)s"), id=template_id)
    place = folder("doc_templates") / template_id
    found = Found(f"doc_templates/{template_id}/template.yaml", place / "template.yaml")
    _document, shape, problems = read_file(found, TemplateShape)
    if shape is None:
        raise BadInput(N_("%(problem)s"), problem=str(problems[0]))
    own = place / f"template.{language}.docx"
    return Entry(shape, own if own.is_file() else place / "template.docx", CONTEXTS[template_id])


def languages_of(template_id: str) -> tuple[str, ...]:
    """The languages a template was written in; English first."""
    place = folder("doc_templates") / template_id
    found = (file.name.removeprefix("template.").removesuffix(".docx") for file in place.iterdir())
    return ("en", *sorted(name for name in found if re.fullmatch(r"[a-z]{2}", name)))


def data_of(context: Context) -> dict[str, Any]:
    """A context as plain JSON values, as `render` takes them."""
    plain = _plain(context)
    assert isinstance(plain, dict)  # noqa: S101 - a context is a dataclass; for the type checker
    return plain


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


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
            yield path, "number" if hint is int else "text"


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
