"""The page "Complaint settings"."""

from flask import Blueprint, current_app, render_template

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import N_, _, ngettext
from auditkit.complaints import queries as register
from auditkit.complaints.assigning import queries as assigning
from auditkit.complaints.clock import knowing
from auditkit.complaints.clock import queries as due
from auditkit.complaints.correspondence import queries as correspondence
from auditkit.complaints.importing import queries as importing
from auditkit.complaints.intake import queries as intake
from auditkit.complaints.intake.channels import in_use
from auditkit.complaints.privacy.queries import keeping
from auditkit.complaints.setting_up import Subject, from_above
from auditkit.complaints.survey import queries as survey
from auditkit.web.access import access, current_organisation
from auditkit.web.languages import LANGUAGES

bp = Blueprint("complaint_settings", __name__, url_prefix="/complaints/setting-up", template_folder="templates")


def _channels() -> str:
    number = len(in_use(reading()))
    return ngettext("%(num)s way in", "%(num)s ways in", number)


def _public() -> str:
    kept = intake.settings(reading())
    number = len(kept.languages or LANGUAGES)
    told = ngettext("%(num)s language", "%(num)s languages", number)
    figures = _("figures are published") if kept.publishes_figures else _("figures are not published")
    return f"{told} · {figures}"


def _working_time() -> str:
    return _("Times of %(zone)s", zone=knowing.calendar_at(reading(), clock.now()).zone)


def _limits() -> str:
    number = len([one for one in due.limit_sets(reading()) if one.limits])
    return ngettext("%(num)s set of limits", "%(num)s sets of limits", number) if number else _("none: nothing is due")


def _assigning() -> str:
    number = len(assigning.rules_in_force(reading()))
    return ngettext("%(num)s rule", "%(num)s rules", number) if number else _("none: a person names each owner")


def _handling() -> str:
    return register.practice(reading()).external_bodies or _("no external body")


def _letters() -> str:
    number = len(correspondence.own_wordings(reading()))
    return ngettext("%(num)s own wording", "%(num)s own wordings", number) if number else _("as supplied")


def _mail() -> str:
    settings = current_app.extensions["auditkit.settings"]
    if not settings.mailboxes.get(current_organisation().slug):
        return _("no mailbox is set up")
    fetching = correspondence.fetching(reading(), clock.now())
    if fetching is not None and fetching.failures:
        return _("the mailbox cannot be read")
    return _("the mailbox is read") if fetching is not None else _("the mailbox was not read yet")


def _personal_data() -> str:
    number = len(keeping.rules_in_force(reading()))
    told = ngettext("%(num)s time of keeping", "%(num)s times of keeping", number)
    return told if number else _("everything is kept without limit")


def _survey() -> str:
    return _("on") if survey.practice(reading()).on else _("off: nobody is asked")


def _profiles() -> str:
    number = len(importing.kept_profiles(reading()))
    return ngettext("%(num)s own profile", "%(num)s own profiles", number) if number else _("as supplied")


SUBJECTS = [
    Subject(
        N_("Channels"),
        N_("Every way in, who looks after it, and what strangers see of it."),
        "intake.show",
        "signpost-split",
        _channels,
    ),
    Subject(
        N_("Public pages"),
        N_("Languages, telephone and address for strangers, published figures, the look of references."),
        "intake.show",
        "globe",
        _public,
    ),
    Subject(
        N_("Working time"),
        N_("Time zone, opening hours, weekend and holidays that time limits count by."),
        "complaints_due.calendar",
        "calendar-week",
        _working_time,
    ),
    Subject(
        N_("Time limits"),
        N_("Until when each step is due, from which law or promise, and when the time stands still."),
        "complaints_due.limits",
        "hourglass-split",
        _limits,
    ),
    Subject(
        N_("Assignment"),
        N_("Who gets which complaint, and who stands in for whom."),
        "assigning.index",
        "person-check",
        _assigning,
    ),
    Subject(
        N_("Handling"),
        N_("Who decides what alone, external bodies, what counts as a repeat."),
        "complaints.practice",
        "sliders",
        _handling,
    ),
    Subject(
        N_("Letters"),
        N_("The wording of each letter in each language."),
        "correspondence.letters",
        "envelope-paper",
        _letters,
    ),
    Subject(
        N_("E-mail"),
        N_("The address for answers, the automatic acknowledgement, how mails come in."),
        "correspondence.settings",
        "envelope-at",
        _mail,
    ),
    Subject(
        N_("Personal data"),
        N_("How long everything is kept, and whether reading an identity needs a reason."),
        "privacy.index",
        "person-lock",
        _personal_data,
    ),
    Subject(
        N_("Survey"),
        N_("Whether complainants are asked after closing, when, and the one reminder."),
        "survey.settings",
        "emoji-smile",
        _survey,
    ),
    Subject(
        N_("Import profiles"),
        N_("How files of other systems are read."),
        "complaints_import.profiles",
        "file-earmark-arrow-up",
        _profiles,
    ),
]


@bp.get("/")
@access("organisation.manage")
def index() -> str:
    """Everything to set up, with how it stands."""
    return render_template("complaints/setting_up/index.html", subjects=[*SUBJECTS, *from_above()])
