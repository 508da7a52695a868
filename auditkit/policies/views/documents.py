"""The list of documents, what can be started, one document, and its card."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.text import N_, _
from auditkit.content.texts import language_of
from auditkit.library.here import here
from auditkit.policies import facts, queries, service, tables
from auditkit.policies.forms.base import ButtonForm
from auditkit.policies.forms.drafting import BlankForm, CardForm
from auditkit.policies.queries import PolicyView, approvals, listing, readers, settings
from auditkit.policies.queries.listing import Wanted
from auditkit.policies.rules import COMPLAINTS_POLICY
from auditkit.policies.rules.cards import LANGUAGES, kind_of
from auditkit.policies.views.blueprint import (
    REFUSED,
    TABS,
    bp,
    done,
    everybody,
    language_name,
    made,
    names,
    public_address,
    sent,
    today,
)
from auditkit.web.access import access, current_actor, current_organisation

TABS.append((N_("Documents"), "policies.index"))


@bp.get("/")
@access("policies.read")
def index() -> str:
    """The organisation's documents with filters, and the texts it may start from."""
    lines = listing.lines(reading(), today())
    wanted, language, source = _wanted(), _text_language(), here().library
    return render_template(
        "policies/index.html",
        lines=[line for line in lines if wanted.takes(line)],
        all=len(lines),
        wanted=wanted,
        people=[(one.person_id, one.name) for one in everybody()],
        to_start=queries.to_start(reading(), source, language),
        in_use=queries.in_use(reading(), source, language),
        text_language=language,
        text_languages=_text_languages(),
        language_of=language_of,
        kind_of=kind_of,
        first=COMPLAINTS_POLICY,
        layered=here(),
        mine=readers.to_read(reading(), current_actor().person_id, today()),
        waiting=approvals.waiting_for(reading(), current_actor().person_id),
    )


def _text_languages() -> list[str]:
    """The languages in which texts of the library can be started from."""
    return [one for one in here().library.languages if one in LANGUAGES]


def _text_language() -> str:
    """Of the texts to start from: that asked for, else the organisation's."""
    asked, known = request.args.get("text_language"), _text_languages()
    return asked if asked in known else current_organisation().locale


@bp.get("/list.xlsx")
@access("policies.read")
def listed() -> Response:
    """The list as a workbook, filtered as the page."""
    wanted = _wanted()
    lines = [line for line in listing.lines(reading(), today()) if wanted.takes(line)]
    return sent(tables.documents(lines, names()))


@bp.post("/start/<content_id>")
@access("policies.edit")
def start(content_id: str) -> AnyResponse:
    """Make a draft from a text of the library."""
    form = ButtonForm()
    if not form.validate_on_submit():
        return redirect(url_for(".index"))
    with transaction(current_actor()) as tx:
        language = request.form.get("language", "")
        command = service.Start(content_id, bool(request.form.get("again")), language)
        policy_id = service.start(tx, command, clock.now(), current_actor(), library=here().library)
    flash(_("The draft was made. Answer the questions first; the text is filled with your answers."), "good")
    return redirect(url_for(".questions", policy_id=policy_id))


@bp.route("/new", methods=["GET", "POST"])
@access("policies.edit")
def new() -> str | AnyResponse:
    """Make a document without text."""
    form = BlankForm([(code, language_name(code)) for code in LANGUAGES])
    if form.validate_on_submit():
        command = service.StartBlank(form.title.data or "", form.kind.data, form.purpose.data or "", form.language.data)
        policy_id = made(form, service.start_blank, command)
        if policy_id is not REFUSED:
            return redirect(url_for(".add_section", policy_id=policy_id))
    return render_template("policies/new.html", form=form)


@bp.get("/<int:policy_id>")
@access("policies.read")
def show(policy_id: int) -> str:
    """The draft with what it lacks, and the versions."""
    policy = queries.policy(reading(), policy_id)
    return render_template(
        "policies/show.html",
        policy=policy,
        in_force=policy.in_force(today()),
        outdated=settings.outdated(reading(), [policy], today()).get(policy_id),
        live=facts.live(reading()),
        approvers=approvals.approvers(reading(), policy_id),
        rounds=approvals.rounds(reading(), policy_id),
        to_read=[one for one in readers.readings(reading(), today(), [policy]) if _mine(one)],
        imported=queries.imported(reading(), policy_id),
        public_url=public_address(policy),
    )


@bp.route("/<int:policy_id>/card", methods=["GET", "POST"])
@access("policies.edit")
def card(policy_id: int) -> str | AnyResponse:
    """Title, kind, owner, keeping, distribution, and what it states beside its blanks."""
    policy = queries.policy(reading(), policy_id)
    form = _card_form(policy)
    if form.validate_on_submit() and done(form, service.change_card, _card_command(form, policy_id)):
        flash(_("The details were saved."), "good")
        return redirect(url_for(".show", policy_id=policy_id))
    return render_template("policies/card.html", policy=policy, form=form)


def _card_form(policy: PolicyView) -> CardForm:
    one = policy.card
    live = [(setting.name, setting.title) for setting in facts.live(reading()).values()]
    gone = [(name, name) for name in one.states if name not in dict(live)]
    return CardForm(
        [(member.person_id, member.name) for member in everybody()],
        [*live, *gone],
        title=policy.title,
        purpose=policy.purpose,
        kind=one.kind,
        owner=str(one.owner_id or ""),
        review_months=one.review_months,
        retention=one.retention,
        distribution=one.distribution,
        is_public=policy.is_public,
        states=list(one.states),
    )


def _card_command(form: CardForm, policy_id: int) -> service.ChangeCard:
    return service.ChangeCard(
        policy_id,
        form.title.data or "",
        form.purpose.data or "",
        form.kind.data,
        int(form.owner.data) if form.owner.data else None,
        form.retention.data or "",
        form.distribution.data or "",
        form.review_months.data,
        form.is_public.data,
        tuple(form.states.data or ()),
    )


def _wanted() -> Wanted:
    """The filter of the address; an owner that is no number counts as any."""
    asked = request.args
    owner = asked.get("owner", "")
    return Wanted(
        asked.get("text", "").strip(),
        asked.get("kind", ""),
        asked.get("mark", ""),
        int(owner) if owner.isdecimal() else 0,
        asked.get("clause", "").strip(),
    )


def _mine(one: readers.Reading) -> bool:
    return current_actor().person_id in {reader.person_id for reader in one.missing}
