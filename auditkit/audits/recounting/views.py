"""The page of reported figures that are counted again."""

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from auditkit.audits import queries
from auditkit.audits.machinetest.rules import EDITION
from auditkit.audits.queries.plans import AuditHead
from auditkit.audits.recounting import queries as recounts
from auditkit.audits.recounting.forms import RecountForm
from auditkit.audits.recounting.queries import RecountView
from auditkit.audits.recounting.rules import SUBJECT, WANTED
from auditkit.audits.recounting.service import Recount, recount
from auditkit.audits.rules import Grade, Origin, State
from auditkit.audits.samples import words
from auditkit.audits.samples.tabs import sample_page
from auditkit.audits.views.blueprint import names
from auditkit.base.db import reading
from auditkit.base.text import N_, _
from auditkit.complaints.checking.vocabulary import ABOUT, UNIT_TITLES, Indicator, Unit
from auditkit.content.shapes import Indicator as Preset
from auditkit.evidence import subjects
from auditkit.library.here import library
from auditkit.web.access import access
from auditkit.web.acting import done

bp = Blueprint("audits_recounting", __name__, url_prefix="/audits", template_folder="templates")

CLAUSE = f"{EDITION}:8.4"


@bp.get("/<number>/figures")
@access("audits.read")
def index(number: str) -> str:
    """The figures counted again in an audit, and the form that counts one."""
    return _page(queries.plans.by_number(reading(), number))


def _page(head: AuditHead, form: RecountForm | None = None) -> str:
    month = head.planned_from.replace(day=1)
    before = month - timedelta(days=1)
    offered = {"covers_from": date(before.year, before.month, 1), "covers_to": before}
    return render_template(
        "audits_recounting/index.html",
        head=head,
        recounts=recounts.recounts(reading(), head.id),
        form=form or RecountForm(formdata=None, data=offered),
        wanted=WANTED,
        presets=library().indicators,  # their pitfalls stand beside the figures
        names=names(),
        finding_url=lambda one: finding_url(head, one),
        by_hand=_by_hand(),
        ABOUT=ABOUT,
        UNITS=UNIT_TITLES,
        State=State,
    )


def _by_hand() -> list[Preset]:
    """The indicators of the library that the register alone does not give, by their number."""
    counted = {about.preset for about in ABOUT.values()}
    return sorted((one for one in library().indicators.values() if one.id not in counted), key=lambda one: one.number)


@bp.post("/<number>/figures")
@access("audits.run")
def count(number: str) -> str | Response:
    """Count a reported figure again."""
    form = RecountForm()
    if did := done(
        form,
        recount,
        lambda: Recount(
            number,
            Indicator(form.indicator.data),
            form.covers_from.data,
            form.covers_to.data,
            form.reported.data or "",
            form.source.data or "",
        ),
    ):
        return redirect(url_for(".index", number=number, _anchor=f"figure-{did.gave}"))
    return _page(queries.plans.by_number(reading(), number), form)


def finding_url(head: AuditHead, one: RecountView) -> str:
    """The form of a finding, filled in from a figure that does not agree: the second tap raises it."""
    about = ABOUT[one.indicator]
    said = {
        "title": _(about.title),
        "reported": one.reported,
        "source": one.source,
        "start": one.covers_from.isoformat(),
        "end": one.covers_to.isoformat(),
        "found": f"{one.found:.4f}" if about.unit is not Unit.COUNT and one.found is not None else one.found,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "file": one.record.shown_name,
        "digest": one.record.digest,
    }
    return url_for(
        "audits.new_finding",
        number=head.number,
        origin=Origin.POPULATION.value,
        origin_id=one.id,
        origin_text=_(about.title),
        grade=Grade.MINOR.value,
        statement=_("A reported figure does not follow from the records: %(title)s", **said),
        evidence=_(
            "Reported %(reported)s (%(source)s) for %(start)s to %(end)s; counted again %(found)s "
            "(%(numerator)s of %(denominator)s). Each case in %(file)s, SHA-256 %(digest)s",
            **said,
        ),
        **words.criterion(head, CLAUSE),
    )


def _address(recount_id: int) -> str:
    number, serial = recounts.place(reading(), recount_id)
    return url_for("audits_recounting.index", number=number, _anchor=f"figure-{serial}")


subjects.declare(SUBJECT, N_("Recount of a figure"), _address)
sample_page(40, N_("Reported figures"), "audits_recounting.index")
