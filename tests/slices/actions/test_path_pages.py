"""The pages of the path over HTTP: a major to verified effect by three people, board, figures, limits, bodies."""

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from auditkit.actions import queries, service
from auditkit.actions.rules import Grade, State, Verdict
from auditkit.base.clock import FrozenClock
from auditkit.base.db import reading
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.actions.doing import Doing, act, opened, path, scheme
from tests.slices.documents.test_documents_catalogue import whole_text

Opener = Callable[..., Browser]
pytestmark = pytest.mark.usefixtures("clock")
URL = "/o/acme/actions/"


def test_a_bodys_major_goes_to_verified_effect_by_three_people(
    browser: Opener, acme: House, clock: FrozenClock
) -> None:
    quality = browser(acme, "quality-manager")
    quality.get(URL + "limits")
    quality.post_form(action="/limits/adopt/usual")
    quality.post_form(action="/categories/suggested")
    quality.get(URL + "nonconformities/new")
    page = quality.post_form(
        {
            "body": "Body Ltd",
            "number": "NC-7",
            "grade": "major",
            "statement": "Acknowledged late",
            "raised_on": "2026-03-02",
            "scheme_id": "1",
        }
    )
    assert page.title == "Nonconformity NC-7"
    quality.follow("Open an action")
    page = quality.post_form(
        {"title": "Acknowledge by the register", "owner_id": str(acme.person("staff")), "due_on": "2026-04-01"}
    )
    number = page.path.rsplit("/", 1)[1]
    assert "Not reviewed by the body yet" in page.text

    staff, at = browser(acme, "staff"), URL + number
    page = staff.get(at)
    assert "Next: Correction" in page.text
    page = staff.post_form({"proof": "Done"}, action="/done")
    assert "Write down the cause first" in page.text
    staff.get(at + "/correction")
    page = staff.post_form({"what": "Wrote to all four", "on": "2026-03-03"})
    assert "lies ahead" in page.text
    photo = (io.BytesIO(b"letters\n"), "letters.txt")
    page = staff.post_form({"on": "2026-03-02", "proof": "Letters", "files": photo})
    assert "Next: Extent: where else?" in page.text
    assert "letters.txt" in page.text
    staff.get(at + "/extent")
    staff.post_form({"looked": "All files since January", "found": "Three more"})
    staff.get(at + "/causes")
    staff.post_form({"text": "Nobody opened the mail"}, action="/causes/lines")
    line = str(path(acme, number).causes[0].id)
    page = staff.post_form({"text": "One person has the key", "parent": line}, action="/causes/lines")
    assert "One person has the key" in page.text
    page = staff.post_form({"method": "other", "cause": "No deputy"}, action="/causes")
    assert "Name the method" in page.text
    root = str(path(acme, number).causes[1].id)
    page = staff.post_form(
        {"method": "five-whys", "cause": "No deputy", "roots": root, "category": "1"}, action="/causes"
    )
    assert "Next: Plan with steps" in page.text
    staff.get(at + "/plan")
    page = staff.post_form({"title": "Name a deputy", "due_on": "2026-03-20", "cost": "12,5"}, action="/plan")
    assert "three letters such as EUR" in page.text
    page = staff.post_form(
        {"title": "Name a deputy", "due_on": "2026-03-20", "cost": "12,5", "currency": "eur"}, action="/plan"
    )
    assert "12.50 EUR" in page.text
    page = staff.post_form(action="/plan/ready")
    assert "State first by what the effect will be judged" in page.text
    staff.get(at + "/criterion")
    staff.post_form({"text": "None late in a sample of 20", "wait_days": "30"})
    staff.get(at + "/plan")
    page = staff.post_form(action="/plan/ready")
    assert "Next: the steps of the plan" in page.text
    page = staff.post_form({"proof": "Done"}, action="/done")
    assert "Steps of the plan still open: 1" in page.text
    staff.get(at + "/plan")
    staff.follow("Done or dropped")
    staff.post_form({"ending": "done", "note": "Rota of March"})
    staff.get(at)
    staff.post_form({"proof": "A deputy is named"}, action="/done")
    page = staff.get(at + "/criterion")
    page = staff.post_form({"text": "Easier", "wait_days": "0"})
    assert "must be stated before the work is reported as done" in page.text

    auditor = browser(acme, "internal-auditor")
    page = auditor.get(at)
    assert "None late in a sample of 20" in page.text
    assert "Waiting time" in page.text
    page = auditor.post_form({"effective": "yes", "text": "None late"}, action="/effect")
    assert "can be confirmed from 2 Apr 2026 on" in page.text
    clock.advance(days=31)
    auditor.get(at)
    auditor.post_form({"effective": "yes", "text": "None late in 20"}, action="/effect")
    page = auditor.post_form(action="/close")
    assert "has not accepted this answer yet" in page.text
    quality.get(URL + "nonconformities/1")
    page = quality.post_form({"verdict": "accepted", "reviewed_on": "2026-04-02", "text": "Fine"}, action="/review")
    assert "Accepted by the body" in page.text
    auditor.get(at)
    page = auditor.post_form(action="/close")
    assert f"{number} is closed" in page.text
    assert queries.by_number(reading(acme.system), number).state is State.CLOSED
    page = auditor.get(at + "/due")
    assert "Done in time" in page.text
    assert "30 calendar days by “Usual certification practice” for: Major nonconformity" in page.text


