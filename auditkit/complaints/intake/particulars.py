"""Noting the particulars of a case: the form, and its page under the case's address."""

from dataclasses import fields
from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import Optional

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Conflict
from auditkit.base.text import _, lazy_
from auditkit.complaints.correspondence.queries import language_of
from auditkit.complaints.intake import queries, rules, service
from auditkit.complaints.intake.rules import PARTICULARS_NOTED, PREFERENCE_TITLES
from auditkit.complaints.queries import Case, by_reference
from auditkit.complaints.views.blueprint import bp
from auditkit.complaints.views.parts import shown_as
from auditkit.web.access import access, current_actor
from auditkit.web.acting import REFUSALS
from auditkit.web.forms import ChoiceField, Form, LineField
from auditkit.web.languages import LANGUAGES

shown_as(PARTICULARS_NOTED, "pencil")


def _line(name: str, label: Any) -> LineField:
    return LineField(label, max_length=rules.LONGEST[name])


class ParticularsForm(Form):
    """What is known beside the register's own fields."""

    version = HiddenField()
    language = ChoiceField(lazy_("Language of the complainant"), render_kw={"translate": "no"})
    preference = ChoiceField(lazy_("How to answer"))
    order_reference = _line("order_reference", lazy_("Number of the order or contract"))
    batch = _line("batch", lazy_("Batch or serial number"))
    purchased_on = DateField(lazy_("Bought on"), [Optional()])
    segment = _line("segment", lazy_("Customer group"))
    unit = _line("unit", lazy_("Unit or site that received it"))
    department = _line("department", lazy_("Department concerned"))
    referred_by = _line("referred_by", lazy_("Who passed it on"))
    recurrent = BooleanField(lazy_("The complainant says that it happened before"))

    def __init__(self, case: Case) -> None:
        tx = reading()
        known = queries.known(tx, case.id)
        names = [one.name for one in fields(service.NoteParticulars) if one.name not in ("reference", "version")]
        shown = {name: getattr(known, name) for name in names} if known else {}
        super().__init__(data={**shown, "version": str(case.version), "language": language_of(tx, case.id)})
        self.language.choices = [("", _("Not known")), *LANGUAGES.items()]
        self.preference.choices = [
            ("", _("Not said")),
            *((str(word), _(title)) for word, title in PREFERENCE_TITLES.items()),
        ]

    def command(self, reference: str) -> service.NoteParticulars:
        """What the verb is told."""
        lines = ("order_reference", "batch", "segment", "unit", "department", "referred_by")
        seen = str(self.version.data or "")
        return service.NoteParticulars(
            reference,
            int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
            self.language.data or "",
            self.preference.data or "",
            bool(self.recurrent.data),
            self.purchased_on.data,
            **{name: self[name].data or "" for name in lines},
        )


@bp.route("/<reference>/particulars", methods=["GET", "POST"])
@access("complaints.handle")
def particulars(reference: str) -> str | Response | tuple[str, int]:
    """Note them."""
    form, status = ParticularsForm(by_reference(reading(), reference)), 200
    if form.validate_on_submit():
        try:
            with transaction(current_actor()) as tx:
                service.note_particulars(tx, form.command(reference), clock.now(), current_actor())
        except REFUSALS as refusal:
            form.refuse_verb(refusal)
            status = 409 if isinstance(refusal, Conflict) else 200
            form.version.data = str(by_reference(reading(), reference).version)
        else:
            flash(_("The particulars are on record."), "good")
            return redirect(url_for(".show", reference=reference, _anchor="intake"))
    return render_template("complaints/intake/particulars.html", form=form, reference=reference), status
