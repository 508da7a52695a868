"""The retention table with the organisation's values, bound to live settings; the list of documents; workbooks."""

import io

import pytest
from python_calamine import CalamineWorkbook

from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.complaints.privacy.models import RetentionRule
from auditkit.content.library import shared as library
from auditkit.papers.building import lists
from auditkit.papers.building.asked import Asked
from auditkit.policies import service
from auditkit.policies.queries import keeping as reads
from auditkit.policies.queries import listing
from auditkit.policies.queries.listing import Mark, Wanted
from auditkit.policies.rules import keeping
from tests.slices.policies.conftest import NOW

BASE = "/o/acme/policies/"


def put(do, house, role="quality-manager", **values) -> int:
    return do(house, lambda *it: service.set_keeping(*it, library=library()), service.SetKeeping(**values), role)


def table(house) -> dict[str, reads.Kept]:
    return {one.record or one.title: one for one in reads.table(reading(house.system), library())}


def book(browser, url) -> list[list[object]]:
    answer = browser._run(browser.client.get, url)
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def test_every_kind_of_record_of_the_library_stands_in_it(acme):
    rows = table(acme)
    assert rows.keys() == library().records.keys()
    assert all(one.period == "" and one.id is None for one in rows.values())


def test_values_of_ones_own_and_rows_of_ones_own(acme, globex, do):
    put(do, acme, record="journal", period="for ever", basis="Own decision", place="Server")
    row = put(do, acme, title="Call recordings", period="90 days")
    rows = table(acme)
    assert (rows["journal"].period, rows["journal"].basis, rows["journal"].place) == (
        "for ever",
        "Own decision",
        "Server",
    )
    assert rows["Call recordings"].period == "90 days"
    put(do, acme, row_id=row, title="Recordings of calls", period="30 days")
    assert "Call recordings" not in table(acme)
    put(do, acme, record="journal", period="ten years")
    assert table(acme)["journal"].period == "ten years"
    do(acme, service.drop_keeping, service.DropKeeping(row))
    assert "Recordings of calls" not in table(acme)
    assert table(globex)["journal"].period == ""


def test_periods_follow_the_live_setting_and_the_facts(acme, do, started):
    started(acme)
    do(acme, service.start, service.Start("procedure-confidentiality-records"))
    do(acme, service.set_fact, service.SetFact("audit_retention", "text", "six years"))
    with transaction(acme.system) as tx:
        tx.add(RetentionRule(months=36, warn_days=30, added_at=NOW))
    rows = table(acme)
    assert (rows["complaint-file"].period, rows["complaint-file"].source) == ("36 months", "complaints.keeping")
    assert rows["audits"].period == "six years"
    with transaction(acme.system) as tx:
        tx.query(RetentionRule).update({"months": 48})
    assert table(acme)["complaint-file"].period == "48 months"
    put(do, acme, record="packs", source="complaints.keeping")
    assert table(acme)["packs"].period == "48 months"


def test_refusals(acme, globex, do):
    with pytest.raises(keeping.RecordTitleMissing):
        put(do, acme, title=" ", period="x")
    with pytest.raises(keeping.PeriodTwice):
        put(do, acme, record="journal", period="x", source="complaints.keeping")
    with pytest.raises(keeping.SourceUnknown):
        put(do, acme, record="journal", source="complaints.time.decide")
    with pytest.raises(NotFound):
        put(do, acme, record="no-such-record", period="x")
    with pytest.raises(Forbidden):
        put(do, acme, "staff", record="journal", period="x")
    row = put(do, acme, title="Own", period="x")
    with pytest.raises(NotFound):
        put(do, globex, row_id=row, title="Own", period="y")
    with pytest.raises(NotFound):
        do(globex, service.drop_keeping, service.DropKeeping(row))


