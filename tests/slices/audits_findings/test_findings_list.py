"""The list over audits: filters, pages by key, ageing, export; answers, disputes, repeats, own words."""

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from auditkit.actions import service as actions
from auditkit.actions.rules import Kind
from auditkit.audits.findings import queries, rules, service
from auditkit.audits.findings.queries import Wanted
from auditkit.audits.findings.rules import Age, Outcome, ResponseKind, Verdict
from auditkit.audits.queries import findings as core
from auditkit.audits.rules import FindingState, Grade
from auditkit.base import clock as clock_module
from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.content.library import Library
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.audits.doing import own_library, raised, rows_of, started
from tests.slices.audits_findings.doing import view

Opener = Callable[..., Browser]


@pytest.fixture
def books(tmp_path: Path) -> Library:
    return own_library(tmp_path / "house")


def wanted(**more: Any) -> Wanted:
    return Wanted(on=clock_module.now().date(), **more)


def numbers(house: House, **more: Any) -> list[str]:
    lines, _after = queries.listing(reading(house.system), wanted(**more))
    return [line.number.rpartition("-")[2] for line in lines]


def respond(house: House, number: str, kind: ResponseKind, text: str = "", **more: Any) -> int:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        command = service.Respond(number, kind, text, **more)
        return int(service.respond(tx, command, clock_module.now(), actor))


def open_action(house: House, number: str) -> None:
    actor, finding = house.actor("quality-manager"), view(house, number)
    command = actions.OpenAction(
        kind=Kind.CORRECTIVE,
        title="Mend the door",
        origin=("finding", finding.id),
        origin_title=finding.number,
        owner_id=house.person("staff"),
        due_on=date(2026, 6, 1),
        correction="Shut it",
        cause="Hinge",
        plan="New hinge",
        cause_required=False,
    )
    with transaction(actor) as tx:
        actions.open_action(tx, command, clock_module.now(), actor)


