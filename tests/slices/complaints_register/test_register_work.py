"""Filters of the register by what is due, owner, kind, level and priority; kept filters; many at once; exports."""

import csv
import io
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import insert, select

from auditkit.base import clock
from auditkit.base.db import db, reading, transaction
from auditkit.complaints import queries
from auditkit.complaints.clock.models import ComplaintClock
from auditkit.complaints.models import Complaint
from auditkit.complaints.queries import Due, Wanted
from auditkit.complaints.queries.register import HITS_SORTED_UP_TO, NOBODY, register_page
from auditkit.complaints.register import jobs, rules, service
from auditkit.complaints.register.models import RegisterExport, RegisterExportBlock, RegisterFilter
from auditkit.complaints.register.queries import kept_filters
from auditkit.content.library import shared as shared_library
from auditkit.journal.models import JournalEntry
from auditkit.journal.queries import timeline
from tests.factories.refusals import accepts, refuses
from tests.slices.complaints.recording import RECEIVED, many, raw, spread

LIST = "/o/acme/complaints/"


def subjects(house, **asked) -> list[str]:
    db.session.rollback()
    return [row.subject for row in register_page(reading(house.system), Wanted(**asked)).rows]


@pytest.fixture
def mixed(acme):
    owner = acme.person("complaint-handler")
    unusual = {"kind": "complaint", "priority": "", "level": 0, "owner_id": None}
    many(
        acme.id,
        [
            raw(acme.id, 1, subject="plain", **unusual),
            raw(acme.id, 2, subject="praise", **{**unusual, "kind": "compliment"}),
            raw(acme.id, 3, subject="urgent", **{**unusual, "priority": "P1"}),
            raw(acme.id, 4, subject="raised", **{**unusual, "level": 2}),
            raw(acme.id, 5, subject="owned", **{**unusual, "owner_id": owner}),
        ],
    )
    return owner


def test_filters_find_what_they_name(acme, mixed) -> None:
    assert subjects(acme, kind="compliment") == ["praise"]
    assert subjects(acme, kind="compliment", stage="open") == ["praise"]
    assert len(subjects(acme, kind="complaint")) == 4
    assert subjects(acme, priority="P1") == ["urgent"]
    assert subjects(acme, level=2) == ["raised"]
    assert len(subjects(acme, level=0)) == 4
    assert subjects(acme, owner=mixed) == ["owned"]
    assert len(subjects(acme, owner=NOBODY)) == 4
    assert Wanted(owner=NOBODY, level=0).narrowed == 2


def clocks(house, count: int, **due: timedelta) -> None:
    """Clocks for the first complaints, whose next due date lies so far from now."""
    now = clock.now()
    moments = {f"next_{name}_at": now + offset for name, offset in due.items()}
    with db.engine.begin() as connection:
        ids = connection.execute(select(Complaint.__table__.c.id).order_by(Complaint.__table__.c.id)).scalars().all()
        rows = [
            {
                "complaint_id": one,
                "organisation_id": house.id,
                "chosen_at": now,
                "assumed_severity": "medium",
                "severity": "",
                "priority": "",
                "paused_seconds": 0,
                "next_target": "decide",
                **moments,
            }
            for one in ids[:count]
        ]
        connection.execute(insert(ComplaintClock.__table__), rows)


@pytest.mark.parametrize(
    ("warn", "due", "very", "found"),
    [
        (1, 2, 3, []),
        (-1, 2, 3, [Due.SOON]),
        (-2, -1, 3, [Due.LATE]),
        (-3, -2, -1, [Due.LATE, Due.VERY_LATE]),
    ],
)
def test_what_is_due_is_found(acme, mixed, warn, due, very, found) -> None:
    clocks(acme, 1, warn=timedelta(days=warn), due=timedelta(days=due), very=timedelta(days=very))
    for state in Due:
        expected = ["plain"] if state in found else []
        assert subjects(acme, due=state, now=clock.now()) == expected
        assert subjects(acme, due=state, now=clock.now(), stage="open") == expected
        assert subjects(acme, due=state, now=clock.now(), stage="open", typed="nothing") == []


@pytest.mark.sqlite_only
def test_many_due_ones_are_paged_as_few_are(acme) -> None:
    rows = spread(acme.id, HITS_SORTED_UP_TO + 100)
    many(acme.id, rows)
    clocks(acme, len(rows), warn=timedelta(days=-3), due=timedelta(days=-2), very=timedelta(days=2))
    wanted = Wanted(stage="open", due=Due.LATE, now=clock.now())
    page = register_page(reading(acme.system), wanted)
    assert (len(page.rows), page.more) == (50, True)
    assert [row.id for row in page.rows] == [row.id for row in register_page(reading(acme.system), Wanted()).rows]


