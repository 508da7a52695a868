"""Which documents are made on the page of documents, from what, and who may make them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from auditkit.base.errors import RuleBroken
from auditkit.base.text import N_


class Of(StrEnum):
    """What a document is about beside the organisation."""

    NOTHING = "nothing"
    MANUAL = "manual"
    PROCEDURE = "procedure"
    ROLE = "role"
    LEAFLET = "leaflet"
    AUDIT = "audit"
    YEAR = "year"


OF_TITLES = {
    Of.MANUAL: N_("Manual"),
    Of.PROCEDURE: N_("Procedure"),
    Of.ROLE: N_("Role description"),
    Of.LEAFLET: N_("Leaflet"),
    Of.AUDIT: N_("Audit"),
    Of.YEAR: N_("Year"),
}


class Group(StrEnum):
    """Headings of the page."""

    FRAME = "frame"
    PEOPLE = "people"
    PUBLIC = "public"
    AUDITS = "audits"
    BODY = "body"


GROUP_TITLES = {
    Group.FRAME: N_("Frame of the process"),
    Group.PEOPLE: N_("People"),
    Group.PUBLIC: N_("For complainants and those who serve them"),
    Group.AUDITS: N_("Audits"),
    Group.BODY: N_("For a certification body"),
}


OF_LIBRARY = "library:"
"""Begins the key of a text of the library, which the organisation has not taken over."""


@dataclass(frozen=True)
class Paper:
    """A document; `id` is that of its template, `needs` the permissions to see what stands in it."""

    id: str
    group: Group
    needs: tuple[str, ...]
    purpose: str
    of: Of = Of.NOTHING


PAPERS = {
    one.id: one
    for one in (
        Paper("complaints-manual", Group.FRAME, ("policies.read",),
              N_("The process as a whole, with its map, steps and time limits"), Of.MANUAL),
        Paper("procedure", Group.FRAME, ("policies.read",),
              N_("A procedure with approval and changes, to sign and hand out"), Of.PROCEDURE),
        Paper("principle-matrix", Group.FRAME, ("policies.read", "audits.read"),
              N_("For each principle what keeps it, what shows it, what the last audit found")),
        Paper("scope-and-context", Group.FRAME, ("policies.read", "registers.read"),
              N_("Scope, issues, interested parties, duties, risks, what others do")),
        Paper("objectives", Group.FRAME, ("registers.read",), N_("Objectives with targets and measurements")),
        Paper("list-of-documents", Group.FRAME, ("policies.read",),
              N_("Every document with version and owner; how long records are kept")),
        Paper("role-description", Group.PEOPLE, ("policies.read", "registers.read"),
              N_("What a role does and may do; appoints who holds it"), Of.ROLE),
        Paper("training-record", Group.PEOPLE, ("registers.read", "audits.read"),
              N_("Competence, training, evaluation, awareness; a sheet to sign")),
        Paper("public-leaflet", Group.PUBLIC, ("policies.read",),
              N_("One page for customers, with a QR code to the form"), Of.LEAFLET),
        Paper("complainant-form", Group.PUBLIC, ("content.read",), N_("For those who complain on paper")),
        Paper("follow-up-form", Group.PUBLIC, ("content.read",), N_("The sheet that goes with a complaint on paper")),
        Paper("audit-programme", Group.AUDITS, ("audits.read",),
              N_("The audits of a year with objectives, risks and reviews"), Of.YEAR),
        Paper("audit-checklist", Group.AUDITS, ("audits.read",),
              N_("The questions of an audit with room to write"), Of.AUDIT),
        Paper("self-assessment", Group.AUDITS, ("audits.read",),
              N_("Every question with its answer and the evidence seen"), Of.AUDIT),
        Paper("certification-application", Group.BODY, ("policies.read", "registers.read", "complaints.read"),
              N_("What a certification body asks for before stage 1, as far as it is on record")),
    )
}  # fmt: skip

ELSEWHERE = (
    ("complaints-policy", "policies.index", N_("On the page of each version of a document")),
    ("audit-plan", "audits.index", N_("On the page of each audit")),
    ("audit-report", "audits.index", N_("On the page of each audit")),
    ("nc-response", "actions.index", N_("On the page of each action")),
    ("complaint-case-file", "complaints.index", N_("On the page of each complaint")),
    ("complaint-letter", "complaints.index", N_("On the page of each complaint, beside its letters")),
    ("letter-acknowledgement", "complaints.index", N_("On the page of each complaint, beside its letters")),
    ("letter-progress", "complaints.index", N_("On the page of each complaint, beside its letters")),
    ("letter-decision", "complaints.index", N_("On the page of each complaint, beside its letters")),
    ("letter-closing", "complaints.index", N_("On the page of each complaint, beside its letters")),
    ("register", "registers.index", N_("On the page of each register")),
    ("register-entry", "registers.index", N_("On the page of each entry of a register")),
    ("findings-and-actions-register", "packs.index", N_("In packs")),
    ("pack-cover", "packs.index", N_("In packs")),
    ("clause-index", "packs.index", N_("In packs")),
    ("review-outcome", "packs.index", N_("In the room of each reviewer, on the page of a pack")),
)
"""Documents that are made where their record is: template, page, and where on it."""


class NothingChosen(RuleBroken):
    message = N_("Choose what the document is about")


class NotBegun(RuleBroken):
    message = N_("%(number)s has no questions yet: they are drawn when the audit begins")
