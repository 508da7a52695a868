"""Documents as strangers read them: the versions in force today, in the languages there are, nothing else."""

from flask import Blueprint, render_template, request

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.policies import queries
from auditkit.policies.markdown import to_html
from auditkit.policies.queries import PolicyView, translations
from auditkit.policies.rules import COMPLAINTS_POLICY
from auditkit.web.access import PUBLIC, access, current_organisation
from auditkit.web.languages import LANGUAGES, day_there, locale

bp = Blueprint("public_policy", __name__, url_prefix="/policy", template_folder="templates")


@bp.get("")
@access(PUBLIC)
def show() -> str:
    """The complaints-handling policy in force."""
    policy = queries.complaints_policy(reading())
    return _page(policy if policy and policy.is_public else None)


@bp.get("/<reference>")
@access(PUBLIC)
def document(reference: str) -> str:
    """Another document for the public."""
    today = day_there(clock.now())
    for policy in queries.policies(reading()):
        if policy.reference == reference and policy.is_public and policy.in_force(today):
            return _page(policy)
    raise NotFound


def _page(policy: PolicyView | None) -> str:
    """One document in the language asked for, else in the screens', else in its own."""
    today = day_there(clock.now())
    found = translations.in_force(reading(), policy, today) if policy else None
    version, editions, stale = found or (None, {}, {})
    language = _language(policy, editions)
    others = [one for one in queries.policies(reading()) if one.is_public and one.in_force(today)]
    return render_template(
        "policies/public.html",
        organisation=current_organisation(),
        policy=policy,
        version=version,
        edition=editions.get(language),
        language=language,
        is_stale=stale.get(language, False),
        languages=[(code, LANGUAGES.get(code, code)) for code in [policy.language, *editions]] if policy else [],
        others=[one for one in others if policy is None or one.id != policy.id],
        first=COMPLAINTS_POLICY,
        way="rtl" if language == "fa" else "ltr",
        html=to_html,
    )


def _language(policy: PolicyView | None, editions: dict[str, translations.Edition]) -> str:
    if policy is None:
        return ""
    for wanted in (request.args.get("language", ""), locale()):
        if wanted == policy.language or wanted in editions:
            return wanted
    return policy.language
