"""The page that replays the promises of a period under another policy. It changes nothing."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from auditkit.accounts.queries import members_with
from auditkit.base import clock
from auditkit.base.calendar import kept
from auditkit.base.charts import Bar, Bars
from auditkit.base.db import Session, reading
from auditkit.base.errors import NotFound
from auditkit.base.text import N_, _
from auditkit.complaints.clock.forms import UNIT_TITLES
from auditkit.complaints.clock.knowing import country_of
from auditkit.complaints.clock.rules import TARGET_TITLES, Target, weekday_title
from auditkit.complaints.rules import KIND_TITLES, LEVEL_TITLES, SEVERITY_TITLES
from auditkit.complaints.survey.rules import Share as Part
from auditkit.insights import asking
from auditkit.insights.asking import Choice
from auditkit.insights.charts import asked as file_asked
from auditkit.insights.rules import Selection
from auditkit.insights.statistics.shown import source_of
from auditkit.insights.statistics.views import chosen
from auditkit.insights.whatif import queries
from auditkit.insights.whatif.asking import AS_NOW, NONE, UNITS, Asked, asked, further
from auditkit.insights.whatif.rules import Line, Replay, Which, behind, replay
from auditkit.web.access import access

bp = Blueprint("whatif", __name__, url_prefix="/insights/what-if", template_folder="templates")

LISTED = 100
OF_A_NUMBER = ("target", "framework", "which", "start", "chart", "as")
"""The words of an address that belong to one number, or to a file, not to the policy asked for."""
WHICH_TITLES = {
    Which.ALL: N_("Promises replayed"),
    Which.WAS: N_("Missed as it was"),
    Which.WOULD: N_("Would be missed"),
    Which.NEWLY_MISSED: N_("Newly missed"),
    Which.NEWLY_KEPT: N_("Newly kept"),
}


@bp.get("/")
@access("complaints.read")
def index() -> str | Response:
    """Ask for another policy and see which promises would have been missed."""
    tx, now = reading(), clock.now()
    selection, _today = chosen()
    settings, priorities, narrowed, wanted = _wanted(tx, now)
    recorded = queries.recorded(tx, selection, now, narrowed)
    found = replay(recorded.promises, wanted.policy, recorded.calendars, now)
    chart = _chart(selection, found)
    return file_asked([chart]) or render_template(
        "whatif/index.html", selection=selection, wanted=wanted, found=found, recorded=recorded, chart=chart,
        settings=settings, listed=LISTED, parts=_parts(selection, narrowed, priorities),
        share=Part(found.would, found.promises), opens=_opens, Which=Which, narrowed=_is_narrowed(selection, narrowed),
        priority_choices=[(one, one) for one in wanted.priorities], **_choices(),
    )  # fmt: skip


@bp.get("/promises")
@access("complaints.read")
def promises() -> str | AnyResponse:
    """The promises behind one number of the replay; without a number there is the replay itself."""
    if "target" not in request.args:
        return redirect(url_for(".index", **_policy_address()))
    tx, now = reading(), clock.now()
    selection, _today = chosen()
    target, framework, which, start = _number()
    _settings, _priorities, narrowed, wanted = _wanted(tx, now)
    recorded = queries.recorded(tx, selection, now, narrowed)
    found = behind(recorded.promises, wanted.policy, recorded.calendars, now, (target, framework), which)
    return render_template(
        "whatif/promises.html", title=_(WHICH_TITLES[which]), found=found, recorded=recorded, target=target,
        start=start, listed=LISTED, back=url_for(".index", **_policy_address()), page_url=_page_url,
        targets={one: _(title) for one, title in TARGET_TITLES.items()},
    )  # fmt: skip


def _wanted(tx: Session, now: datetime) -> tuple[kept.Settings, list[str], queries.Further, Asked]:
    """What the address asks for: settings as they are, priorities known, what is replayed, the other policy."""
    settings, priorities = kept.settings_of(tx, country_of(tx)), queries.priorities(tx)
    wanted = asked(request.args, queries.in_force(tx, now), settings, priorities)
    return settings, priorities, further(request.args), wanted


def _number() -> tuple[Target, str, Which, int]:
    """The number that the address opens: target, framework, which, the first of the page. Raises NotFound."""
    target, which = request.args.get("target", ""), request.args.get("which", "")
    start = request.args.get("start", "0")
    known = target in list(Target) and which in list(Which)
    if not known or not (start.isascii() and start.isdigit() and len(start) < 7):
        raise NotFound()
    return Target(target), request.args.get("framework", ""), Which(which), int(start)


def _policy_address() -> dict[str, Any]:
    """What the address asks for, without the number that it opens."""
    return {name: request.args.getlist(name) for name in request.args if name not in OF_A_NUMBER}


def _opens(line: Line, which: Which) -> str:
    number: dict[str, Any] = {"target": line.target.value, "framework": line.set_title, "which": which.value}
    return url_for(".promises", **_policy_address(), **number)


def _page_url(start: int) -> str:
    address: dict[str, Any] = {**request.args.to_dict(flat=False), "start": [str(start)]}
    return url_for(".promises", **address)


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
    return Bars(
        name="what-if",
        title=_("Promises missed"),
        measure=_("Promises missed"),
        of=_("What was promised"),
        formula=_("Due dates whose time began in the period, counted again; missed: done later, or not done by now"),
        source=source_of(selection, found.promises, clock.now()),
        bars=[bar for line in found.lines if line.was or line.would for bar in _pair(line)],
    )


def _pair(line: Line) -> tuple[Bar, Bar]:
    """What was missed beside what would have been; the word that parts them first, for long names are cut."""
    target = _(TARGET_TITLES[line.target])
    return (
        Bar(_("Was: %(target)s", target=target), (float(line.was),), _opens(line, Which.WAS) if line.was else ""),
        Bar(
            _("Would be: %(target)s", target=target),
            (float(line.would),),
            _opens(line, Which.WOULD) if line.would else "",
        ),
    )
