"""Where the records that documents name are found: the slices above make each kind known, with who may see it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app

from auditkit.base.db import Session
from auditkit.documents.contexts.records import Kind
from auditkit.documents.sources import Source

_REGISTRY = "auditkit.document-records"


@dataclass(frozen=True)
class Leads:
    """The way to records of a kind: `to(tx, name)` gives the address of the page, None where there is none."""

    permission: str
    to: Callable[[Session, str], str | None]


def register(app: Flask, kind: Kind, leads: Leads) -> None:
    """Make the pages of a kind of record known to `app`."""
    app.extensions.setdefault(_REGISTRY, {})[kind] = leads


def known() -> dict[Kind, Leads]:
    """Every kind that has pages."""
    found: dict[Kind, Leads] = current_app.extensions.get(_REGISTRY, {})
    return found


def address(tx: Session, source: Source, may: Callable[[str], bool]) -> str | None:
    """The page of a record; None where the kind has none, the record is none of ours, or one may not see it."""
    leads = known().get(source.kind)
    return leads.to(tx, source.name) if leads is not None and may(leads.permission) else None
