"""The blueprint of documents, and what its pages share."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for

from auditkit.accounts.queries import Member, members, members_with
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import AuditkitError, NotFound
from auditkit.base.text import _
from auditkit.documents.tables import Sheet
from auditkit.evidence.names import content_disposition, download_name
from auditkit.policies import people, queries, tables
from auditkit.policies.forms.base import PolicyForm
from auditkit.policies.markdown import to_html
from auditkit.policies.queries import PolicyView, Version
from auditkit.policies.queries.listing import MARK_TITLES, MARK_TONES
from auditkit.policies.rules import COMPLAINTS_POLICY, STATE_TITLES, STATE_TONES, DraftChanged, State
from auditkit.policies.rules.cards import KIND_TITLES
from auditkit.policies.rules.importing import LOST_TITLES
from auditkit.web.access import current_actor
from auditkit.web.languages import LANGUAGES, day_there

bp = Blueprint("policies", __name__, url_prefix="/policies", template_folder="../templates")
people.offer()

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.context_processor
def shared() -> dict[str, Any]:
    """What every page of documents may use."""
    return {
        "html": to_html,
        "today": today(),
        "badge": badge,
        "names": names(),
        "mark_titles": MARK_TITLES,
        "mark_tones": MARK_TONES,
        "kind_titles": KIND_TITLES,
        "language_name": language_name,
        "language_dir": language_dir,
        "tabs": TABS,
        "kind_list": [(str(kind), _(title)) for kind, title in KIND_TITLES.items()],
        "mark_list": [(str(mark), _(title)) for mark, title in MARK_TITLES.items()],
        "lost_titles": LOST_TITLES,
    }


TABS: list[tuple[str, str]] = []
"""(title, endpoint) of the pages over all documents; each module of views adds its own."""


def done(form: PolicyForm, act: Callable[..., object], command: object, **more: Any) -> bool:
    """Perform a verb in one transaction; what it refuses is shown on the form (NotFound stays a page of its own)."""
    return made(form, act, command, **more) is not REFUSED


REFUSED = object()


def made(form: PolicyForm, act: Callable[..., Any], command: object, **more: Any) -> Any:
    """As `done`, for verbs that make something: what the verb returns, or REFUSED."""
    try:
        with transaction(current_actor()) as tx:
            return act(tx, command, clock.now(), current_actor(), **more)
    except NotFound:
        raise
    except AuditkitError as refusal:
        form.refuse_verb(refusal)
        if isinstance(refusal, DraftChanged) and "revision" in form:
            # The next saving is then a decision: the page has said that the draft is another one now.
            form.revision.raw_data = None
            form.revision.data = queries.policy(reading(), (request.view_args or {})["policy_id"]).revision
        return REFUSED


def today() -> date:
    """The day of the pages."""
    return day_there(clock.now())


def names() -> dict[int, str]:
    """Person id -> name."""
    found: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return found


def everybody() -> list[Member]:
    """The members by name."""
    return members(reading())


def approvers() -> list[Member]:
    """The members who may approve, by name."""
    return members_with(reading(), "policies.approve")


def badge(policy: PolicyView, version: Version) -> tuple[str, str]:
    """Words and tone of a version's state today."""
    if version.state is State.PUBLISHED:
        if policy.is_superseded(version, today()):
            return _("Superseded"), "neutral"
        if version.effective_on and version.effective_on > today():
            return _("Published, not yet in force"), "info"
        return _("In force"), "good"
    return _(STATE_TITLES[version.state]), STATE_TONES[version.state]


def language_name(code: str) -> str:
    """A language in its own words."""
    return LANGUAGES.get(code, code)


def language_dir(code: str) -> str:
    """The direction of its letters, as HTML says it."""
    return "rtl" if code == "fa" else "ltr"


def public_address(policy: PolicyView) -> str | None:
    """Where strangers read it; None where it is not for them, or this process does not serve the public pages."""
    if "public_policy.show" not in current_app.view_functions or not policy.is_public:
        return None
    if policy.content_id == COMPLAINTS_POLICY:
        return url_for("public_policy.show")
    return url_for("public_policy.document", reference=policy.reference)


def sent(sheet: Sheet) -> Response:
    """A workbook as a download."""
    response = Response(tables.workbook(sheet), mimetype=XLSX)
    name = download_name(f"{sheet.title}.xlsx", (".xlsx",))
    response.headers["Content-Disposition"] = content_disposition(name)
    return response
