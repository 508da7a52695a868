"""Scope and context, objectives, competence, from the registers; the application to a certification body."""

from datetime import timedelta
from decimal import Decimal

from auditkit.audits.independence.competence import competences
from auditkit.base.text import _, enumerated
from auditkit.documents.contexts.application import Applicant, Application, Certificate, Enclosure, OutsideHandler
from auditkit.documents.contexts.facts import LeftOut
from auditkit.documents.contexts.frame import (
    Duty,
    Issue,
    Measured,
    Objective,
    Objectives,
    Outsourced,
    Party,
    Risk,
    Scope,
    ScopeAndContext,
)
from auditkit.documents.contexts.lists import Awareness, Competence, TrainingRecord
from auditkit.papers.building.asked import EDITION, Asked, nothing_on_record
from auditkit.policies import document
from auditkit.policies import queries as policies
from auditkit.registers import queries as registers
from auditkit.registers.queries import EntryView
from auditkit.registers.rules import reached
from auditkit.web.languages import LANGUAGES

SCOPE = "scope"
"""The section of the complaints policy that says what the process covers."""


def scope_of(asked: Asked) -> Scope:
    """What the policy in force says the process covers; empty where none says it."""
    found = policies.published(asked.tx, asked.today)
    section = next((one for one in found[1].sections if one.id == SCOPE), None) if found else None
    if found is None or section is None:
        return Scope("", "")
    policy, version = found
    source = _("%(reference)s, version %(number)s", reference=policy.reference, number=version.number)
    return Scope(document.readable(section.text), source)


def scope_and_context(asked: Asked) -> ScopeAndContext:
    """Every entry in use of the five registers of the frame."""
    used = ("context-issues", "interested-parties", "legal-duties", "risks", "outsourced")
    entries = asked.entries(*used)

    def said(register: str, entry: EntryView, *fields: str) -> str:
        return asked.said(register, entry, *fields)

    missing = [nothing_on_record(str(asked.library.register(name).title)) for name in used if not entries[name]]
    scope = scope_of(asked)
    if not scope.text:
        missing.insert(0, LeftOut(_("Scope"), _("The complaints policy in force has no section on the scope")))
    return ScopeAndContext(
        asked.house,
        asked.dated("CTX"),
        scope,
        tuple(
            Issue(
                one.number,
                one.title,
                said("context-issues", one, "where"),
                said("context-issues", one, "effect"),
                said("context-issues", one, "weight"),
            )
            for one in entries["context-issues"]
        ),
        tuple(
            Party(
                one.number,
                one.title,
                said("interested-parties", one, "needs"),
                said("interested-parties", one, "how"),
            )
            for one in entries["interested-parties"]
        ),
        tuple(
            Duty(
                one.number,
                one.title,
                said("legal-duties", one, "basis", "limit"),
                said("legal-duties", one, "responsible"),
            )
            for one in entries["legal-duties"]
        ),
        tuple(
            Risk(
                one.number,
                one.title,
                said("risks", one, "kind"),
                said("risks", one, "likelihood"),
                said("risks", one, "impact"),
                said("risks", one, "treatment", "what"),
                said("risks", one, "responsible"),
            )
            for one in entries["risks"]
        ),
        tuple(
            Outsourced(one.number, one.title, said("outsourced", one, "task"), said("outsourced", one, "contract"))
            for one in entries["outsourced"]
        ),
        tuple(missing),
    )


def objectives(asked: Asked) -> Objectives:
    """Every objective in use with its measurements."""
    entries = asked.entries("objectives")["objectives"]
    measured = registers.measurements(asked.tx, [one.id for one in entries])
    made = tuple(_objective(asked, one, measured.get(one.id, [])) for one in entries)
    missing = [LeftOut(f"{one.number} {one.title}", _("Not measured yet")) for one in made if not one.measured]
    if not made:
        missing = [nothing_on_record(str(asked.library.register("objectives").title))]
    return Objectives(asked.house, asked.dated("OBJ"), made, tuple(missing))


