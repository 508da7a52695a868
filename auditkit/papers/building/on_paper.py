"""The forms that are filled in by hand: the complainant's, and the sheet that follows a complaint."""

from auditkit.base.text import _
from auditkit.complaints.clock.rules import Target
from auditkit.complaints.intake import channels, promises
from auditkit.complaints.intake import queries as intake
from auditkit.documents.contexts.facts import DocumentFacts
from auditkit.documents.contexts.paper_forms import ComplainantForm, FollowUpForm, FollowUpStep, WaysBack
from auditkit.papers.building.asked import Asked
from auditkit.papers.building.policies import STEPS


def complainant_form(asked: Asked) -> ComplainantForm:
    """The form with the organisation's addresses and promises."""
    settings, limits = intake.settings(asked.tx), promises.promised(asked.tx)
    return ComplainantForm(
        asked.house,
        DocumentFacts("FORM-01", asked.today.isoformat(), asked.day(asked.today)),
        WaysBack(
            settings.post,
            settings.phone,
            asked.address,
            limits.get(Target.ACKNOWLEDGE, ""),
            limits.get(Target.DECIDE, ""),
        ),
        asked.words("problem-categories"),
        asked.words("remedies"),
    )


def follow_up_form(asked: Asked) -> FollowUpForm:
    """The sheet with the organisation's channels, steps and time limits."""
    limits = promises.promised(asked.tx)
    return FollowUpForm(
        asked.house,
        DocumentFacts("FORM-02", asked.today.isoformat(), asked.day(asked.today)),
        tuple(one.title for one in channels.in_use(asked.tx)),
        asked.words("severities"),
        tuple(
            FollowUpStep(str(number), _(title), limits.get(target, "") if target else "")
            for number, (title, _permission, target, _record) in enumerate(STEPS, start=1)
        ),
        asked.words("outcomes"),
        asked.words("remedies"),
    )