def test_a_fishbone_is_drawn_and_listed(browser: Opener, acme: House) -> None:
    number = opened(acme)
    staff = browser(acme, "staff")
    page = staff.get(f"{URL}{number}/causes?method=fishbone")
    page = staff.post_form({"text": "Worn <spring>"}, action="/causes/lines")
    assert "Choose the bone" in page.text
    page = staff.post_form({"text": "Worn <spring>", "bone": "systems"}, action="/causes/lines")
    document = staff.client.get(f"{URL}{number}/response.docx").data
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        media = [archive.read(one) for one in archive.namelist() if one.startswith("word/media/")]
    assert {one[:8] for one in media} == {b"\x89PNG\r\n\x1a\n"}
    sizes = [struct.unpack(">II", one[16:24]) for one in media]
    assert sizes.count((1650, 900)) == 1, "the frame that the template's place has; the other is the logo"
    picture = page.soup.find("svg", class_="fishbone")
    assert picture is not None
    assert picture["aria-label"].startswith("Fishbone: the causes of")
    assert "Worn <spring>" in picture.text
    assert page.soup.find("ul", class_="why-tree").text.count("Worn <spring>") == 1
    page = staff.post_form(action="/drop")
    assert "Worn" not in page.text


def test_an_8d_report_is_written_part_by_part(browser: Opener, acme: House) -> None:
    number = opened(acme)
    staff = browser(acme, "staff")
    staff.get(f"{URL}{number}/causes?method=8d")
    page = staff.post_form({"method": "8d", "cause": "Worn"}, action="/causes")
    assert "write D1 first" in page.text
    for part in (1, 2, 4):
        staff.get(f"{URL}{number}/causes?method=8d")
        page = staff.post_form({"text": f"Part {part}"}, action=f"/8d/{part}")
        assert f"D{part} is written down" in page.text
    page = staff.post_form({"method": "8d", "cause": "Worn"}, action="/causes")
    assert "The cause is settled" in page.text


def test_the_board_has_each_action_in_its_column(browser: Opener, acme: House, clock: FrozenClock) -> None:
    analysis, work = opened(acme, title="Analysed"), Doing(acme, opened(acme, title="Worked on"))
    work.step()
    done, closed = Doing(acme, opened(acme, title="Done one")), Doing(acme, opened(acme, title="Closed one"))
    done.done()
    closed.done()
    closed.verify()
    closed.close()
    page = browser(acme, "staff").get(URL + "board")

    def column(name: str) -> str:
        return str(page.soup.find("h2", id=f"column-{name}").parent.text)

    assert analysis in column("analysis")
    assert work.number in column("work")
    assert "Steps: 0 of 1" in column("work")
    assert done.number in column("effect")
    assert closed.number in column("closed")
    assert "None" in column("verified")
    page = browser(acme, "staff").get(URL + "board?text=worked")
    assert work.number in page.text
    assert analysis not in page.text
    clock.advance(days=31)
    assert closed.number not in browser(acme, "staff").get(URL + "board").text


