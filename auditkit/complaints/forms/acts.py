"""The forms of what is done with a case. Each is given the case as it stands, and gives the command of its verb."""

from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import InputRequired, Optional

from auditkit.base.text import N_, _, lazy_
from auditkit.complaints import rules, service
from auditkit.complaints.forms.act import (
    ActForm,
    Given,
    marked,
    people,
    person,
    reason_field,
    sorted_as,
    values,
)
from auditkit.complaints.forms.register import line, lines, titled
from auditkit.complaints.queries import Case
from auditkit.complaints.rules import LONGEST, Answer, Channel, Ground, Stage
from auditkit.evidence.fields import EvidenceFilesField
from auditkit.web.forms import ChoiceField, LineField, TextField, TicksField, required

_WRITTEN = ("plan", "complainant_side", "other_side", "facts", "cause", "cause_method", "cause_note", "independence")
"""What an investigation says, as its form and its command call it."""


class AcknowledgeForm(ActForm):
    """The complainant was told."""

    def command(self, files: tuple[int, ...] = ()) -> service.Acknowledge:
        """What the verb is told."""
        return service.Acknowledge(*self.about)


class AssessForm(ActForm):
    """How bad it is, how far it reaches, what must happen at once."""

    category = ChoiceField(lazy_("Category"))
    severity = RadioField(lazy_("Severity"), [InputRequired(lazy_("Choose how bad it is"))])
    complexity = RadioField(lazy_("How much work it takes"), [InputRequired(lazy_("Choose how much work it takes"))])
    reach = RadioField(lazy_("Whom it concerns"), [InputRequired(lazy_("Choose whom it concerns"))])
    safety = BooleanField(lazy_("Somebody was hurt or could be"))
    immediate_needed = BooleanField(lazy_("Something must be done at once"))
    immediate_possible = BooleanField(lazy_("Something can be done at once"))
    immediate_action = lines("immediate_action")
    owner = ChoiceField(lazy_("Owner"))
    facts = TicksField(lazy_("Facts that make it most urgent"))
    compensation = ChoiceField(lazy_("A loss has to be made good"))
    note = lines("note")
    rows = {"immediate_action": 2, "note": 2}
    folded = ((N_("More about the assessment"), ("facts", "compensation", "owner", "note")),)

    def before(self, given: Given) -> dict[str, Any]:
        """The newest assessment, else what was said when it was taken down."""
        last = given.history.assessments[0] if given.history.assessments else None
        case = given.case
        found: dict[str, Any] = {"category": case.category, "severity": case.severity}
        found |= {"owner": str(case.owner_id or "")}
        if last is not None:
            names = ("complexity", "reach", "safety", "facts", "compensation", "immediate_needed")
            found |= {name: getattr(last, name) for name in (*names, "immediate_possible", "immediate_action")}
        return found

    def offer(self, given: Given) -> None:
        """The words of the priority matrix."""
        matrix = given.library.matrix(service.MATRIX)
        self.category.choices = sorted_as(given)
        self.severity.choices = titled(rules.SEVERITY_TITLES)
        self.complexity.choices = titled(rules.COMPLEXITY_TITLES)
        self.reach.choices = [(one.id, marked(one.label)) for one in matrix.reaches]
        self.facts.choices = [(one.id, marked(one.label)) for one in matrix.overrides]
        self.compensation.choices = titled(rules.COMPENSATION_TITLES)
        none_named = "" if given.case.owner_id else _("As the rules say, else whoever assesses")
        self.owner.choices = people(given.handlers, empty=none_named)

    def command(self, files: tuple[int, ...] = ()) -> service.Assess:
        """What the verb is told."""
        return service.Assess(
            *self.about,
            severity=self.text("severity"),
            complexity=self.text("complexity"),
            reach=self.text("reach"),
            safety=self.safety.data,
            facts=tuple(self.facts.data or ()),
            immediate_needed=self.immediate_needed.data,
            immediate_possible=self.immediate_possible.data,
            immediate_action=self.text("immediate_action"),
            compensation=self.text("compensation"),
            note=self.text("note"),
            owner_id=person(self.owner.data),
            category=self.text("category"),
        )


