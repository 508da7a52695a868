"""Manual, procedures, role descriptions and the leaflet: texts in force, with what the records add to them."""

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditkit.accounts.rules import PERMISSIONS, ROLE_TITLES, Role
from auditkit.base.text import N_, _, enumerated
from auditkit.complaints.clock.rules import Target
from auditkit.complaints.intake import channels, promises
from auditkit.complaints.intake import queries as intake
from auditkit.content.blanks import blanks_in, fill
from auditkit.content.library import policy_in
from auditkit.documents.contexts.facts import LeftOut, Picture
from auditkit.documents.contexts.leaflet import Leaflet, LeafletFacts, LeafletSection
from auditkit.documents.contexts.manual import ComplaintsManual, Holder, ProcessStep, Reference, RoleDescription
from auditkit.documents.contexts.policy import ComplaintsPolicy, PolicyFacts, section
from auditkit.papers.building.asked import Asked, clauses
from auditkit.papers.rules import OF_LIBRARY, NothingChosen
from auditkit.policies import document
from auditkit.policies import queries as policies
from auditkit.policies.queries import PolicyView, Section, translations

BLANK = "…………"
"""What stands where a draft has no answer yet."""
# Step, the permission of those who do it, the limit it has to keep, the library's record that it leaves.
STEPS = (
    (N_("Receive and record"), "complaints.register", None, "complaint-register"),
    (N_("Acknowledge"), "complaints.handle", Target.ACKNOWLEDGE, "complaint-times"),
    (N_("Assess, act at once where there is danger"), "complaints.handle", Target.ASSESS, "complaint-file"),
    (N_("Investigate"), "complaints.handle", None, "complaint-file"),
    (N_("Decide and tell the complainant"), "complaints.handle", Target.DECIDE, "complaint-decisions"),
    (N_("Deliver the remedy"), "complaints.handle", Target.ACT, "complaint-decisions"),
    (N_("Close, ask how it was"), "complaints.handle", Target.CLOSE, "complaint-closing"),
)


@dataclass(frozen=True)
class _Text:
    """A text as the template takes it, the language it stands in, and the organisation's document, if it is one."""

    base: ComplaintsPolicy
    language: str
    policy: PolicyView | None


def _text(asked: Asked) -> _Text:
    """The version in force, else the newest; without one the draft; of the library its text. Blanks stay blanks."""
    if asked.subject.startswith(OF_LIBRARY):
        shape, language = policy_in(asked.library, asked.subject.removeprefix(OF_LIBRARY), asked.language)
        facts = {name: value for (name, _kind), value in policies.facts(asked.tx).items()}
        sections = [Section(one.id, str(one.title), tuple(one.clauses), str(one.text)) for one in shape.sections]
        return _Text(_drafted(asked, _("Draft"), str(shape.title), sections, facts), language, None)
    if not asked.subject.isdigit():
        raise NothingChosen()
    policy = policies.policy(asked.tx, int(asked.subject))
    version = policy.in_force(asked.today) or policy.newest
    if version is None:
        drafted = _drafted(asked, policy.reference, policy.title, policy.sections, policy.answers)
        return _Text(drafted, policy.language, policy)
    edition = None
    if asked.language != policy.language:
        found = translations.editions_of(asked.tx, policy, version.number)
        edition = next((one for one in found if one.language == asked.language), None)
    base = document.context(policy, version, asked.organisation, asked.names, edition)
    return _Text(base, edition.language if edition else policy.language, policy)


def _drafted(
    asked: Asked, reference: str, title: str, sections: Sequence[Section], answers: Mapping[str, str]
) -> ComplaintsPolicy:
    """A text that nobody approved: the document says so, and what is not answered yet stays a line to write on."""
    shown = []
    for number, one in enumerate(sections, start=1):
        given = dict.fromkeys(blanks_in(one.text), BLANK) | {name: text for name, text in answers.items() if text}
        shown.append(section(number, one.title, clauses(one.clauses), fill(one.text, given), asked.language))
    return ComplaintsPolicy(asked.house, asked.dated(reference), PolicyFacts(title, "", "", "", ""), tuple(shown), ())


def procedure(asked: Asked) -> ComplaintsPolicy:
    """The procedure as the template `procedure` lays it out. Raises NothingChosen, NotFound."""
    return _text(asked).base


def manual(asked: Asked) -> ComplaintsManual:
    """The manual with the steps of the process as they are set, and the documents in force."""
    text = _text(asked)
    base = text.base
    limits = promises.promised(asked.tx)
    in_force = [(one, found) for one in policies.policies(asked.tx) if (found := one.in_force(asked.today))]
    missing = [
        LeftOut(_("Time limit: %(step)s", step=_(title)), _("No limit is set for this step"))
        for title, _permission, target, _record in STEPS
        if target is not None and target not in limits
    ]
    return ComplaintsManual(
        base.organisation,
        base.document,
        base.policy,
        base.sections,
        tuple(
            ProcessStep(
                str(number),
                _(title),
                _who(permission),
                limits.get(target, "") if target else "",
                str(asked.library.records[record].title),
            )
            for number, (title, permission, target, record) in enumerate(STEPS, start=1)
        ),
        tuple(Reference(one.reference, found.title, str(found.number)) for one, found in in_force),
        base.history,
        tuple(missing + _of_language(asked, text)),
    )


def _who(permission: str) -> str:
    roles = [role for role in Role if role in PERMISSIONS[permission] and role is not Role.ADMINISTRATOR]
    return enumerated(_(ROLE_TITLES[role]) for role in roles)


def _of_language(asked: Asked, text: _Text) -> list[LeftOut]:
    if text.language == asked.language:
        return []
    reason = _("No approved translation; the text stands in the language it was written in")
    return [LeftOut(text.base.policy.title, reason)]


def role(asked: Asked) -> RoleDescription:
    """The role with who holds it, as far as the register of roles names this document."""
    text = _text(asked)
    base = text.base
    return RoleDescription(
        base.organisation, base.document, base.policy, _holder(asked, text.policy), base.sections, base.history
    )


def _holder(asked: Asked, policy: PolicyView | None) -> Holder:
    for entry in asked.entries("roles")["roles"] if policy else ():
        if policy and policy.reference in str(entry.values.get("document", "")):
            return Holder(
                asked.said("roles", entry, "does") or asked.said("roles", entry, "answers"),
                asked.said("roles", entry, "deputy"),
                asked.said("roles", entry, "limit"),
                asked.said("roles", entry, "appointed"),
                asked.said("roles", entry, "informed"),
            )
    return Holder("", "", "", "", "")


def leaflet(asked: Asked) -> Leaflet:
    """The leaflet with the ways in that are open, and a QR code to the public page."""
    text = _text(asked)
    base = text.base
    settings = intake.settings(asked.tx)
    return Leaflet(
        base.organisation,
        base.document,
        LeafletFacts(base.policy.title, asked.address, qr_code(asked.address), settings.phone, settings.post),
        tuple(one.title for one in channels.in_use(asked.tx) if one.public),
        tuple(LeafletSection(one.title, one.blocks) for one in base.sections),
    )


def qr_code(address: str) -> Picture:
    """An address as a QR code, PNG in base64; empty for none."""
    if not address:
        return Picture("")
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return Picture(base64.b64encode(out.getvalue()).decode())