def _objective(asked: Asked, entry: EntryView, measured: list[registers.MeasurementView]) -> Objective:
    unit = asked.said("objectives", entry, "unit")
    target, higher = entry.values.get("target"), entry.values.get("better") == "higher"
    lines = sorted(measured, key=lambda one: one.on)
    state = _("not measured")
    if lines and target not in (None, ""):
        good = reached(lines[-1].value, Decimal(str(target)), higher_is_better=higher)
        state = _("reached") if good else _("not reached")
    aim = _("at least %(value)s", value=target) if higher else _("at most %(value)s", value=target)
    return Objective(
        entry.number,
        entry.title,
        asked.said("objectives", entry, "measure"),
        f"{aim} {unit}".strip() if target not in (None, "") else "",
        asked.said("objectives", entry, "by"),
        asked.said("objectives", entry, "responsible"),
        asked.said("objectives", entry, "means"),
        f"{_plain(lines[-1].value)} {unit}".strip() if lines else "",
        state,
        tuple(Measured(asked.day(one.on), f"{_plain(one.value)} {unit}".strip(), one.note) for one in lines),
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def training_record(asked: Asked) -> TrainingRecord:
    """The registers of competence and awareness, and the competence of auditors."""
    entries = asked.entries("competence", "awareness")
    shown = [
        Competence(
            one.number,
            one.title,
            asked.said("competence", one, "person"),
            asked.said("competence", one, "role"),
            asked.said("competence", one, "reached", "details"),
            asked.said("competence", one, "from"),
            asked.said("competence", one, "until"),
            asked.said("competence", one, "evaluated"),
            asked.said("competence", one, "result"),
        )
        for one in entries["competence"]
    ]
    shown += [
        Competence(
            _("Auditor %(number)s", number=one.id),
            f"{one.what} {one.standard}".strip(),
            asked.person(one.person_id),
            _("Auditor"),
            one.evidence,
            asked.day(one.valid_from),
            asked.day(one.valid_until),
            "",
            "",
        )
        for one in competences(asked.tx)
        if one.withdrawn_at is None
    ]
    sessions = [
        Awareness(
            one.number,
            one.title,
            asked.said("awareness", one, "group"),
            asked.said("awareness", one, "held"),
            asked.said("awareness", one, "reached") + (" %" if asked.said("awareness", one, "reached") else ""),
        )
        for one in entries["awareness"]
    ]
    missing = [LeftOut(f"{one.number} {one.title}", _("Not evaluated")) for one in shown if not one.evaluated_on]
    missing += [] if shown else [nothing_on_record(str(asked.library.register("competence").title))]
    missing += [] if sessions else [nothing_on_record(str(asked.library.register("awareness").title))]
    return TrainingRecord(asked.house, asked.dated("TRN"), tuple(shown), tuple(sessions), tuple(missing))


def application(asked: Asked) -> Application:
    """What is on record of what a certification body asks for; the rest is named as missing."""
    facts = {name: value for (name, _kind), value in policies.facts(asked.tx).items()}
    in_force = [(one, found) for one in policies.policies(asked.tx) if (found := one.in_force(asked.today))]
    applicant = Applicant(
        facts.get("organisation") or asked.organisation,
        facts.get("postal_address", ""),
        facts.get("telephone", ""),
        facts.get("email", ""),
        facts.get("web_page", ""),
        facts.get("representative_title", ""),
        "",
    )
    scope = scope_of(asked)
    entries = asked.entries("outsourced", "certificates")
    asked_for = (
        (_("Legal form, trade register and tax papers"), _("Not kept here: add them on paper")),
        (_("Number of people, sites and shifts"), _("Not kept here: write them in")),
    )
    missing = [LeftOut(what, why) for what, why in asked_for]
    if not scope.text:
        missing.append(LeftOut(_("Scope"), _("The complaints policy in force has no section on the scope")))
    if not in_force:
        missing.append(LeftOut(_("Documents"), _("No document is in force")))
    return Application(
        asked.house,
        asked.dated("APP"),
        applicant,
        str(asked.library.edition(EDITION).name),
        scope.text,
        str(_complaints_of_a_year(asked)),
        facts.get("languages") or enumerated(LANGUAGES[one] for one in (asked.language,) if one in LANGUAGES),
        tuple(OutsideHandler(one.title, asked.said("outsourced", one, "task")) for one in entries["outsourced"]),
        tuple(
            Certificate(
                asked.said("certificates", one, "number") or one.number,
                one.title,
                asked.said("certificates", one, "body"),
                asked.said("certificates", one, "until"),
                asked.said("certificates", one, "state"),
            )
            for one in entries["certificates"]
        ),
        tuple(Enclosure(one.reference, found.title, str(found.number)) for one, found in in_force),
        tuple(missing),
    )


def _complaints_of_a_year(asked: Asked) -> int:
    from auditkit.complaints.checking import populations  # only an application says it (decision 0007)

    year = populations.part(asked.today - timedelta(days=365), asked.today, {})
    return populations.size(asked.tx, year)
