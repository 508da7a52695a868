"""Pages of the organisation's facts, and of the settings that documents state."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.policies import facts as registry
from auditkit.policies import queries, service
from auditkit.policies.forms.drafting import FactForm
from auditkit.policies.queries import facts_page, settings
from auditkit.policies.views.blueprint import TABS, bp, done, today
from auditkit.web.access import access

TABS.append((N_("Facts"), "policies.facts"))
TABS.append((N_("Settings stated"), "policies.stated"))


@bp.get("/facts")
@access("policies.read")
def facts() -> str:
    """Every fact with the documents it stands in."""
    return render_template("policies/facts.html", facts=facts_page.all_facts(reading(), today()))


@bp.route("/facts/<kind>/<name>", methods=["GET", "POST"])
@access("policies.edit")
def fact(kind: str, name: str) -> str | AnyResponse:
    """Change one fact; the page says where it stands."""
    one = facts_page.fact(reading(), name, kind, today())
    if one is None:
        raise NotFound
    form = FactForm(value=one.value)
    if form.validate_on_submit() and done(form, service.set_fact, service.SetFact(name, kind, form.value.data or "")):
        flash(_("Saved. The drafts that state it use it now; versions in force keep what they say."), "good")
        return redirect(url_for(".facts"))
    return render_template("policies/fact.html", fact=one, form=form)


@bp.get("/stated")
@access("policies.read")
def stated() -> str:
    """Every live setting with the documents that state it, and which of these are out of date."""
    documents = queries.policies(reading())
    found = settings.outdated(reading(), documents, today())
    live = registry.live(reading())
    lines = [(one, settings.statements(one.name, documents, found)) for one in live.values()]
    return render_template(
        "policies/stated.html",
        lines=sorted(lines, key=lambda line: not line[1]),
        out_of_date=[(one, found[one.id]) for one in documents if one.id in found and found[one.id].is_out_of_date],
        unkept=[one for one in documents if one.id in found and not found[one.id].kept],
        live=live,
    )