def test_the_page_asks_by_its_address(acme, browser, mixed) -> None:
    visitor = browser(acme, "complaint-handler")
    assert "owned" in visitor.get(f"{LIST}?owner=me").text
    assert "praise" not in visitor.page.text
    page = visitor.get(f"{LIST}?kind=compliment&level=0&due=")
    assert "praise" in page.text
    assert "More filters (2 set)" in page.text
    assert "urgent" in visitor.get(f"{LIST}?priority=P1").text
    names = [one.text for one in page.soup.find("select", {"name": "priority"}).find_all("option")]
    assert names[0] == "Any"
    assert len(names) == 1 + len(shared_library().matrix("priority-matrix").priorities)
    assert page.soup.find("select", {"name": "kind"}).find("option", selected=True)["value"] == "compliment"
    for unknown in ("due=yesterday", "kind=hymn", "level=9", "owner=ann", "owner=²", "deputy=nobody"):
        visitor.get(f"{LIST}?{unknown}", status=400)


def test_cases_one_stands_in_for_are_found(acme, browser) -> None:
    me, nina = acme.person("complaint-handler"), acme.colleague("complaint-handler", "Nina Night").person_id
    own = {"owner_id": nina, "deputy_id": me}
    many(
        acme.id,
        [
            raw(acme.id, 1, subject="Hers", **own),
            raw(acme.id, 2, subject="Nobody has it", owner_id=None, deputy_id=None),
        ],
    )
    visitor = browser(acme, "complaint-handler")
    page = visitor.get(f"{LIST}?deputy=me")
    assert "Hers" in page.text
    assert "Nobody has it" not in page.text
    people = [one.text for one in page.soup.find("select", {"name": "deputy"}).find_all("option")]
    assert people[:2] == ["Anybody", "Me"]
    assert "Nina Night" in people
    assert "Hers" in visitor.get(f"{LIST}?owner={nina}").text


def test_an_action_is_opened_for_the_chosen_ones(acme, browser, mixed) -> None:
    visitor = browser(acme, "complaint-handler")
    page = visitor.get(f"{LIST}?stage=all")
    button = page.soup.find("button", formaction=True)
    assert button.text == "Open an action for the chosen ones"
    chosen = [box["value"] for box in page.soup.find_all("input", {"name": "chosen"})][:2]
    page = visitor.get(f"{button['formaction']}?{'&'.join(f'chosen={one}' for one in chosen)}")
    assert page.soup.find("textarea", {"name": "references"}).text.split() == chosen


def test_a_filter_is_kept_for_its_person_alone(acme, globex, browser, mixed) -> None:
    visitor = browser(acme, "complaint-handler")
    visitor.get(f"{LIST}?stage=all&owner=me&q=anna")
    page = visitor.follow("Keep this filter")
    assert "Enter a name for the filter" in visitor.post_form({"name": " "}).text
    visitor.get(page.response.request.full_path)
    page = visitor.post_form({"name": "Mine"})
    assert page.title == "Complaints"
    link = page.soup.find("nav", class_="kept-filters").a
    assert (link.text, link["href"]) == ("Mine", "?stage=all&q=anna&owner=me")
    assert "kept-filters" not in browser(acme, "quality-manager").get(LIST).response.get_data(as_text=True)
    visitor.get(f"{LIST}filters")
    assert "no longer kept" in visitor.post_form(action="/remove").text
    assert "You keep no filter yet" in visitor.get(f"{LIST}filters").text


def test_kept_filters_have_names_and_limits(acme) -> None:
    actor = acme.actor("complaint-handler")

    def keep(name: str, asked: str) -> None:
        with transaction(actor) as tx:
            service.keep_filter(tx, service.KeepFilter(name, asked), clock.now(), actor)

    keep("One", "stage=all")
    keep("One", "stage=open")
    assert [one.asked for one in kept_filters(reading(actor), actor.person_id)] == ["stage=open"]
    with pytest.raises(rules.FilterTooLong):
        keep("Two", "q=" + "x" * rules.LONGEST_ADDRESS)
    for number in range(rules.MOST_FILTERS - 1):
        keep(f"Filter {number}", "stage=all")
    with pytest.raises(rules.TooManyFilters):
        keep("One too many", "stage=all")


def test_the_database_refuses_a_filter_without_a_name(acme) -> None:
    values = {"organisation_id": acme.id, "person_id": acme.person("staff"), "asked": "", "kept_at": RECEIVED}
    refuses(RegisterFilter.__table__, "has_name", {**values, "name": ""})


def test_the_database_refuses_an_export_that_is_not_whole(acme) -> None:
    values = {"organisation_id": acme.id, "made_at": RECEIVED, "role": "staff", "cases_digest": "c" * 64}
    refuses(RegisterExport.__table__, "export_is_whole", {**values, "row_count": 3, "file_digest": ""})
    export = accepts(RegisterExport.__table__, {**values, "row_count": 3, "file_digest": "f" * 64})
    block = {"organisation_id": acme.id, "export_id": export, "block": 0}
    refuses(RegisterExportBlock.__table__, "block_holds_cases", {**block, "bits": b""})