def test_the_pages(acme, browser):
    editor = browser(acme, "quality-manager")
    editor.get(f"{BASE}retention/record/journal")
    page = editor.post_form({"period": "ten years", "basis": "=HYPERLINK(1)"})
    assert "ten years" in page.text
    editor.get(f"{BASE}retention/own")
    page = editor.post_form({"title": "", "period": "x"})
    assert "Enter what the record is called" in page.text
    page = editor.post_form({"title": "Call recordings", "period": "90 days"})
    assert "Call recordings" in page.text
    rows = {row[0]: row for row in book(editor, f"{BASE}retention.xlsx")}
    assert rows["Journal"][2] == "ten years"
    assert rows["Journal"][4] == "=HYPERLINK(1)", "as text, not run"
    assert rows["Call recordings"][2] == "90 days"
    editor.get(f"{BASE}retention/own/1", status=404)
    editor.get(f"{BASE}retention/record/nothing", status=404)
    editor.get(f"{BASE}retention/own/2")
    page = editor.post_form(action="/drop/2")
    assert "Call recordings" not in page.text


def test_the_list_says_what_is_so(acme, browser, do, published):
    policy_id = published(acme)
    do(acme, service.start_blank, service.StartBlank("=cmd()", "procedure"))
    do(acme, service.set_readers, service.SetReaders(policy_id, ("staff",)))
    lines = listing.lines(reading(acme.system), NOW.date())
    marks = {line.policy.reference: set(line.marks) for line in lines}
    assert marks == {"POL-01": {Mark.IN_FORCE, Mark.UNREAD}, "PRO-01": {Mark.NONE}}
    policy, procedure = lines
    for wanted, passes in [
        (Wanted(), (True, True)),
        (Wanted(text="HANDLING"), (True, False)),
        (Wanted(kind="procedure"), (False, True)),
        (Wanted(mark="unread"), (True, False)),
        (Wanted(owner=acme.person("quality-manager")), (True, True)),
        (Wanted(owner=acme.person("staff")), (False, False)),
        (Wanted(clause="5.3"), (True, False)),
        (Wanted(clause="5"), (True, False)),
        (Wanted(clause="5.30"), (False, False)),
    ]:
        assert (wanted.takes(policy), wanted.takes(procedure)) == passes, wanted
    editor = browser(acme, "quality-manager")
    page = editor.get(f"{BASE}?kind=procedure&owner=nonsense")
    assert "1 of 2 documents" in page.text
    rows = book(editor, f"{BASE}list.xlsx")
    assert [row[1] for row in rows[1:]] == ["Complaints-handling policy", "=cmd()"]
    assert rows[1][5] == "In force, Not read by all"
    assert [row[0] for row in book(editor, f"{BASE}list.xlsx?kind=procedure")[1:]] == ["PRO-01"]


def test_the_list_names_owner_version_status_review_retention_distribution_and_clauses(acme, browser, do, published):
    policy_id = published(acme)
    card = service.ChangeCard(
        policy_id, "Complaints-handling policy", "", "policy", acme.person("staff"), "Five years", "Staff\nDealers"
    )
    do(acme, service.change_card, card)
    page = browser(acme, "quality-manager").get(BASE)
    (row,) = page.soup.select("main table")[0].select("tbody tr")
    said = " ".join(row.get_text(" ", strip=True).split())
    (line,) = listing.lines(reading(acme.system), NOW.date())
    for part in ("POL-01", "In force", "staff of acme", "Retention: Five years", "Distribution: Staff Dealers", "5.3"):
        assert part in said, part
    asked = Asked(reading(acme.system), "Acme", {}, library(), "en", NOW.date(), "", "")
    (listed,) = lists.list_of_documents(asked).documents
    assert (listed.version, listed.review_by) == ("1", asked.day(line.version.review_by))
    assert (listed.retention, listed.distribution) == ("Five years", "Staff, Dealers")


def test_a_review_that_is_overdue_and_a_draft_that_differs_are_marked(acme, do, clock, started):
    policy_id = started(acme)
    approval = service.Approve(policy_id, "x", NOW.date().replace(day=20))
    do(acme, service.approve, approval, "administrator")
    do(acme, service.publish, service.Publish(policy_id, 1, NOW.date()), "administrator")
    do(acme, service.edit_section, service.EditSection(policy_id, "scope", "Scope", "New."))
    (line,) = listing.lines(reading(acme.system), NOW.date().replace(day=21))
    assert set(line.marks) == {Mark.IN_FORCE, Mark.CHANGED, Mark.REVIEW_OVERDUE}
    (line,) = listing.lines(reading(acme.system), NOW.date().replace(day=20))
    assert Mark.REVIEW_OVERDUE not in line.marks
