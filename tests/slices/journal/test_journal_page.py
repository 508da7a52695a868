"""The journal's page: entries people can read, filters, paging, the check of the chain."""

import pytest

from auditkit.accounts import service
from auditkit.accounts.rules import Role
from auditkit.base import clock
from auditkit.base.db import transaction
from auditkit.journal.queries import PAGE


def entries(page) -> list[str]:
    return [" ".join(item.get_text(" ").split()) for item in page.soup.select("ol.journal > li")]


def test_entries_say_what_happened_to_whom_by_whom(acme, browser):
    page = browser(acme, "administrator")
    page.get("/o/acme/people/add")
    page.post_form({"email": "nino@acme.example", "name": "Nino", "role": "staff"})
    shown = entries(page.get("/o/acme/journal/"))
    assert "One-time sign-in link made Person" in shown[0]
    assert "administrator of acme" in shown[0]
    assert "Person joined with a role" in shown[1]
    assert "role staff" in shown[1]
    assert "2 values, kept apart from the chain" in shown[1]
    assert "nino@acme.example" not in " ".join(shown), "personal values do not stand in the journal's page"
    assert "Command line or scheduled work" in shown[-1]


def test_entries_are_filtered_by_subject_and_event(acme, browser):
    page = browser(acme, "internal-auditor")
    page.get("/o/acme/journal/?kind=organisation")
    assert len(entries(page.page)) == 1
    assert "Organisation added" in entries(page.page)[0]
    staff = acme.person("staff")
    assert len(entries(page.get(f"/o/acme/journal/?kind=person&id={staff}"))) == 1
    assert entries(page.get("/o/acme/journal/?event=member:removed")) == []
    assert "No entry fits this" in page.page.text
    assert len(entries(page.follow("Show all"))) > 5


def test_a_subject_leads_to_everything_about_it(acme, browser):
    page = browser(acme, "internal-auditor")
    page.get("/o/acme/journal/?kind=organisation")
    page.follow("Organisation 1")
    assert len(entries(page.page)) == 1


def test_a_long_journal_is_paged_and_keeps_its_filter(acme, browser):
    with transaction(acme.system) as tx:
        for number in range(PAGE + 5):
            command = service.AddMember(f"p{number}@acme.example", Role.STAFF)
            service.add_member(tx, command, clock.now(), acme.system)
    page = browser(acme, "internal-auditor")
    first = entries(page.get("/o/acme/journal/?event=member:added"))
    assert len(first) == PAGE
    older = entries(page.follow("Next"))
    assert len(older) == 5 + len(Role), "five more, and the members the organisation began with"
    assert not set(first) & set(older)
    assert entries(page.follow("First")) == first


@pytest.mark.sqlite_only
def test_the_check_says_that_the_chain_holds_or_where_it_breaks(acme, browser, app):
    page = browser(acme, "internal-auditor")
    good = page.get("/o/acme/journal/?check=1")
    assert "The chain holds" in good.text
    assert "entries were checked" in good.text

    from sqlalchemy import text

    with transaction(acme.system) as tx:
        tx.execute(text("DROP TRIGGER journal_entry_no_update"))
        tx.execute(
            text("UPDATE journal_entry SET role = 'staff' WHERE seq = 3 AND organisation_id = :id"), {"id": acme.id}
        )
    bad = page.get("/o/acme/journal/?check=1")
    assert "The chain is broken at entry 3" in bad.text


def test_staff_may_not_read_the_journal(acme, browser):
    browser(acme, "staff").get("/o/acme/journal/", status=403)
