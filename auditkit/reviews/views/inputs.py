"""One frozen input: its figures and records, its bytes, and what it would say if it were computed now."""

from flask import Response, render_template, request

from auditkit.base.db import reading
from auditkit.base.errors import NotFound
from auditkit.content.shapes import AgendaInput
from auditkit.evidence.names import content_disposition, download_name
from auditkit.insights.charts import asked as file_asked
from auditkit.library.here import here
from auditkit.reviews import queries, showing
from auditkit.reviews.inputs import computing, content
from auditkit.reviews.queries import FrozenInput, Head
from auditkit.reviews.views.blueprint import bp
from auditkit.web.access import access


def _found(number: str, name: str) -> tuple[Head, FrozenInput]:
    head = queries.by_number(reading(), number)
    kept = queries.inputs(reading(), head.id).get(name)
    if kept is None:
        raise NotFound()
    return head, kept


@bp.get("/<number>/inputs/<name>")
@access("reviews.read")
def input_page(number: str, name: str) -> str | Response:
    """An input as it was frozen; with `again` computed anew for the same period and moment, and compared."""
    head, kept = _found(number, name)
    frozen = content.read(kept.content)
    shown, differences = showing.shown_input(frozen, kept.digest, kept.figures), None
    if request.args.get("again"):
        now = computing.compute(reading(), AgendaInput(name), frozen.span, here().library)
        differences = showing.shown_differences(frozen, now)
    return file_asked(shown.charts) or render_template(
        "reviews/input.html",
        head=head,
        kept=kept,
        frozen=frozen,
        span=frozen.span,
        shown=shown,
        differences=differences,
        intact=content.digest(kept.content.encode()) == kept.digest,
    )


@bp.get("/<number>/inputs/<name>.json")
@access("reviews.read")
def input_file(number: str, name: str) -> Response:
    """The bytes whose digest was kept."""
    head, kept = _found(number, name)
    response = Response(kept.content, mimetype="application/json")
    filename = download_name(f"{head.number} {name}.json", (".json",))
    response.headers["Content-Disposition"] = content_disposition(filename)
    return response
