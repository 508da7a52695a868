"""The forms of what may be done beside the way from receipt to answer: owners, levels, waiting, links, ends, notes."""

from datetime import date
from typing import Any

from flask_wtf.file import FileRequired
from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import InputRequired, Optional

from auditkit.base.text import N_, SEMICOLON, _, enumerated, lazy_
from auditkit.complaints import rules, service
from auditkit.complaints.forms.act import ActForm, Given, people, person, reason_field, sorted_as
from auditkit.complaints.forms.register import Complainant, line, lines, titled
from auditkit.complaints.rules import IDENTITY, LONGEST, TEXT_TITLES
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, LineField, TextField, TicksField, required


class AssignForm(ActForm):
    """Who answers for the case."""

    owner = ChoiceField(lazy_("Owner"), [InputRequired(lazy_("Choose who answers for the case"))])
    deputy = ChoiceField(lazy_("Stands in"))
    review_on = DateField(lazy_("Looked at again on"), [Optional()])

    def before(self, given: Given) -> dict[str, Any]:
        """As it is; whoever looks at a case without an owner is offered it."""
        case = given.case
        owner = case.owner_id or given.me
        return {"owner": str(owner or ""), "deputy": str(case.deputy_id or ""), "review_on": case.review_on}

    def offer(self, given: Given) -> None:
        """Those who may handle complaints and are not complained about."""
        free = {number: name for number, name in given.handlers.items() if number not in given.history.named}
        self.owner.choices = people(free, empty=_("Choose"))
        self.deputy.choices = people(free, empty=_("Nobody"))

    def command(self, files: tuple[int, ...] = ()) -> service.Assign:
        """What the verb is told."""
        return service.Assign(*self.about, person(self.owner.data) or 0, person(self.deputy.data), self.review_on.data)


class ReclassifyForm(ActForm):
    """What the feedback is."""

    kind = ChoiceField(lazy_("Kind of feedback"))
    reason = reason_field(N_("Why"))
    rows = {"reason": 2}

    def before(self, given: Given) -> dict[str, Any]:
        """As it is."""
        return {"kind": given.case.kind}

    def offer(self, given: Given) -> None:
        """The kinds."""
        self.kind.choices = titled(rules.KIND_TITLES)

    def command(self, files: tuple[int, ...] = ()) -> service.Reclassify:
        """What the verb is told."""
        return service.Reclassify(*self.about, self.text("kind"), self.text("reason"))


class CorrectForm(ActForm):
    """What the complaint is about, but for the complainant's own account."""

    subject = line("subject", required(lazy_("Enter in a few words what the complaint is about")))
    category = ChoiceField(lazy_("Category"))
    product = line("product")
    site = line("site")
    happened_on = DateField(lazy_("Happened on"), [Optional()])
    wanted_remedy = lines("wanted_remedy")
    external_reference = line("external_reference")
    reason = reason_field(N_("Why"))
    rows = {"wanted_remedy": 2, "reason": 2}

    def before(self, given: Given) -> dict[str, Any]:
        """As it is."""
        names = ("subject", "category", "product", "site", "happened_on", "wanted_remedy", "external_reference")
        return {name: getattr(given.case, name) for name in names}

    def offer(self, given: Given) -> None:
        """The categories."""
        self.category.choices = sorted_as(given)

    def command(self, files: tuple[int, ...] = ()) -> service.Correct:
        """What the verb is told."""
        names = ("subject", "reason", "category", "product", "site", "wanted_remedy", "external_reference")
        reference, version = self.about
        said = {name: self.text(name) for name in names}
        return service.Correct(reference, version, happened_on=self.happened_on.data, **said)


class CorrectIdentityForm(Complainant, ActForm):
    """Who complained. The fields stay empty, so that nobody reads it by correcting it."""

    removed = TicksField(lazy_("Take out"))
    reason = reason_field(N_("Why"))
    rows = {"reason": 2}
    folded = (
        (N_("Address"), ("street", "postcode", "city", "region", "country")),
        (N_("Take something out"), ("removed",)),
    )

    def offer(self, given: Given) -> None:
        """What may be taken out."""
        self.removed.choices = [(column, _(TEXT_TITLES[column])) for column in IDENTITY]

    def command(self, files: tuple[int, ...] = ()) -> service.CorrectIdentity:
        """What the verb is told."""
        names = ("name", "email", "phone", "street", "postcode", "city", "region", "country")
        who = service.Identity(**{name: self.text(name) for name in names})
        return service.CorrectIdentity(*self.about, self.text("reason"), who, tuple(self.removed.data or ()))


