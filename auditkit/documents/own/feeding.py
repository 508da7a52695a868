"""Which record feeds which paragraph of a document, as a page: asked for, never made while a document is.

    return feeding.page("audit-plan", context, title, back, language="fa")

Checked by tests/slices/documents/test_documents_feeding.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template

from auditkit.base.db import reading
from auditkit.documents import catalogue, render
from auditkit.documents.contexts.records import KIND_TITLES
from auditkit.documents.direction import sided
from auditkit.documents.own import choosing, leading
from auditkit.documents.own.dressing import dressed, logo
from auditkit.documents.own.rules import ORIGIN_TITLES
from auditkit.documents.problems import place_text
from auditkit.documents.sources import Source, source
from auditkit.web.access import may

MOST = 400
"""Paragraphs shown on one page."""


@dataclass(frozen=True)
class Fed:
    """A paragraph, and for each record in it the fields that are shown there; facts of no record stand under None."""

    place: str
    text: str
    records: list[tuple[Source | None, list[str]]]


def page(template_id: str, context: catalogue.Context, title: str, back: str, *, language: str = "en") -> str:
    """The page for a document as it would be made now. Raises TemplateRefused, as making it would."""
    tx, instance = reading(), current_app.extensions["auditkit.settings"].instance
    chosen = choosing.chosen(tx, instance, template_id, language)
    data = dressed(catalogue.data_of(sided(context, chosen.language)), logo(tx))
    lines = render.shared().trace(chosen.entry.file, data, chosen.language)
    shown = [fed(line, type(context), data) for line in lines[:MOST]]
    named = dict.fromkeys(one for line in shown for one, _fields in line.records if one is not None)
    return render_template(
        "documents/sources.html",
        title=title,
        chosen=chosen,
        origins=ORIGIN_TITLES,
        lines=shown,
        left=max(0, len(lines) - MOST),
        addresses={one: leading.address(tx, one, may) for one in named},
        kinds=KIND_TITLES,
        back=back,
    )


def fed(line: render.Line, context: type[catalogue.Context], data: Any) -> Fed:
    """A traced paragraph with the records behind its fields."""
    return Fed(place_text(line.place) or "", line.text, _grouped(line.paths, context, data))


def _grouped(paths: Iterable[str], context: type[Any], data: Any) -> list[tuple[Source | None, list[str]]]:
    groups: dict[Source | None, list[str]] = {}
    for path in dict.fromkeys(paths):
        groups.setdefault(source(path, context, data), []).append(path)
    return list(groups.items())