def test_many_get_an_owner_at_once_and_refusals_are_told(acme, browser, mixed) -> None:
    visitor = browser(acme, "complaint-handler")
    page = visitor.get(f"{LIST}?stage=all")
    boxes = page.soup.find_all("input", {"name": "chosen"})
    assert len(boxes) == 5
    chosen = [box["value"] for box in boxes]
    query = "&".join(f"chosen={reference}" for reference in chosen)
    page = visitor.get(f"{LIST}chosen?{query}")
    assert "5 complaints get another owner" in page.text
    with transaction(acme.system) as tx:  # meanwhile somebody changes one of them
        one = tx.execute(select(Complaint).where(Complaint.reference == chosen[0])).scalar_one()
        one.version += 1
    manager = acme.person("quality-manager")
    form = page.form("/chosen")
    values = [(field["name"], field["value"]) for field in form.find_all("input")]
    sent = {name: [value for key, value in values if key == name] for name, _value in values}
    done = visitor.post(f"{LIST}chosen", {**sent, "owner": str(manager)})
    assert "4 complaints have a new owner" in done.text
    assert chosen[0] in done.text
    assert len(subjects(acme, owner=manager)) == 4
    page = visitor.get(f"{LIST}chosen")
    assert "Choose at least one complaint in the list" in page.text
    assert page.path == LIST
    browser(acme, "internal-auditor").get(f"{LIST}chosen?{query}", status=403)


def test_who_may_not_handle_sees_no_boxes(acme, browser, mixed) -> None:
    page = browser(acme, "internal-auditor").get(f"{LIST}?stage=all")
    assert page.soup.find("input", {"name": "chosen"}) is None


def exported(visitor, address: str, **values: str):
    visitor.get(address)
    return visitor.post_form(values, action="/export").response


def test_a_filter_is_exported_and_the_journal_says_so(acme, browser, mixed) -> None:
    visitor = browser(acme, "complaint-handler")
    answer = exported(visitor, f"{LIST}export?stage=all&kind=compliment", kind="csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row["Subject"] for row in rows] == ["praise"]
    assert "Complainant" not in rows[0]
    visitor.get(f"{LIST}export?stage=all")
    page = visitor.post_form({"kind": "xlsx", "identity": "y"}, action="/export")
    assert "Say what the names are needed for" in page.text
    answer = exported(visitor, f"{LIST}export?stage=all", kind="xlsx", identity="y", reason="For the yearly letter")
    assert answer.get_data()[:2] == b"PK"
    entries = reading(acme.system).execute(
        select(JournalEntry.facts).where(JournalEntry.event == "complaints:exported").order_by(JournalEntry.seq)
    )
    without, named = entries.scalars()
    assert without.items() >= {"format": "csv", "identity": False, "rows": 1}.items()
    assert without["filters"] == {"kind": "compliment", "stage": "all"}
    assert named.items() >= {"format": "xlsx", "identity": True, "filters": {"stage": "all"}}.items()
    assert named["file"] == sha256(answer.get_data()).hexdigest()
    ids = list(reading(acme.system).execute(select(Complaint.id).order_by(Complaint.id)).scalars())
    assert named["rows"] == len(ids)
    [told] = [one for one in timeline(reading(acme.system), acme.id, ("register", acme.id)) if one.facts["identity"]]
    assert told.personal == {"reason": "For the yearly letter"}
    assert named["cases"] == sha256("".join(f"{one}\n" for one in ids).encode()).hexdigest(), "anybody can recompute it"


def test_what_was_searched_for_is_not_told(acme, browser, mixed) -> None:
    exported(browser(acme, "complaint-handler"), f"{LIST}export?stage=all&q=praise", kind="csv")
    (facts,) = (
        reading(acme.system)
        .execute(select(JournalEntry.facts).where(JournalEntry.event == "complaints:exported"))
        .scalars()
    )
    assert facts["filters"] == {"q": None, "stage": "all"}


def test_no_file_leaves_when_the_journal_cannot_say_so(acme, monkeypatch, mixed) -> None:
    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(jobs.service, "mark_export", broken)
    with pytest.raises(OSError, match="full"):
        jobs.make({"asked": "stage=all", "format": "csv", "identity": False}, acme.actor("complaint-handler"))
    assert list(jobs.folder(acme.id).iterdir()) == []


def test_a_large_export_is_made_by_a_job(acme, globex, browser, work) -> None:
    many(acme.id, spread(acme.id, queries.COUNTED_UP_TO + 5))
    visitor = browser(acme, "internal-auditor")
    page = visitor.get(f"{LIST}export?stage=all")
    assert page.soup.find("input", {"name": "identity"}) is None
    waiting = visitor.post_form({"kind": "csv"}, action="/export")
    assert waiting.title == "Exporting complaints"
    assert work() == 1
    answer = visitor.get(waiting.path)
    rows = list(csv.reader(io.StringIO(answer.response.get_data().decode("utf-8-sig"))))
    assert len(rows) == queries.COUNTED_UP_TO + 6
    name = answer.path.rsplit("/", 1)[1]
    browser(globex, "internal-auditor").get(f"/o/globex/complaints/export/{name}", status=404)
    visitor.get(f"{LIST}export/..%2Fx.csv", status=404)