def test_the_list_filters_sorts_and_pages(browser: Opener, acme: House, clock: FrozenClock) -> None:
    limits = scheme(acme)
    late = opened(acme, title="Late one", due_on=date(2026, 3, 1))
    minor = opened(acme, title="Minor one", grade=Grade.MINOR, scheme_id=limits)
    clock.advance(days=1)
    risk = opened(acme, title="Risk one", origin=("risk", acme.id), owner_id=acme.person("complaint-handler"))
    clock.advance(hours=1)
    Doing(acme, late).step(owner="complaint-handler")
    handler = browser(acme, "complaint-handler")

    def shown(query: str) -> list[str]:
        page = handler.get(URL + query)
        return [one.text.strip() for one in page.soup.select("tbody td:first-child a")]

    assert shown("") == [late, minor, risk]
    assert shown("?order=newest") == [risk, minor, late]
    assert shown("?order=changed") == [late, risk, minor]
    assert shown("?whose=mine") == [late, risk]  # owned, or with a step of mine
    assert shown("?grade=minor") == [minor]
    assert shown("?origin=risk") == [risk]
    assert shown("?late=yes") == [late]
    assert shown("?text=ONE+risk") == [risk]
    assert shown(f"?owner={acme.person('staff')}") == [late, minor]
    for wrong in ("?after=x~1", "?after=2026-01-01", "?order=changed&after=2026-01-01~1", "?state=x&kind=y&origin=z"):
        assert shown(wrong)


@pytest.mark.parametrize("order", ["due", "newest", "changed"])
def test_pages_of_each_order_have_no_gaps(acme: House, order: str) -> None:
    expected = {opened(acme, due_on=date(2026, 4, 1 + index % 3)) for index in range(queries.ROWS + 3)}
    tx = reading(acme.system)
    first, after = queries.page(tx, queries.Wanted(), queries.Order(order))
    second, end = queries.page(tx, queries.Wanted(), queries.Order(order), after)
    assert end is None
    assert len(first) == queries.ROWS
    assert {one.number for one in first + second} == expected
    assert len(second) == 3


def test_figures_count_ages_causes_cost_and_effect(browser: Opener, acme: House, clock: FrozenClock) -> None:
    act(acme.actor("quality-manager"), service.add_categories, service.AddCategories(("Wear", "Training")))
    old = Doing(acme, opened(acme, due_on=date(2026, 3, 20)))
    old.cause(category_id=1)
    other = Doing(acme, opened(acme))
    other.cause(category_id=1)
    clock.advance(days=40)
    young = Doing(acme, opened(acme, due_on=date(2026, 6, 1)))
    young.cause(category_id=2)
    young.step(cost=5000, currency="EUR")
    closed = Doing(acme, opened(acme))
    closed.done()
    closed.verify(effective=False)
    closed.cause()
    closed.done()
    closed.verify()
    closed.close()
    tx = reading(acme.system)
    today = date(2026, 4, 11)
    assert [(one.first, one.number, one.overdue) for one in queries.ageing(tx, clock.at, today)] == [
        (0, 1, 0), (31, 2, 2), (61, 0, 0), (91, 0, 0)
    ]  # fmt: skip
    assert [(one.title, one.number, one.cumulative) for one in queries.causes(tx)] == [
        ("Wear", 2, 50.0), ("Training", 1, 75.0), ("", 1, 100.0)
    ]  # fmt: skip
    assert queries.effects(tx) == queries.Effects(judged=1, reopened=1)
    page = browser(acme, "staff").get(URL + "figures")
    assert page.soup.find("svg", class_="pareto") is not None
    assert "Actions judged by their effect: 1; opened again at least once: 1" in page.text
    assert "50.00" in page.text


