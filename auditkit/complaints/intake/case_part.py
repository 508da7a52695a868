"""What the case's page shows of how a complaint came in; what names or describes a person only with the identity."""

from flask import current_app, render_template, request

from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints.intake import queries
from auditkit.complaints.intake.rules import PREFERENCE_TITLES
from auditkit.complaints.queries import Case
from auditkit.complaints.views.parts import ASIDE, case_part
from auditkit.web.access import may

IDENTITY_PAGE = "complaints.complainant"
"""The page whose every reading goes on record."""


@case_part(ASIDE)
def how_it_came_in(case: Case) -> str:
    """The section; of a complaint that came by e-mail or from a file it says little, until somebody notes more."""
    known = queries.known(reading(), case.id) if case.has(queries.INTAKE) else None
    looks_after = queries.looks_after(reading(), case.channel) if case.has(queries.LOOKED_AFTER) else None
    if known is None:
        return _little(case, looks_after) if looks_after or may("complaints.handle") else ""
    return render_template(
        "complaints/intake/_known.html",
        known=known,
        reference=case.reference,
        looks_after=_names().get(looks_after) if looks_after else "",
        preferences=PREFERENCE_TITLES,
        lines=[
            (_("Order or contract"), known.order_reference),
            (_("Batch or serial number"), known.batch),
            (_("Customer group"), known.segment),
            (_("Received by"), known.recipient),
            (_("Unit"), known.unit),
            (_("Department concerned"), known.department),
            (_("Passed on by"), known.referred_by),
        ],
        personal=[
            (_("Representative"), known.representative),
            (_("May act because"), known.authority),
            (_("Contact person"), known.contact_person),
            (_("Needs"), known.accessibility),
        ],
        has_personal=any(getattr(known, name) for name in queries.PERSONAL),
        shows_personal=request.endpoint == IDENTITY_PAGE,
    )


def _little(case: Case, looks_after: int | None) -> str:
    """For a complaint of which nothing else is known."""
    name = _names().get(looks_after, "") if looks_after else ""
    return render_template("complaints/intake/_channel.html", looks_after=name, reference=case.reference)


def _names() -> dict[int, str]:
    names: dict[int, str] = current_app.extensions["auditkit.directory"].names()
    return names
