"""The clause matrix as a page and as a workbook, and what a first stage would stop at."""

from typing import Any

from flask import Response, render_template, request

from auditkit.base import clock
from auditkit.base.db import reading
from auditkit.base.text import _
from auditkit.evidence.names import content_disposition, download_name
from auditkit.library.here import library
from auditkit.readiness import exporting, queries
from auditkit.readiness.queries import band_of
from auditkit.readiness.rules import Matrix, State
from auditkit.readiness.views.blueprint import (
    address,
    bp,
    counted,
    edition_asked,
    part_title,
    period_asked,
    probes_of,
    said,
    words,
)
from auditkit.readiness.visits.queries import percents
from auditkit.readiness.visits.trend import said as said_since
from auditkit.web.access import access
from auditkit.web.languages import direction

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def made_now() -> Matrix:
    """The matrix that the address asks for, from the records as they are."""
    return queries.matrix(reading(), library(), edition_asked(), period_asked(), clock.now())


@bp.get("/")
@access("readiness.read")
def index() -> str:
    """The matrix."""
    made = made_now()
    wanted = request.args.get("state", "")
    return render_template(
        "readiness/matrix.html",
        made=made,
        rows=[row for row in made.rows if wanted in ("", row.state.value)],
        wanted=wanted,
        editions=[(one.id, one.name) for one in queries.editions(library())],
        edition=library().edition(made.edition),
        **standing(made),
        **_since(made),
    )


def _since(made: Matrix) -> dict[str, Any]:
    """The number at each visit and now, and how it differs from the last one; nothing before the first visit."""
    before = percents(reading(), made.edition)
    return {
        "percents": (*before, made.score.percent) if before else (),
        "since_said": said_since(made.score.percent - before[-1]) if before else "",
    }


def standing(made: Matrix) -> dict[str, Any]:
    """The number with its words and its formula, and what a first stage would stop at."""
    probes = probes_of(made)
    band = band_of(probes, made)
    return {
        "probes": probes,
        "band": next(one for one in probes.bands if one.id == band),
        "stops": [one for one in made.stops if one.state is State.GAP],
        "stop_texts": {one.id: one for one in probes.stops},
        "counts": made.counts(),
        "months": len(made.period.months),
        "period_only": address(made.period),
        "asked": {"edition": made.edition, **address(made.period)},
        **words(),
    }


@bp.get("/stops")
@access("readiness.read")
def stops() -> str:
    """What a first stage would stop at, worst first, and what it would not."""
    made = made_now()
    return render_template(
        "readiness/stops.html",
        made=made,
        edition=library().edition(made.edition),
        numbers={row.ref: row.number for row in made.rows},
        titles={one.id: one.title for one in probes_of(made).probes},
        **standing(made),
    )


@bp.get("/matrix.xlsx")
@access("readiness.read")
def workbook() -> Response:
    """The matrix, every part of its cells and every exception by name as a workbook."""
    now = clock.now()
    made, behind = queries.with_exceptions(reading(), library(), edition_asked(), period_asked(), now)
    probes = probes_of(made)
    content = exporting.write(
        made, behind, said=said, counted=counted, title_of=lambda part: part_title(part, probes), now=now,
        right_to_left=direction() == "rtl",
    )  # fmt: skip
    response = Response(content, mimetype=XLSX)
    named = download_name(f"{_('Clause matrix')} {made.edition} {made.period.last.isoformat()}.xlsx", (".xlsx",))
    response.headers["Content-Disposition"] = content_disposition(named)
    return response
