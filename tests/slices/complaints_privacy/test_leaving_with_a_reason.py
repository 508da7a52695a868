"""Who complained leaves the house with what it is needed for: on record, and on the case."""

import pytest

from auditkit.api import service as api
from auditkit.api.rules import PurposeMissing, Scope
from auditkit.base.db import reading, transaction
from auditkit.complaints.exporting import service as exporting
from auditkit.complaints.privacy.rules import ReasonMissing
from auditkit.journal.queries import timeline
from tests.slices.complaints_privacy import filling

NAME = "Quillfeather"


@pytest.fixture
def case(acme, clock):
    return filling.registered(acme.actor("quality-manager"), filling.identity(NAME), NAME)


def test_no_whole_file_without_a_reason(acme, clock, case):
    number, _reference = case
    manager = acme.actor("quality-manager")
    with pytest.raises(ReasonMissing), transaction(manager) as tx:
        exporting.export(tx, exporting.Export(number, "whole", "zip", reason="  "), clock.at, manager)
    with transaction(manager) as tx:
        exporting.export(tx, exporting.Export(number, "redacted", "zip"), clock.at, manager)
        exporting.export(tx, exporting.Export(number, "whole", "zip", reason="For the court"), clock.at, manager)
    told = timeline(reading(acme.system), acme.id, ("complaint", number))
    read = [one for one in told if one.event == "complaint:identity-read"]
    assert [(one.facts, one.personal) for one in read] == [({"by": "case-file"}, {"reason": "For the court"})]


@pytest.mark.sqlite_only
def test_the_copy_for_the_person_says_for_what(acme, browser, case):
    _number, reference = case
    visitor = browser(acme, "quality-manager")
    visitor.get(f"/o/acme/complaints/privacy/case/{reference}")
    visitor.follow("A request for a copy or for erasure")
    page = visitor.post_form({"kind": "access"}, action="/new")
    action = page.form("/zip")["action"]
    assert visitor.post(action, {"reason": ""}).path == page.path
    assert "Give the reason; it goes on record" in visitor.page.text
    visitor.post(action, {"reason": "Her letter of May"}, unchecked="a ZIP")
    for address in (f"/o/acme/complaints/privacy/case/{reference}", f"/o/acme/complaints/{reference}"):
        text = visitor.get(address).text
        assert "A copy was made for the person" in text
        assert "Her letter of May" in text


def test_a_token_says_what_it_is_for(acme, clock):
    manager = acme.actor("quality-manager")
    with pytest.raises(PurposeMissing), transaction(manager) as tx:
        api.make_token(tx, api.MakeToken(" ", [Scope.IDENTITY.value], 30), clock.at, manager)
    with transaction(manager) as tx:
        api.make_token(tx, api.MakeToken("Letters of the year", [Scope.IDENTITY.value], 30), clock.at, manager)
    [made] = timeline(reading(acme.system), acme.id, ("api-token", 1))
    assert made.personal == {"purpose": "Letters of the year"}
