"""The page that replays the promises of a period under another policy. It changes nothing."""

from flask import Blueprint, Response, render_template, request

from auditkit.accounts.queries import members_with
from auditkit.base import clock
from auditkit.base.calendar import kept
from auditkit.base.charts import Bar, Bars
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.complaints.clock.forms import UNIT_TITLES
from auditkit.complaints.clock.knowing import country_of
from auditkit.complaints.clock.rules import TARGET_TITLES, weekday_title
from auditkit.complaints.rules import KIND_TITLES, LEVEL_TITLES, SEVERITY_TITLES
from auditkit.complaints.survey.rules import Share as Part
from auditkit.insights import asking
from auditkit.insights.asking import Choice
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.rules import Selection
from auditkit.insights.statistics.shown import source_of
from auditkit.insights.statistics.views import chosen
from auditkit.insights.whatif import queries
from auditkit.insights.whatif.asking import AS_NOW, NONE, UNITS, asked, further
from auditkit.insights.whatif.rules import Replay, replay
from auditkit.web.access import access

bp = Blueprint("whatif", __name__, url_prefix="/insights/what-if", template_folder="templates")

LISTED = 100


@bp.get("/")
@access("complaints.read")
def index() -> str | Response:
    """Ask for another policy and see which promises would have been missed."""
    tx, now = reading(), clock.now()
    selection, _today = chosen()
    settings = kept.settings_of(tx, country_of(tx))
    priorities, narrowed = queries.priorities(tx), further(request.args)
    wanted = asked(request.args, queries.in_force(tx, now), settings, priorities)
    recorded = queries.recorded(tx, selection, now, narrowed)
    found = replay(recorded.promises, wanted.policy, recorded.calendars, now)
    chart = _chart(selection, found)
    return file_asked([chart]) or render_template(
        "whatif/index.html", selection=selection, wanted=wanted, found=found, recorded=recorded, chart=chart,
        settings=settings, listed=LISTED, parts=_parts(selection, narrowed, priorities),
        share=Part(found.would, found.promises), narrowed=_is_narrowed(selection, narrowed),
        priority_choices=[(one, one) for one in wanted.priorities], **_choices(),
    )  # fmt: skip


def _parts(selection: Selection, narrowed: queries.Further, priorities: list[str]) -> list[Choice]:
    """What of the register is replayed: the filters that the register has."""
    tx = reading()
    owners = [("0", _("Nobody")), *((str(one.person_id), one.name) for one in members_with(tx, "complaints.handle"))]
    levels = [(str(number), _(title)) for number, title in enumerate(LEVEL_TITLES)]
    kind = selection.kinds[0] if len(selection.kinds) == 1 else ""
    return [
        Choice("kind", _("Kind"), [(one.value, _(title)) for one, title in KIND_TITLES.items()], kind),
        *asking.filter_of(tx, selection).choices,
        Choice("priority", _("Priority"), [(one, one) for one in priorities], narrowed.priority),
        Choice("owner", _("Owner"), owners, _text(narrowed.owner)),
        Choice("level", _("Level"), levels, _text(narrowed.level)),
    ]


def _is_narrowed(selection: Selection, narrowed: queries.Further) -> bool:
    return selection.narrowed or narrowed != queries.Further()


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _choices() -> dict[str, object]:
    return {
        "units": [(key, _(UNIT_TITLES[unit])) for key, unit in UNITS.items()],
        "severities": [(word.value, _(title)) for word, title in SEVERITY_TITLES.items()],
        "weekdays": [(day, weekday_title(day)) for day in range(1, 8)],
        "holidays": [(AS_NOW, _("As now")), (NONE, _("Public holidays are worked"))],
        "targets": {target: _(title) for target, title in TARGET_TITLES.items()},
    }


def _chart(selection: Selection, found: Replay) -> Bars:
    def bars(kept: bool) -> str:
        return _("as it was") if kept else _("under the changed policy")

    return Bars(
        name="what-if",
        title=_("Promises missed"),
        measure=_("Promises missed"),
        of=_("What was promised"),
        formula=_("Due dates whose time began in the period, counted again; missed: done later, or not done by now"),
        source=source_of(selection, found.promises, clock.now()),
        bars=[
            Bar(f"{_(TARGET_TITLES[line.target])}, {bars(first)}", (float(line.was if first else line.would),))
            for line in found.lines
            for first in (True, False)
        ],
    )
