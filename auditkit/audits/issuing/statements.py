"""What the report says of the audit as a whole: standing, extent, comparison, sampling, whom it asked."""

from auditkit.audits.issuing.gathering import Facts
from auditkit.audits.rules import (
    conformity_percent,
)
from auditkit.audits.signing.rules import STANDING_TITLES, Papers
from auditkit.audits.telling import NOT_STATED
from auditkit.base.text import N_, Points, _, enumerated
from auditkit.documents.direction import figure

SAMPLED = N_(
    "An audit looks at samples. What was not looked into was not seen, and weaknesses may exist that this report does "
    "not name"
)


def standing(facts: Facts) -> str:
    """Draft, signed, acknowledged: what the paper is."""
    acknowledged = bool(facts.signatures) and facts.signatures[-1].acknowledged_at is not None
    papers = Papers(facts.head.state, len(facts.signatures), acknowledged)
    return _(STANDING_TITLES[papers.standing])


def extent(facts: Facts) -> str:
    """How much was answered, and what the answers came to."""
    counted = [(row.conformity, row.weight) for row in facts.rows if row.conformity is not None]
    percent = conformity_percent(counted)
    if percent is None:
        said = _("No question was answered in a way that counts")
    else:
        said = _(
            "%(answered)s of %(total)s questions were answered and counted; "
            "weighed, they come to %(percent)s %% conformity",
            answered=figure(len(counted)),
            total=figure(len(facts.rows)),
            percent=figure(percent),
        )
    return f"{said}."


def compared(facts: Facts) -> str:
    """How the figures were made, and what they may be compared with."""
    formula = _(
        "Each figure is the mean of the answers, weighed by the weight of the questions; what does not apply is left "
        "out of it."
    )
    before = facts.scores.before
    if before is None:
        return _("%(formula)s There is no earlier audit on this checklist to compare with.", formula=formula)
    return _(
        "%(formula)s Beside it stands the figure of audit %(number)s on the same checklist.",
        formula=formula,
        number=before.number,
    )


def sampling(facts: Facts) -> str:
    """That audits are samples, and what each sample may be used to say."""
    said = [f"{_(SAMPLED)}."]
    said += [_("Sample %(serial)s: %(allows)s", serial=one.serial, allows=one.allows) for one in facts.sampling.samples]
    if facts.sampling.picks:
        listed = Points(f"{one.reference}: {one.reason}" for one in facts.sampling.picks)
        said.append(_("Chosen by judgement: %(listed)s. %(allow)s", listed=listed, allow=facts.sampling.picks_allow))
    if facts.sampling.handled:
        listed = Points(
            f"{reference}: {enumerated(facts.names.get(person, _(NOT_STATED)) for person in persons)}"
            for reference, persons in facts.sampling.handled
        )
        said.append(_("Complaints that members of the audit team had handled: %(listed)s.", listed=listed))
    if facts.opened:
        listed = Points(facts.opened)
        said.append(_("Who complained was withheld; an auditor was permitted to see it in: %(listed)s.", listed=listed))
    return " ".join(said)


def asked(facts: Facts) -> str:
    """The clauses that were asked about, each once."""
    return enumerated(dict.fromkeys(row.clause_number for row in facts.rows))