def test_limits_are_written_changed_and_ended_on_their_page(browser: Opener, acme: House) -> None:
    quality = browser(acme, "quality-manager")
    page = quality.get(URL + "limits")
    assert "World-Cert" in page.text
    quality.get(URL + "limits/new")
    page = quality.post_form({"title": "Our body", "needs_major": "cause", "later": "minor"})
    assert "No limit stands in it yet" in page.text
    quality.get(URL + "limits/1/limit")
    page = quality.post_form({"grade": "minor", "target": "plan", "amount": "21", "unit": "working"})
    assert "21 working days from the day it was raised" in page.text
    quality.get(URL + "limits/1/limit")
    page = quality.post_form({"grade": "minor", "target": "plan", "amount": "0", "unit": "weeks"})
    assert "Enter a number from 1 to 1000" in page.text
    page = quality.get(URL + "limits")
    page = quality.post_form(action="/minor/plan/drop")
    assert "No limit stands in it yet" in page.text
    page = quality.post_form(action="/limits/1/end")
    assert "Ended. What was opened under it keeps its due dates." in page.text
    staff = browser(acme, "staff")
    page = staff.get(URL + "limits")
    assert "Write our own" not in page.text
    staff.get(URL + "limits/new", status=403)


def test_the_response_form_is_a_word_document(browser: Opener, acme: House) -> None:
    number = opened(acme)
    Doing(acme, number).correction()
    page = browser(acme, "staff").get(f"{URL}{number}/response.docx")
    with zipfile.ZipFile(io.BytesIO(page.response.data)) as document:
        text = document.read("word/document.xml").decode()
    assert "Locked by hand" in text
    assert "picture: response.fishbone" not in text, "no cause hangs on a bone"
    assert "Not written yet." in text
    assert "Door 3 stood open" in text


@pytest.mark.sqlite_only
def test_the_response_form_tells_the_body_the_whole_path(browser: Opener, acme: House, clock: FrozenClock) -> None:
    # Given a body's nonconformity, answered from the correction to the verified effect, and a first answer sent back
    quality = acme.actor("quality-manager")
    values = service.NcValues(
        "Body Ltd", "NC-7", Grade.MAJOR, "Letters wait", date(2026, 2, 20), scheme_id=scheme(acme)
    )
    nc_id = int(act(quality, service.record_nc, service.RecordNc(values)))
    doing = Doing(acme, opened(acme, origin=("body-nc", nc_id), origin_title="NC-7"))
    step = doing.planned()
    asked = service.NoteReview(nc_id, doing.number, Verdict.MORE_NEEDED, date(2026, 3, 2), "Show the training")
    act(quality, service.note_review, asked)
    doing.ready()
    doing.finish(step)
    doing.done()
    clock.advance(days=31)
    doing.verify()
    # Then the form of the body holds each part of it
    page = browser(acme, "staff").get(f"{URL}{doing.number}/response.docx")
    text = whole_text(page.response.data)
    for told in (
        "Body Ltd", "NC-7", "Letters wait", "Major nonconformity", "20 Feb 2026",  # what it answers
        "Locked by hand", "Doors 1 to 9", "Door 5 too", "The spring was worn",  # correction, extent, cause
        "Order springs", "20 Mar 2026", "Delivered", "staff of acme",  # a step: what, until when, proof, owner
        "No door found open on ten rounds", "30 days after it is done",  # the criterion and its waiting time
        "Ten rounds, all doors shut", "2 Apr 2026, quality-manager of acme",  # the effect: how, when, by whom
        "More is needed", "Show the training",  # what the body said
    ):  # fmt: skip
        assert told in text, told


def test_others_see_the_path_and_change_nothing(browser: Opener, acme: House, globex: House) -> None:
    number = opened(acme)
    handler = browser(acme, "complaint-handler")
    page = handler.get(f"{URL}{number}/plan")
    assert "Plan a step" not in page.text
    for part in ("correction", "extent", "criterion"):
        handler.get(f"{URL}{number}/{part}", status=403)
    handler.post(f"{URL}{number}/plan", {"title": "x"}, status=403)
    stranger = browser(globex, "quality-manager")
    for part in ("", "/causes", "/plan", "/due", "/response.docx"):
        stranger.get(f"/o/globex/actions/{number}{part}", status=404)
