"""Telling the whole story of the demo organisation, once."""

from flask import Flask

from auditkit.accounts import queries
from auditkit.base.db import reading
from auditkit.instance.demo import (
    actions,
    audits,
    complaints,
    deadlines,
    documents,
    figures,
    house_style,
    owners,
    procedures,
    public_side,
    readiness,
    registers,
    reports,
    reviews,
    workshop,
)
from auditkit.instance.demo.story import SLUG, begin


def load(app: Flask) -> bool:
    """Add the demo organisation unless it is there; says whether it was added."""
    with app.app_context():
        if any(one.slug == SLUG for one in queries.organisations(reading())):
            return False
        instance = app.extensions["auditkit.settings"].instance
        story = begin(instance)
        documents.tell_policy(story)
        house_style.tell(story)
        deadlines.tell(story)
        complaints.tell(story)
        readiness.visited(story, 100, "First visit")
        first, second = audits.tell(story)
        reports.tell(story, first, second, instance)
        registers.tell_registers(story)
        readiness.visited(story, 40, "Second visit, with the quality manager")
        public_side.tell(story)
        actions.tell(story)
        owners.tell(story)
        procedures.tell(story)
        reviews.tell(story, instance)
        readiness.tell(story)
        documents.tell_pack(story, instance, first)
        workshop.tell(story)
        figures.tell(story)
        return True
