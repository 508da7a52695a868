"""The journal's page calls what complaints leave entries about by a name, never by the word it is stored under."""

import pytest

from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.complaints import service
from auditkit.complaints.assigning.service import ABSENCE_KIND, SUBJECT_KIND
from auditkit.complaints.correspondence.taking import MAIL_KIND
from auditkit.complaints.service import practising
from auditkit.journal.views import SUBJECTS


@pytest.mark.parametrize(
    "kind", [practising.SUBJECT_KIND, SUBJECT_KIND, ABSENCE_KIND, MAIL_KIND, "register-filter", "register"]
)
def test_every_subject_of_ours_has_a_title(kind):
    assert SUBJECTS[kind] != kind


def test_settings_of_handling_are_told_by_name(acme, browser):
    manager = acme.actor("quality-manager")
    with transaction(manager) as tx:
        service.set_practice(tx, service.SetPractice("EUR", "", 7, 30), clock.now(), manager)
    page = browser(acme, "quality-manager").get("/o/acme/journal/")
    assert "Settings of complaint handling" in page.text
    assert "complaint-practice" not in page.soup.find("main").get_text()
