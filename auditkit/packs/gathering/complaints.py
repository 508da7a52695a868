"""What packs take from the register of complaints: the extract of a period, without who complained (7.2, 8.1)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from auditkit.base.text import _
from auditkit.complaints import queries
from auditkit.complaints.queries import ExportRow, Sort, Wanted
from auditkit.complaints.rules import (
    CATEGORY_TITLES,
    CHANNEL_TITLES,
    GROUND_TITLES,
    KIND_TITLES,
    OUTCOME_TITLES,
    SEVERITY_TITLES,
    STAGE_TITLES,
)
from auditkit.documents.tables import Column, Sheet
from auditkit.packs.gathering.found import Register, Scope, day
from auditkit.web.languages import day_there


def newest(scope: Scope) -> datetime | None:
    """When one of the complaints received in the period last changed."""
    return queries.newest_change(scope.tx, scope.start, scope.end)


def register(scope: Scope) -> Register | str:
    """The complaints received in the period as a table, or why there is none.

    Left out: who complained, and every free text, because people write names into those.
    """
    counts = queries.period_counts(scope.tx, scope.start, scope.end)
    if not counts.received:
        return _("No complaint was received from %(start)s to %(end)s", start=day(scope.start), end=day(scope.end))
    columns = [
        Column(_("Reference"), 16),
        Column(_("Kind"), 14),
        Column(_("Received on"), 12),
        Column(_("Channel"), 16),
        Column(_("Category"), 28),
        Column(_("Severity"), 12),
        Column(_("Product"), 24),
        Column(_("Site"), 20),
        Column(_("Stage"), 18),
        Column(_("Acknowledged"), 18),
        Column(_("Decided"), 18),
        Column(_("Outcome"), 18),
        Column(_("Closed on"), 18),
        Column(_("Ground of closing"), 28),
        Column(_("Status in the source"), 20),
        Column(_("Remark"), 34),
    ]
    wanted = Wanted(received_from=scope.start, received_to=scope.end, sort=Sort.OLDEST)

    def sheets() -> Iterator[Sheet]:
        yield Sheet(_("Complaints"), columns, map(_row, queries.register_export(scope.tx, wanted)))

    return Register(_("Complaints"), sheets, counts.received, newest(scope))


def _row(one: ExportRow) -> tuple[str | date | None, ...]:
    remark = ""
    if one.closed_date_unknown:
        remark = _("Closed; the source does not say when")
    elif one.closes_before_received:
        remark = _("The source has it closed before it was received")
    return (
        one.reference,
        _title(KIND_TITLES, one.kind),
        day_there(one.received_at),
        _title(CHANNEL_TITLES, one.channel),
        _title(CATEGORY_TITLES, one.category),
        _title(SEVERITY_TITLES, one.severity),
        one.product,
        one.site,
        _title(STAGE_TITLES, one.stage),
        one.acknowledged_at,
        one.decided_at,
        _title(OUTCOME_TITLES, one.outcome),
        day_there(one.closed_at) if one.closed_at and one.closed_is_day else one.closed_at,
        _title(GROUND_TITLES, one.closing_ground),
        one.source_status,
        remark,
    )


def _title(titles: Mapping[Any, str], word: str) -> str:
    return _(titles[word]) if word in titles else word