class InvestigateForm(ActForm):
    """What was asked, found and concluded; saved as often as one likes, ended once."""

    plan = lines("plan")
    complainant_side = lines("complainant_side")
    other_side = lines("other_side")
    facts = lines("facts")
    cause = ChoiceField(lazy_("Root cause"), render_kw={"translate": "no"})
    cause_method = line("cause_method")
    cause_note = lines("cause_note")
    independence = TextField(
        lazy_("How it was made sure that whoever investigates is free to judge"),
        max_length=LONGEST["independence"],
        description=lazy_("Such as: nobody who had a hand in the matter took part."),
    )
    investigator = ChoiceField(lazy_("Investigator"))
    files = EvidenceFilesField()
    ended = BooleanField(lazy_("The investigation is complete"))
    rows = {"plan": 3, "complainant_side": 3, "other_side": 3, "facts": 5, "cause_note": 2, "independence": 2}
    folded = ((N_("Method, investigator, files"), ("cause_method", "cause_note", "investigator", "files")),)

    def before(self, given: Given) -> dict[str, Any]:
        """What was written so far."""
        one = given.history.under_way
        if one is None:
            return {"investigator": str(given.me or ""), "complainant_side": ""}
        names = (
            "plan",
            "complainant_side",
            "other_side",
            "facts",
            "cause",
            "cause_method",
            "cause_note",
            "independence",
        )
        return {"investigator": str(one.investigator_id or ""), **{name: getattr(one, name) for name in names}}

    def offer(self, given: Given) -> None:
        """The root causes, and the members who are not complained about."""
        self.cause.choices = [("", _("Not known yet")), *values(given.library, service.CAUSES)]
        free = {number: name for number, name in given.members.items() if number not in given.history.named}
        self.investigator.choices = people(free, empty=_("Nobody yet"))

    def command(self, files: tuple[int, ...] = ()) -> service.Investigate:
        """What the verb is told."""
        reference, version = self.about
        return service.Investigate(
            reference,
            version,
            **{name: self.text(name) for name in _WRITTEN},
            investigator_id=person(self.investigator.data),
            ended=self.ended.data,
            evidence=files,
        )


class DecideForm(ActForm):
    """The decision."""

    outcome = RadioField(lazy_("Decision"), [InputRequired(lazy_("Choose what was decided"))])
    decision = TextField(
        lazy_("Reasons, as the complainant is told them"),
        [required(lazy_("Give the reasons of the decision"))],
        max_length=LONGEST["decision"],
    )
    remedy = lines("remedy")
    remedies = TicksField(lazy_("Kinds of remedy"))
    amount = LineField(lazy_("Amount"))
    currency = line("currency")
    promised_on = DateField(lazy_("Delivered by"), [Optional()])
    others = ChoiceField(lazy_("Are others affected?"))
    others_note = TextField(lazy_("Who, and what is done for them"), max_length=LONGEST["others_note"])
    told_channel = ChoiceField(lazy_("The complainant was told by"))
    options = TextField(lazy_("Further options that were named"), max_length=LONGEST["options"])
    rows = {"decision": 5, "remedy": 2, "others_note": 2, "options": 2}
    folded = (
        (N_("Remedy: kinds, amount, day"), ("remedies", "amount", "currency", "promised_on")),
        (N_("Others affected"), ("others", "others_note")),
        (N_("Telling the complainant"), ("told_channel", "options")),
    )

    def before(self, given: Given) -> dict[str, Any]:
        """After a decision that was sent back: what it said."""
        found = {"currency": given.practice.currency, "options": given.practice.external_bodies}
        last = given.history.decisions[0] if given.history.decisions else None
        if last is None or last.state != "returned" or given.case.stage == Stage.CLOSED:
            return found
        return found | {
            "outcome": last.outcome,
            "decision": last.reasons,
            "remedy": last.remedy,
            "remedies": last.remedies,
            "amount": rules.amount_text(last.amount) if last.amount is not None else "",
            "currency": last.currency or found["currency"],
            "promised_on": last.promised_on,
            "others": last.others,
            "others_note": last.others_note,
        }

    def offer(self, given: Given) -> None:
        """The outcomes, remedies and channels."""
        self.outcome.choices = titled(rules.OUTCOME_TITLES)
        self.remedies.choices = [(word, marked(label)) for word, label in values(given.library, service.REMEDIES)]
        self.others.choices = titled(rules.OTHERS_TITLES, empty=_("Nobody looked yet"))
        self.told_channel.choices = titled(rules.CHANNEL_TITLES, empty=_("Not told yet"))

    def command(self, files: tuple[int, ...] = ()) -> service.Decide:
        """What the verb is told. Raises AmountImpossible."""
        amount = rules.hundredths(self.text("amount"))
        return service.Decide(
            *self.about,
            outcome=self.text("outcome"),
            reasons=self.text("decision"),
            remedy=self.text("remedy"),
            remedies=tuple(self.remedies.data or ()),
            amount=amount,
            currency=self.text("currency").upper() if amount is not None else "",
            promised_on=self.promised_on.data,
            others=self.text("others"),
            others_note=self.text("others_note"),
            told_channel=self.text("told_channel"),
            options=self.text("options"),
        )