def test_filters(acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    rows = rows_of(acme, number)
    raised(acme, number, books, Grade.MAJOR, principles=("ACC",))
    clock.advance(days=40)
    raised(acme, number, books, Grade.MINOR, row_id=rows[2].id, principles=("FAI",))
    clock.advance(days=1)
    good = raised(acme, number, books, Grade.GOOD_PRACTICE)
    open_action(acme, f"{number}-F2")
    dispute = respond(acme, f"{number}-F1", ResponseKind.DISPUTED, "It was shut")

    assert numbers(acme) == ["F3", "F2", "F1"]
    assert numbers(acme, grade=Grade.MAJOR) == ["F1"]
    assert numbers(acme, state=FindingState.OPEN) == ["F1"]
    assert numbers(acme, state=FindingState.PLANNED) == ["F2"]
    assert numbers(acme, state=FindingState.NOTED) == ["F3"]
    assert numbers(acme, open_only=True) == ["F2", "F1"]
    assert numbers(acme, clause="2") == ["F2"]
    assert numbers(acme, clause="9") == []
    assert numbers(acme, principle="ACC") == ["F1"]
    assert numbers(acme, audit=number) == ["F3", "F2", "F1"]
    assert numbers(acme, audit="A-1999-001") == []
    assert numbers(acme, checklist="house-round") == ["F3", "F2", "F1"]
    assert numbers(acme, checklist="other") == []
    assert numbers(acme, disputed=True) == ["F1"]
    assert numbers(acme, repeat=True) == []
    assert numbers(acme, age=Age.TWO_MONTHS) == ["F1"]
    assert numbers(acme, age=Age.MONTH) == ["F2"]  # the good practice asks for nothing, so it has no age
    lines, _after = queries.listing(reading(acme.system), wanted())
    assert [line.days for line in lines] == [None, 1, 41]
    assert queries.count(reading(acme.system), wanted(open_only=True)) == 2

    actor = acme.actor("internal-auditor")
    with transaction(actor) as tx:
        service.resolve(tx, service.Resolve(dispute, Outcome.UPHELD, "The film shows it"), clock_module.now(), actor)
    assert numbers(acme, disputed=True) == ["F1"]  # a dispute that ended stays visible
    assert good.endswith("F3")


@pytest.mark.parametrize(("days", "age"), [(0, "0-30"), (30, "0-30"), (31, "31-60"), (90, "61-90"), (91, "91-180"),
                                           (180, "91-180"), (181, "181-")])  # fmt: skip
def test_the_list_and_the_table_of_ages_agree(days: int, age: str, acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    raised(acme, number, books, Grade.MINOR)
    clock.advance(days=days)
    on = clock_module.now().date()
    assert {band.age: band.minor for band in queries.ageing(reading(acme.system), on)} == {
        one: int(one == age) for one in Age
    }
    assert [one for one in Age if numbers(acme, age=one)] == [age]


def test_the_state_in_sql_is_the_state_of_the_rules(acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    for grade in (Grade.MAJOR, Grade.MINOR, Grade.OBSERVATION, Grade.GOOD_PRACTICE):
        raised(acme, number, books, grade)
    open_action(acme, f"{number}-F1")
    open_action(acme, f"{number}-F3")
    told = {one.number: one.state for one in core.by_ids(reading(acme.system), _ids(acme))}
    lines, _after = queries.listing(reading(acme.system), wanted())
    assert {line.number: line.state for line in lines} == told
    assert set(told.values()) == {FindingState.PLANNED, FindingState.OPEN, FindingState.NOTED}


def _ids(acme: House) -> list[int]:
    lines, _after = queries.listing(reading(acme.system), wanted())
    return [line.id for line in lines]


def test_pages_by_key_give_each_finding_once(acme: House, books: Library, clock, monkeypatch) -> None:
    monkeypatch.setattr("auditkit.audits.findings.queries.selecting.PAGE", 3)
    number = started(acme, books)
    for serial in range(8):
        raised(acme, number, books, statement=f"Door {serial}")
        if serial % 3:
            clock.advance(hours=1)  # some share their moment
    seen, key, pages = [], None, 0
    while True:
        lines, after = queries.listing(reading(acme.system), wanted(), queries.read_key(key) if key else None)
        seen += [line.number for line in lines]
        pages += 1
        if after is None:
            break
        key = after
    assert seen == [f"{number}-F{serial}" for serial in range(8, 0, -1)]
    assert pages == 3
    assert queries.read_key("nonsense") is None
    assert queries.read_key("2026-03-02T09:00:00~1") is None  # without a zone


def test_the_page_filters_pages_and_exports(browser: Opener, acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    raised(acme, number, books, Grade.MAJOR, statement='=HYPERLINK("http://x")')
    raised(acme, number, books, Grade.OBSERVATION, statement="Keys hang free")
    quality = browser(acme, "quality-manager")
    page = quality.get("/o/acme/findings/")
    assert "2 findings" in page.text
    page = quality.get("/o/acme/findings/?grade=major&state=unsettled&before=nonsense")
    assert "1 finding" in page.text
    assert "Keys hang free" not in page.text
    page = quality.get("/o/acme/findings/?grade=enormous&age=old&state=odd")
    assert "2 findings" in page.text

    table = _exported(quality, "/o/acme/findings/export.csv?grade=major")
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["Number"] for row in rows] == [f"{number}-F1"]
    assert rows[0]["Statement"].startswith("'=HYPERLINK")
    book = load_workbook(io.BytesIO(_exported(quality, "/o/acme/findings/export.xlsx")))
    sheet = book.get_sheet_by_index(0).to_python()
    assert len(sheet) == 3
    assert sheet[2][10] == '=HYPERLINK("http://x")'
    browser(acme, "staff").get("/o/acme/findings/", status=403)


def _exported(browser: Browser, url: str) -> bytes:
    answer = browser._run(browser.client.get, url)
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.get_data())


def test_another_house_sees_nothing(acme: House, globex: House, books: Library, clock) -> None:
    number = started(acme, books)
    made = raised(acme, number, books)
    said = respond(acme, made, ResponseKind.ACKNOWLEDGED)
    assert numbers(globex) == []
    assert queries.responses(reading(globex.system), [1]) == {}
    with pytest.raises(NotFound):
        queries.response(reading(globex.system), said)
    with pytest.raises(NotFound):
        respond(globex, made, ResponseKind.ACKNOWLEDGED)


# Answers and disputes


def test_an_answer_a_dispute_and_its_end(browser: Opener, acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    made = raised(acme, number, books, Grade.MAJOR)
    quality = browser(acme, "quality-manager")
    quality.get(f"/o/acme/findings/{made}/respond")
    page = quality.post_form({"kind": "disputed"})
    assert "Write what is said to the finding" in page.text
    page = quality.post_form(
        {"kind": "disputed", "text": "Weekends do not count", "said_by": "Head of sales", "in_meeting": True}
    )
    assert "Weekends do not count" in page.text
    assert "in the closing meeting" in page.text
    assert "written down by quality-manager of acme" in page.text

    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/findings/{made}")
    auditor.follow("Say how the dispute ended")
    page = auditor.post_form(
        {"outcome": "unresolved", "text": "The policy says days, the head of sales reads weekdays"}
    )
    assert "Both opinions stand beside each other" in page.text
    assert "Disputed" in auditor.get("/o/acme/findings/?disputed=yes").text

    view_of = queries.responses(reading(acme.system), [view(acme, made).id])[view(acme, made).id][0]
    assert (view_of.said_by, view_of.outcome) == ("Head of sales", Outcome.UNRESOLVED)
    actor = acme.actor("internal-auditor")
    with pytest.raises(rules.AlreadyResolved), transaction(actor) as tx:
        service.resolve(tx, service.Resolve(view_of.id, Outcome.UPHELD, "again"), clock_module.now(), actor)


def test_who_may_answer_and_who_may_end(acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    made = raised(acme, number, books)
    said = respond(acme, made, ResponseKind.DISPUTED, "No")
    reviewer, quality = acme.actor("external-reviewer"), acme.actor("quality-manager")
    with pytest.raises(Forbidden), transaction(reviewer) as tx:
        service.respond(tx, service.Respond(made, ResponseKind.ACKNOWLEDGED), clock_module.now(), reviewer)
    with pytest.raises(Forbidden), transaction(quality) as tx:
        service.resolve(tx, service.Resolve(said, Outcome.UPHELD, "x"), clock_module.now(), quality)


# Repeats


def _two_audits(acme: House, books: Library, clock) -> tuple[str, str]:
    first = started(acme, books)
    earlier = raised(acme, first, books, statement="Door 3 stood open at night")
    raised(acme, first, books, row_id=rows_of(acme, first)[2].id, statement="Keys were not counted")
    clock.advance(days=200)
    second = started(acme, books)
    return earlier, raised(acme, second, books, statement="Again a door stood open")


def test_a_repeat_is_suggested_and_confirmed_by_a_person(browser: Opener, acme: House, books: Library, clock) -> None:
    earlier, later = _two_audits(acme, books, clock)
    suggested = queries.alike(reading(acme.system), view(acme, later))
    assert [one.number for one in suggested] == [earlier]  # the keys are of another clause and question
    assert suggested[0].same_question
    assert suggested[0].verdict is None
    assert numbers(acme, repeat=True) == []

    auditor = browser(acme, "internal-auditor")
    auditor.get(f"/o/acme/audits/findings/{later}")
    page = auditor.post_form(action="/confirmed")
    assert "Repeat of 1 earlier finding" in page.text
    assert numbers(acme, repeat=True) == ["F1"]
    assert queries.repeats(reading(acme.system), [view(acme, later).id]) == {view(acme, later).id: [earlier]}
    assert "Found again later" in auditor.get(f"/o/acme/audits/findings/{earlier}").text

    auditor.get(f"/o/acme/audits/findings/{later}")
    page = auditor.post_form(action="/rejected")
    assert "Not a repeat" in page.text
    assert numbers(acme, repeat=True) == []


def test_what_cannot_be_a_repeat(acme: House, books: Library, clock) -> None:
    earlier, later = _two_audits(acme, books, clock)
    actor = acme.actor("internal-auditor")
    for number, other in ((earlier, later), (later, later)):
        with pytest.raises(rules.NotEarlier), transaction(actor) as tx:
            command = service.JudgeRepeat(number, other, Verdict.CONFIRMED)
            service.judge_repeat(tx, command, clock_module.now(), actor)


# Own words


def test_own_words_stand_everywhere(browser: Opener, acme: House, globex: House, books: Library, clock) -> None:
    number = started(acme, books)
    made = raised(acme, number, books, Grade.MINOR)
    quality = browser(acme, "quality-manager")
    quality.get("/o/acme/findings/words")
    page = quality.post_form({"minor": "Deviation", "major": "deviation"})
    assert "Two grades are called" in page.text
    quality.post_form({"minor": "Deviation", "major": ""})
    for url in ("/findings/", f"/audits/findings/{made}", f"/audits/{number}", "/findings/?grade=minor"):
        page = quality.get(f"/o/acme{url}")
        assert "Deviation" in page.text, url
        assert "Minor nonconformity" not in page.text, url
    assert "Deviation" in browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/run").text
    assert "Deviation" in browser(acme, "internal-auditor").get(f"/o/acme/audits/{number}/findings/new").text
    rows = _exported(quality, "/o/acme/findings/export.csv").decode("utf-8-sig")
    assert "Deviation" in rows
    assert "Deviation" not in browser(globex, "quality-manager").get("/o/globex/findings/words").text
    browser(acme, "internal-auditor").get("/o/acme/findings/words", status=403)

    quality.get("/o/acme/findings/words")
    quality.post_form({"minor": "", "major": ""})
    assert "Minor nonconformity" in quality.get("/o/acme/findings/").text


def test_words_that_somebody_else_set_meanwhile_are_not_overwritten(browser: Opener, acme: House) -> None:
    first, second = browser(acme, "quality-manager"), browser(acme, "administrator")
    for visitor in (first, second):
        visitor.get("/o/acme/findings/words")
    first.post_form({"minor": "Deviation"})
    page = second.post_form({"minor": "Slip"})
    assert "changed this meanwhile" in page.text
    assert first.get("/o/acme/findings/words").soup.find("input", {"name": "minor"})["value"] == "Deviation"
    second.post_form()
    assert first.get("/o/acme/findings/words").soup.find("input", {"name": "minor"})["value"] == "Slip"


def test_the_audit_shows_its_findings_in_figures(browser: Opener, acme: House, books: Library, clock) -> None:
    number = started(acme, books)
    made = raised(acme, number, books, Grade.MAJOR)
    raised(acme, number, books, Grade.MINOR)
    raised(acme, number, books, Grade.GOOD_PRACTICE)
    respond(acme, made, ResponseKind.DISPUTED, "No")
    told = queries.figures(reading(acme.system), number)
    assert [told.grades[grade] for grade in Grade] == [1, 1, 0, 0, 1]
    assert (told.unsettled, told.disputed, told.repeats) == (2, 1, 0)
    page = browser(acme, "quality-manager").get(f"/o/acme/audits/{number}")
    assert page.soup.find(id="finding-figures") is not None