class EscalateForm(ActForm):
    """Another level."""

    level = RadioField(lazy_("Level"), [InputRequired(lazy_("Choose a level from 0 to 4"))])
    triggers = TicksField(lazy_("What speaks for it"))
    reason = reason_field(N_("Why"))
    owner = ChoiceField(lazy_("Owner from now on"))
    rows = {"reason": 3}

    def before(self, given: Given) -> dict[str, Any]:
        """What the rule proposes, with its triggers."""
        wanted = given.proposed_level
        if wanted is None:
            wanted = min(given.case.level + 1, rules.EXTERNAL)
        reason = enumerated((_(rules.TRIGGER_TITLES[rules.Trigger(one)]) for one in given.triggers), SEMICOLON)
        owner = str(given.case.owner_id or "")
        return {"level": str(wanted), "triggers": list(given.triggers), "reason": reason, "owner": owner}

    def offer(self, given: Given) -> None:
        """The levels, triggers and owners."""
        self.level.choices = [
            (str(number), _(title)) for number, title in enumerate(rules.LEVEL_TITLES) if number != given.case.level
        ]
        self.triggers.choices = titled(rules.TRIGGER_TITLES)
        self.owner.choices = people(given.handlers, empty=_("As it is"))

    def command(self, files: tuple[int, ...] = ()) -> service.Escalate:
        """What the verb is told."""
        level = int(self.level.data) if str(self.level.data).isdigit() else -1
        return service.Escalate(
            *self.about, level, self.text("reason"), tuple(self.triggers.data or ()), person(self.owner.data)
        )


class DeclineForm(ActForm):
    """The complainant's wish for another level is not followed."""

    reason = reason_field(N_("Why not"))
    rows = {"reason": 3}

    def command(self, files: tuple[int, ...] = ()) -> service.DeclineEscalation:
        """What the verb is told."""
        return service.DeclineEscalation(*self.about, self.text("reason"))


class ReferForm(ActForm):
    """An external body."""

    body = line("body", required(lazy_("Name the external body")))
    body_reference = line("body_reference")
    on = DateField(lazy_("Since"), [InputRequired(lazy_("Enter the day, such as 2026-03-31"))])
    reason = TextField(lazy_("Why"), max_length=LONGEST["reason"])
    rows = {"reason": 2}

    def before(self, given: Given) -> dict[str, Any]:
        """Today."""
        return {"on": given.today}

    def command(self, files: tuple[int, ...] = ()) -> service.Refer:
        """What the verb is told."""
        day = self.on.data or date.max
        return service.Refer(*self.about, self.text("body"), day, self.text("body_reference"), self.text("reason"))


class EndReferralForm(ActForm):
    """What the external body decided."""

    referral = ChoiceField(lazy_("Body"))
    on = DateField(lazy_("Decided on"), [InputRequired(lazy_("Enter the day, such as 2026-03-31"))])
    body_outcome = lines("body_outcome", required(lazy_("Say what the external body decided")))
    overturned = BooleanField(lazy_("It decided otherwise than we did"))
    rows = {"body_outcome": 3}

    def before(self, given: Given) -> dict[str, Any]:
        """Today."""
        return {"on": given.today}

    def offer(self, given: Given) -> None:
        """The bodies that have not decided."""
        self.referral.choices = [(str(one.id), one.body) for one in given.history.abroad]

    def command(self, files: tuple[int, ...] = ()) -> service.EndReferral:
        """What the verb is told."""
        number, day = person(self.referral.data) or 0, self.on.data or date.max
        return service.EndReferral(*self.about, number, day, self.text("body_outcome"), self.overturned.data)


class WaitForm(ActForm):
    """Information is awaited."""

    waits_for = ChoiceField(lazy_("From"))
    awaited = lines("awaited", required(lazy_("Say what is awaited")))
    rows = {"awaited": 2}

    def offer(self, given: Given) -> None:
        """From whom."""
        self.waits_for.choices = titled(rules.WAITS_FOR_TITLES)

    def command(self, files: tuple[int, ...] = ()) -> service.WaitFor:
        """What the verb is told."""
        return service.WaitFor(*self.about, self.text("waits_for"), self.text("awaited"))


