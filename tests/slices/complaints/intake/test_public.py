"""The public form and the complainant's own page."""

import re

import pytest

from auditkit.base.db import reading, transaction
from auditkit.base.errors import NotFound
from auditkit.complaints.intake import queries, service
from auditkit.complaints.intake.models import ComplaintTracking
from auditkit.complaints.service import Identity
from auditkit.journal import queries as journal
from tests.factories.refusals import refuses


def send(house, clock, **more):
    command = service.Receive("Parcel lost", "It never came", Identity(name="Zoë", email="z@c.example"), **more)
    with transaction(house.public) as tx:
        return service.receive(tx, command, clock.at, house.public)


def test_a_stranger_complains_and_reads_how_it_stands(acme, browser):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    page = stranger.post_form({"subject": "Parcel lost"})
    assert "Tell us what happened" in page.text
    page = stranger.post_form({"subject": "Parcel <i>lost</i>", "description": "It never came", "name": "Zoë"})
    reference = re.search(r"C-\d{4}-\d{6}", page.text)[0]
    assert "Parcel <i>lost</i>" in page.text
    assert page.path.startswith(f"/p/acme/complaints/{reference}/")

    handler = browser(acme, "complaint-handler")
    handler.get(f"/o/acme/complaints/{reference}")
    handler.post_form(action="/acknowledge")
    handler.post_form(
        {"outcome": "upheld", "decision": "The carrier lost it.", "remedy": "Sent again"}, action="/decide"
    )

    page = stranger.get(page.path)
    assert "The carrier lost it." in page.text
    assert "Sent again" in page.text
    assert "of acme" not in page.text, "nobody's name from inside"


def test_a_wrong_secret_says_no_more_than_a_wrong_reference(acme, globex, clock):
    received = send(acme, clock)
    tx = reading(acme.public)
    assert queries.tracked(tx, received.reference, received.secret).subject == "Parcel lost"
    for reference, secret in ((received.reference, "x"), ("C-2026-999999", received.secret), ("", "")):
        with pytest.raises(NotFound):
            queries.tracked(tx, reference, secret)
    with pytest.raises(NotFound):
        queries.tracked(reading(globex.public), received.reference, received.secret)


def test_the_secret_is_not_kept(acme, clock):
    received = send(acme, clock)
    kept = reading(acme.system).get(ComplaintTracking, 1)
    assert received.secret not in kept.secret_digest
    assert len(kept.secret_digest) == 64


def test_it_is_journalled_as_the_publics(acme, clock):
    received = send(acme, clock)
    (entry,) = journal.timeline(reading(acme.system), acme.id, ("complaint", received.id))
    assert (entry.event, entry.role, entry.actor_id) == ("complaint:received", "public", None)
    assert "Zoë" not in str(entry.facts)


def test_the_complaint_tracking_table_refuses_a_secret_in_plain(acme, clock):
    values = {"organisation_id": acme.id, "complaint_id": send(acme, clock).id + 1, "secret_digest": "plain"}
    refuses(ComplaintTracking.__table__, "tracking_secret_is_sha256", values)


def test_no_organisation_no_form(app, browser):
    browser().get("/p/nobody/complaints/new", status=404)
