"""The tables of the public side refuse what cannot be."""

import pytest

from auditkit.base.db import reading
from auditkit.complaints.intake.models import (
    ComplaintChannel,
    ComplaintIntake,
    ComplaintReceipt,
    ComplaintTracking,
    ReferencePattern,
)
from auditkit.complaints.models import Complaint
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import registered

INTAKE = {
    **dict.fromkeys(
        ("order_reference", "batch", "representative", "authority", "contact_person", "accessibility", "segment"), ""
    ),
    **dict.fromkeys(("recipient", "unit", "referred_by", "department", "preference"), ""),
    **dict.fromkeys(("anonymous", "may_share", "recurrent"), False),
    "source": "staff",
    "language": "en",
}


@pytest.fixture
def complaint_id(acme, clock):
    registered(acme.actor("complaint-handler"))
    return reading(acme.system).query(Complaint.id).scalar()


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("source_known", {"source": "moon"}),
        ("preference_known", {"preference": "pigeon"}),
        ("representative_has_authority", {"representative": "Her son"}),
        ("public_consented", {"source": "public"}),
        ("anonymous_has_page_only", {"anonymous": True, "preference": "phone"}),
    ],
)
def test_complaint_intake_refuses(acme, complaint_id, constraint, wrong):
    values = {**INTAKE, "organisation_id": acme.id, "complaint_id": complaint_id}
    refuses(ComplaintIntake.__table__, constraint, {**values, **wrong})
    accepts(ComplaintIntake.__table__, values)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("digests_are_sha256", {"form_digest": "short"}),
        ("digests_are_sha256", {"content_digest": "short"}),
        ("signature_is_ed25519", {"signature": b"short"}),
    ],
)
def test_complaint_receipt_refuses(acme, clock, complaint_id, constraint, wrong):
    values = {
        "organisation_id": acme.id,
        "complaint_id": complaint_id,
        "form_digest": "0" * 64,
        "content": "{}",
        "content_digest": "0" * 64,
        "document": "{}",
        "signature": b"s" * 64,
        "made_at": clock.at,
    }
    refuses(ComplaintReceipt.__table__, constraint, {**values, **wrong})
    accepts(ComplaintReceipt.__table__, values)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [("name_given", {"name": ""}), ("opening_known", {"opening": "closed"}), ("kind_known", {"kind": "hymn"})],
)
def test_complaint_channel_refuses(acme, constraint, wrong):
    values = {
        "organisation_id": acme.id,
        "name": "Kiosk",
        "address": "",
        "opening": "received",
        "public": True,
        "in_use": True,
        "position": 1,
    }
    refuses(ComplaintChannel.__table__, constraint, {**values, **wrong})
    accepts(ComplaintChannel.__table__, values)


def test_reference_pattern_refuses_none(acme, clock):
    values = {"organisation_id": acme.id, "pattern": "", "since": clock.at}
    refuses(ReferencePattern.__table__, "pattern_given", values)


def test_complaint_tracking_refuses_a_secret_in_plain(acme, complaint_id):
    values = {"organisation_id": acme.id, "complaint_id": complaint_id, "secret_digest": "plain"}
    refuses(ComplaintTracking.__table__, "tracking_secret_is_sha256", values)