class EndWaitForm(ActForm):
    """It came, or is no longer awaited."""

    came = TextField(lazy_("What came"), max_length=LONGEST["awaited"])
    rows = {"came": 2}

    def command(self, files: tuple[int, ...] = ()) -> service.EndWait:
        """What the verb is told."""
        return service.EndWait(*self.about, self.text("came"))


class NamePersonForm(ActForm):
    """A member is complained about."""

    person = ChoiceField(lazy_("Member"), [InputRequired(lazy_("Choose a member of this organisation"))])

    def offer(self, given: Given) -> None:
        """The members who are not named."""
        free = {number: name for number, name in given.members.items() if number not in given.history.named}
        self.person.choices = people(free, empty=_("Choose"))

    def command(self, files: tuple[int, ...] = ()) -> service.NamePerson:
        """What the verb is told."""
        return service.NamePerson(*self.about, person(self.person.data) or 0)


class ClearPersonForm(ActForm):
    """It is not about this member after all."""

    person = ChoiceField(lazy_("Member"))
    reason = reason_field(N_("Why"))
    rows = {"reason": 2}

    def offer(self, given: Given) -> None:
        """The members who are named."""
        self.person.choices = [(str(number), given.members.get(number, str(number))) for number in given.history.named]

    def command(self, files: tuple[int, ...] = ()) -> service.ClearPerson:
        """What the verb is told."""
        return service.ClearPerson(*self.about, person(self.person.data) or 0, self.text("reason"))


class LinkForm(ActForm):
    """Another complaint that belongs to this one."""

    other = LineField(
        lazy_("Reference of the other complaint"),
        [required(lazy_("Enter the reference of another complaint"))],
        max_length=LONGEST["reference"],
    )
    relation = ChoiceField(lazy_("It is"))

    def offer(self, given: Given) -> None:
        """The relations."""
        self.relation.choices = titled(rules.RELATION_TITLES)

    def command(self, files: tuple[int, ...] = ()) -> service.LinkTo:
        """What the verb is told."""
        return service.LinkTo(*self.about, self.text("other"), self.text("relation"))


class UnlinkForm(ActForm):
    """A link is taken away."""

    other = ChoiceField(lazy_("Linked complaint"))

    def offer(self, given: Given) -> None:
        """The linked complaints."""
        self.other.choices = [(one.reference, f"{one.reference} {one.subject}") for one in given.history.links]

    def command(self, files: tuple[int, ...] = ()) -> service.UnlinkFrom:
        """What the verb is told."""
        return service.UnlinkFrom(*self.about, self.text("other"))


class DuplicateForm(ActForm):
    """The complaint was recorded twice."""

    other = LineField(
        lazy_("Reference of the record that goes on"),
        [required(lazy_("Enter the reference of another complaint"))],
        max_length=LONGEST["reference"],
    )

    def command(self, files: tuple[int, ...] = ()) -> service.CloseDuplicate:
        """What the verb is told."""
        return service.CloseDuplicate(*self.about, self.text("other"))


class WithdrawForm(ActForm):
    """The complainant takes the complaint back."""

    reason = reason_field(N_("What the complainant said"))
    rows = {"reason": 2}

    def command(self, files: tuple[int, ...] = ()) -> service.Withdraw:
        """What the verb is told."""
        return service.Withdraw(*self.about, self.text("reason"))


class ReopenForm(ActForm):
    """A closed case goes on."""

    reason = reason_field(N_("Why"))
    rows = {"reason": 2}

    def command(self, files: tuple[int, ...] = ()) -> service.Reopen:
        """What the verb is told."""
        return service.Reopen(*self.about, self.text("reason"))


class NoteForm(ActForm):
    """An internal note."""

    note = TextField(
        lazy_("Note"),
        [required(lazy_("The note is empty. Write it first"))],
        max_length=LONGEST["note"],
        description=lazy_("The complainant never sees it. @name tells a colleague, by e-mail too."),
    )
    rows = {"note": 3}

    def command(self, files: tuple[int, ...] = ()) -> service.WriteNote:
        """What the verb is told."""
        return service.WriteNote(self.given.case.reference, self.text("note"))


class SeenForm(ActForm):
    """The notes that mention me are read."""

    def command(self, files: tuple[int, ...] = ()) -> service.SeeMentions:
        """What the verb is told."""
        return service.SeeMentions(self.given.case.reference)


class FilesForm(ActForm):
    """Files that belong to the case."""

    files = EvidenceFilesField(validators=[FileRequired(lazy_("Choose the files to add"))])
    note = TextField(lazy_("What they show"), max_length=500)
    rows = {"note": 2}