class ApproveForm(ActForm):
    """A proposed decision stands."""

    def command(self, files: tuple[int, ...] = ()) -> service.Approve:
        """What the verb is told."""
        return service.Approve(*self.about)


class SendBackForm(ActForm):
    """A proposed decision is not approved."""

    reason = reason_field(N_("Why not"))
    rows = {"reason": 3}

    def command(self, files: tuple[int, ...] = ()) -> service.SendBack:
        """What the verb is told."""
        return service.SendBack(*self.about, self.text("reason"))


class TellForm(ActForm):
    """The complainant was told of the decision."""

    channel = ChoiceField(lazy_("How"), [InputRequired(lazy_("Choose how the complainant was told"))])
    options = TextField(lazy_("Further options that were named"), max_length=LONGEST["options"])
    rows = {"options": 2}

    def before(self, given: Given) -> dict[str, Any]:
        """The way the complaint came in, where it is one of ours."""
        known = [one.value for one in Channel]
        said = given.history.decisions[0].options if given.history.decisions else ""
        channel = given.case.channel if given.case.channel in known else ""
        return {"channel": channel, "options": said or given.practice.external_bodies}

    def offer(self, given: Given) -> None:
        """The channels."""
        self.channel.choices = titled(rules.CHANNEL_TITLES, empty=_("Choose"))

    def command(self, files: tuple[int, ...] = ()) -> service.Tell:
        """What the verb is told."""
        return service.Tell(*self.about, self.text("channel"), self.text("options"))


class DeliverForm(ActForm):
    """The promised remedy came."""

    delivered_on = DateField(lazy_("Delivered on"), [InputRequired(lazy_("Enter the day, such as 2026-03-31"))])
    proof = TextField(
        lazy_("What was delivered, and how that can be seen"),
        max_length=LONGEST["delivery"],
        description=lazy_("A text, files, or both."),
    )
    files = EvidenceFilesField()
    rows = {"proof": 3}

    def before(self, given: Given) -> dict[str, Any]:
        """Today."""
        return {"delivered_on": given.today}

    def command(self, files: tuple[int, ...] = ()) -> service.Deliver:
        """What the verb is told."""
        return service.Deliver(*self.about, self.delivered_on.data or date.max, self.text("proof"), files)


class VerifyRemedyForm(ActForm):
    """Whether the delivered remedy came as it was promised."""

    found = RadioField(lazy_("What was seen"), [InputRequired(lazy_("Choose what was seen"))])
    checked_on = DateField(lazy_("Checked on"), [InputRequired(lazy_("Enter the day, such as 2026-03-31"))])
    check_note = TextField(lazy_("How it was checked, and what was seen"), max_length=LONGEST["check_note"])
    files = EvidenceFilesField()
    rows = {"check_note": 3}

    def before(self, given: Given) -> dict[str, Any]:
        """Today."""
        return {"checked_on": given.today}

    def offer(self, given: Given) -> None:
        """What can be seen; whoever delivered it is told that somebody else had better look."""
        self.found.choices = titled(rules.REMEDY_FOUND_TITLES)
        self.check_note.description = _("A text, files, or both.")
        delivered = given.history.delivered
        if delivered is not None and given.me is not None and delivered.delivered_by == given.me:
            self.found.description = _("You delivered it yourself. Where you can, let somebody else look; it is shown.")

    def command(self, files: tuple[int, ...] = ()) -> service.VerifyRemedy:
        """What the verb is told."""
        day = self.checked_on.data or date.max
        return service.VerifyRemedy(*self.about, self.text("found"), day, self.text("check_note"), files)


