"""What packs take from management reviews: the minutes of those signed, and whether there was one (8.6)."""

from auditkit.base.text import _
from auditkit.packs.gathering.found import Document, Missing, Scope, day
from auditkit.reviews import queries
from auditkit.reviews.queries import Head


def _held(scope: Scope) -> list[Head]:
    """The reviews whose day is in the period, by number."""
    return scope.once("reviews", lambda: queries.on_days(scope.tx, scope.start, scope.end))


def minutes_documents(scope: Scope) -> list[Document] | str:
    """The minutes of each signed review of the period, or why there are none."""
    found = _held(scope)
    if not found:
        return _no_review(scope)
    signed = [(head, head.signed_at) for head in found if head.signed_at is not None]
    if not signed:
        numbers = ", ".join(head.number for head in found)
        return _("No management review of the period is signed yet (%(numbers)s)", numbers=numbers)
    from auditkit.reviews import (
        document,
    )  # with figures, charts and their words, which nobody else needs (decision 0007)

    return [
        Document(
            f"{_('Minutes of management review')} {head.number}",
            document.minutes(scope.tx, head.number, scope.organisation.name, at),
            at,
            suffix=head.number,
        )
        for head, at in signed
    ]


def _no_review(scope: Scope) -> str:
    return _(
        "No management review was held or planned from %(start)s to %(end)s",
        start=day(scope.start),
        end=day(scope.end),
    )


def not_signed(scope: Scope) -> list[Missing]:
    """That no review was held, or each one that is not signed."""
    found = _held(scope)
    if not found:
        return [Missing(_("Management review"), _no_review(scope))]
    return [
        Missing(_("Minutes of management review %(number)s", number=head.number), _("They are not signed"))
        for head in found
        if head.signed_at is None
    ]
