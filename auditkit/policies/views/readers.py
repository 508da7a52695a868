"""Pages of read-and-understood: who must read, my list, the confirmation, how far everybody is."""

from flask import Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.rules import PERMISSIONS, ROLE_TITLES
from auditkit.base.db import reading
from auditkit.base.text import N_, _
from auditkit.policies import queries, service, tables
from auditkit.policies.forms.approving import ConfirmForm, ReadersForm
from auditkit.policies.queries import PolicyView, readers
from auditkit.policies.views.blueprint import TABS, bp, done, sent, today
from auditkit.policies.views.versions import version_page
from auditkit.web.access import access, current_actor

TABS.append((N_("To read"), "policies.to_read"))
TABS.append((N_("Who has read"), "policies.reading_state"))


@bp.get("/to-read")
@access("policies.read")
def to_read() -> str:
    """What I must read, and what I confirmed."""
    mine = current_actor().person_id
    found = readers.readings(reading(), today())
    return render_template(
        "policies/to_read.html",
        open=[one for one in found if mine in {reader.person_id for reader in one.missing}],
        confirmed=[(one, one.confirmed[mine]) for one in found if mine in one.confirmed],
    )


@bp.post("/<int:policy_id>/versions/<int:number>/confirm")
@access("policies.read")
def confirm(policy_id: int, number: int) -> str | AnyResponse:
    """Confirm to have read and understood a version."""
    form = ConfirmForm()
    if form.validate_on_submit():
        command = service.Confirm(policy_id, number, form.ticked.data, form.language.data or "")
        if done(form, service.confirm, command):
            flash(_("Thank you. Your confirmation was recorded with your name and the time."), "good")
            return redirect(url_for(".to_read"))
    return version_page(policy_id, number, confirm_form=form)


@bp.route("/<int:policy_id>/readers", methods=["GET", "POST"])
@access("policies.edit")
def set_readers(policy_id: int) -> str | AnyResponse:
    """Choose who must read the document."""
    policy = queries.policy(reading(), policy_id)
    form = _readers_form(policy)
    if form.validate_on_submit():
        people = tuple(int(one) for one in form.people.data or ())
        command = service.SetReaders(policy_id, tuple(form.roles.data or ()), people)
        if done(form, service.set_readers, command):
            flash(_("Saved. They are asked by mail as soon as a version is published."), "good")
            return redirect(url_for(".read_by", policy_id=policy_id))
    return render_template("policies/readers.html", policy=policy, form=form)


@bp.get("/<int:policy_id>/read-by")
@access("policies.read")
def read_by(policy_id: int) -> str:
    """How far the readers of one document are, person by person."""
    policy = queries.policy(reading(), policy_id)
    return render_template(
        "policies/read_by.html",
        policy=policy,
        asked=readers.asked(reading()).get(policy_id),
        readings=readers.readings(reading(), today(), [policy]),
        role_titles=_role_titles(),
    )


@bp.get("/reading")
@access("policies.read")
def reading_state() -> str:
    """How far each document and each role is."""
    found = readers.readings(reading(), today())
    roles = list(dict.fromkeys(role for one in found for role in one.by_role))
    return render_template("policies/reading.html", readings=found, roles=roles, role_titles=_role_titles())


@bp.get("/reading.xlsx")
@access("policies.edit")
def reading_listed() -> Response:
    """Who has read what, as a workbook."""
    return sent(tables.readings(readers.readings(reading(), today())))


def _readers_form(policy: PolicyView) -> ReadersForm:
    asked = readers.asked(reading()).get(policy.id, readers.Asked((), ()))
    roles = [(str(role), _(title)) for role, title in ROLE_TITLES.items() if role in PERMISSIONS[readers.MAY_READ]]
    people = [(one.person_id, one.name) for one in readers.possible_readers(reading())]
    return ReadersForm(roles, people, data={"roles": list(asked.roles), "people": [str(one) for one in asked.people]})


def _role_titles() -> dict[str, str]:
    return {str(role): _(title) for role, title in ROLE_TITLES.items()}