class AnswerForm(ActForm):
    """What the complainant said to the decision."""

    answer = RadioField(lazy_("The complainant"), [InputRequired(lazy_("Choose what the complainant answered"))])
    note = TextField(lazy_("In the complainant's words"), max_length=LONGEST["note"])
    next_internal = line("next_internal")
    next_external = line("next_external")
    owner = ChoiceField(lazy_("Owner"))
    review_on = DateField(lazy_("Looked at again on"), [Optional()])
    rows = {"note": 2}
    folded = (
        (N_("When the decision is refused: next steps, owner, day of review"),
         ("next_internal", "next_external", "owner", "review_on")),
    )  # fmt: skip

    def before(self, given: Given) -> dict[str, Any]:
        """The next level, the bodies of the settings, whoever has the case."""
        return {
            "next_internal": given.next_internal,
            "next_external": given.practice.external_bodies,
            "owner": str(given.case.owner_id or given.me or ""),
            "review_on": rules.review_day(given.today, given.practice.review_days),
        }

    def offer(self, given: Given) -> None:
        """What can be answered, and who can own the case."""
        self.answer.choices = [
            (Answer.ACCEPTED.value, _("accepts the decision")),
            (Answer.REFUSED.value, _("refuses the decision: the case stays open")),
        ]
        self.owner.choices = people(given.handlers, empty=_("Nobody yet"))

    def command(self, files: tuple[int, ...] = ()) -> service.RecordAnswer:
        """What the verb is told."""
        return service.RecordAnswer(
            *self.about,
            self.text("answer"),
            self.text("note"),
            next_internal=self.text("next_internal"),
            next_external=self.text("next_external"),
            owner_id=person(self.owner.data),
            review_on=self.review_on.data,
        )


class CloseForm(ActForm):
    """Why the case is closed."""

    ground = RadioField(lazy_("Why"), [InputRequired(lazy_("Choose why the complaint is closed"))])
    closing_note = lines("closing_note")
    detriment = RadioField(lazy_("Was the complainant treated worse for having complained?"), [Optional()], default="")
    detriment_note = lines("detriment_note")
    rows = {"closing_note": 2, "detriment_note": 2}

    def before(self, given: Given) -> dict[str, Any]:
        """The ground, where only one fits."""
        fitting = fitting_grounds(given.case)
        return {"ground": fitting[0].value} if len(fitting) == 1 else {}

    def offer(self, given: Given) -> None:
        """The grounds that fit."""
        grounds = fitting_grounds(given.case)
        self.ground.choices = [(one.value, _(rules.GROUND_TITLES[one])) for one in grounds]
        self.detriment.choices = [("", _("Nobody has looked yet")), *titled(rules.DETRIMENT_TITLES)]

    def command(self, files: tuple[int, ...] = ()) -> service.Close:
        """What the verb is told."""
        about = (self.text("ground"), self.text("closing_note"), self.text("detriment"), self.text("detriment_note"))
        return service.Close(*self.about, *about)


class DetrimentForm(ActForm):
    """Whether the complainant was treated worse for having complained."""

    detriment = RadioField(
        lazy_("Was the complainant treated worse for having complained?"),
        [InputRequired(lazy_("Choose what you found"))],
    )
    detriment_note = lines("detriment_note")
    rows = {"detriment_note": 3}

    def offer(self, given: Given) -> None:
        """What can be found."""
        self.detriment.choices = titled(rules.DETRIMENT_TITLES)

    def command(self, files: tuple[int, ...] = ()) -> service.CheckDetriment:
        """What the verb is told."""
        return service.CheckDetriment(*self.about, self.text("detriment"), self.text("detriment_note"))


def fitting_grounds(case: Case) -> list[Ground]:
    """The grounds on which this case could be closed, as far as its answer and kind say."""
    stands = case.standing
    fitting = {
        Ground.ACCEPTED: stands.answer == Answer.ACCEPTED,
        Ground.NO_ANSWER: not stands.answer and bool(case.outcome),
        Ground.DECIDED_EXTERNALLY: stands.refused,
        Ground.EXHAUSTED: stands.refused,
        Ground.ANSWERED: stands.kind in rules.NO_DECISION_DUE and not case.outcome,
    }
    return [ground for ground, fits in fitting.items() if fits]
