"""Where the records that documents are drawn from are found: documents lie below all of them."""

import re
from typing import cast

from flask import Flask, url_for
from flask.blueprints import BlueprintSetupState

from auditkit.base.db import Session
from auditkit.documents.contexts.records import Kind
from auditkit.documents.own import leading
from auditkit.documents.own.leading import Leads
from auditkit.library.here import here
from auditkit.policies import queries as policies

_REFERENCE = re.compile(r"[^\s,،]*")


def make_known(setup: BlueprintSetupState) -> None:
    """Tell the documents of an application where records have their pages."""
    app = cast("Flask", setup.app)
    for kind, leads in _PAGES.items():
        leading.register(app, kind, leads)


def _entry(_tx: Session, number: str) -> str | None:
    """Entries are numbered by the series of their register."""
    register = _in_series(number.rpartition("-")[0])
    return url_for("registers.show", register=register, number=number) if register else None


def _register(_tx: Session, series: str) -> str | None:
    register = _in_series(series)
    return url_for("registers.entries", register=register) if register else None


def _in_series(series: str) -> str | None:
    return next((one.id for one in here().library.registers.values() if one.series == series), None)


def _document(tx: Session, reference: str) -> str | None:
    """By its reference, which a version may follow: `POL-01, version 2`."""
    found = _REFERENCE.match(reference)
    policy_id = policies.by_reference(tx, found.group()) if found else None
    return url_for("policies.show", policy_id=policy_id) if policy_id is not None else None


_PAGES = {
    Kind.ACTION: Leads("actions.read", lambda _tx, number: url_for("actions.show", number=number)),
    Kind.AUDIT: Leads("audits.read", lambda _tx, number: url_for("audits.show", number=number)),
    Kind.COMPLAINT: Leads("complaints.read", lambda _tx, reference: url_for("complaints.show", reference=reference)),
    Kind.DOCUMENT: Leads("policies.read", _document),
    Kind.ENTRY: Leads("registers.read", _entry),
    Kind.FINDING: Leads("audits.read", lambda _tx, number: url_for("audits.finding", number=number)),
    Kind.REGISTER: Leads("registers.read", _register),
    Kind.REVIEW: Leads("reviews.read", lambda _tx, number: url_for("reviews.show", number=number)),
}
