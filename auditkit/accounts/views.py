"""Pages of people and organisations: choosing one, its members, one's own account, the one-time link."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_login import current_user
from flask_security import login_user
from werkzeug.wrappers import Response

from auditkit.accounts import queries, service
from auditkit.accounts.forms import EmptyForm, MemberForm, RoleForm
from auditkit.accounts.rules import ROLE_TITLES, LastAdministrator, Role, role_named
from auditkit.accounts.signin import SignedIn
from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound, RuleBroken
from auditkit.base.text import _
from auditkit.web.access import PUBLIC, SIGNED_IN, access, current_actor

bp = Blueprint("accounts", __name__, url_prefix="/people", template_folder="templates")
personal_bp = Blueprint("account", __name__, url_prefix="/account", template_folder="templates")


def _title(role: str) -> str:
    return _(ROLE_TITLES[Role(role)])


@bp.context_processor
@personal_bp.context_processor
def _role_titles() -> dict[str, object]:
    return {"role_title": _title}


@bp.get("/")
@access("people.manage")
def members() -> str:
    """The organisation's people and their roles."""
    return render_template(
        "accounts/members.html",
        members=queries.members(reading()),
    )


@bp.get("/<int:person_id>")
@access("people.manage")
def member(person_id: int) -> str:
    """One member: role, sign-in link, end of membership."""
    found = _member(person_id)
    return render_template("accounts/member.html", member=found, form=RoleForm(role=found.role))


def _member(person_id: int) -> queries.Member:
    found = next((one for one in queries.members(reading()) if one.person_id == person_id), None)
    if found is None:
        raise NotFound
    return found


@bp.route("/add", methods=["GET", "POST"])
@access("people.manage")
def add() -> str | Response:
    """Add a person; a new one gets a one-time link, shown once."""
    form = MemberForm()
    if form.validate_on_submit():
        command = service.AddMember(email=form.email.data, name=form.name.data or "", role=role_named(form.role.data))
        try:
            with transaction(current_actor()) as tx:
                person_id = service.add_member(tx, command, clock.now(), current_actor())
                secret = service.issue_link(tx, service.IssueLink(person_id), clock.now(), current_actor())
        except RuleBroken as refusal:
            form.refuse("email", refusal)
        else:
            return _show_link(secret, _member(person_id).email)
    return render_template("accounts/add.html", form=form)


def _show_link(secret: str, email: str) -> str:
    return render_template(
        "accounts/link.html", link=url_for("account.sign_in_link", secret=secret, _external=True), email=email
    )


@bp.post("/<int:person_id>/link")
@access("people.manage")
def link(person_id: int) -> str:
    """Make a one-time sign-in link and show it once."""
    with transaction(current_actor()) as tx:
        secret = service.issue_link(tx, service.IssueLink(person_id), clock.now(), current_actor())
    return _show_link(secret, _member(person_id).email)


@bp.post("/<int:person_id>/role")
@access("people.manage")
def change_role(person_id: int) -> str | Response:
    """Give a member another role."""
    form = RoleForm()
    if form.validate_on_submit():
        command = service.ChangeRole(person_id, role_named(form.role.data))
        try:
            with transaction(current_actor()) as tx:
                service.change_role(tx, command, clock.now(), current_actor())
        except LastAdministrator as refusal:
            form.refuse("role", refusal)
        else:
            flash(_("The role was changed to %(role)s.", role=_title(command.role)), "good")
            return redirect(url_for(".members"))
    return render_template("accounts/member.html", member=_member(person_id), form=form)


@bp.post("/<int:person_id>/remove")
@access("people.manage")
def remove(person_id: int) -> Response:
    """End a membership."""
    try:
        with transaction(current_actor()) as tx:
            service.remove_member(tx, service.RemoveMember(person_id), clock.now(), current_actor())
    except LastAdministrator as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".member", person_id=person_id))
    else:
        flash(_("The person is no longer a member. What they did stays on record."), "good")
    return redirect(url_for(".members"))


@personal_bp.get("")
@access(SIGNED_IN)
def mine() -> str:
    """The own account: name, e-mail, password, organisations."""
    return render_template(
        "accounts/mine.html",
        organisations=queries.organisations_of(reading(), current_user.id),
        titles=ROLE_TITLES,
    )


@personal_bp.get("/organisations")
@access(SIGNED_IN)
def organisations() -> str | Response:
    """Choose the organisation to work in; with only one there is nothing to choose."""
    mine = queries.organisations_of(reading(), current_user.id)
    if len(mine) == 1:
        return redirect(url_for("home.show", organisation=mine[0].slug))
    return render_template("accounts/organisations.html", organisations=mine)


@personal_bp.route("/link/<secret>", methods=["GET", "POST"])
@access(PUBLIC)
def sign_in_link(secret: str) -> str | Response:
    """Sign in by a one-time link. It is spent by the button, not by opening the page: mail scanners open pages."""
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            with transaction() as tx:
                person = service.spend_link(tx, secret, clock.now())
        except RuleBroken as refusal:
            flash(str(refusal), "bad")
            return redirect(url_for("security.login"))
        login_user(SignedIn(person))
        session.pop("entered", None)
        return redirect(url_for("account.organisations"))
    return render_template("accounts/sign_in_link.html", form=form)
