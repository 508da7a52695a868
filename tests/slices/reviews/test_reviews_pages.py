"""A review as people do it: through pages, to minutes in Word; and an input computed again years later."""

import io
import json
import re
from collections.abc import Callable

import docx
import pytest

from auditkit.actions import queries as actions
from auditkit.base import outbox
from auditkit.base.clock import FrozenClock
from auditkit.base.db import db, reading, transaction
from auditkit.registers import service as registers
from auditkit.reviews import queries, reminding
from auditkit.reviews.rules import State
from tests.conftest import House
from tests.factories.http import Browser
from tests.slices.reviews import doing

pytestmark = pytest.mark.sqlite_only
BASE = "/o/acme/reviews"


@pytest.fixture
def manager(browser: Callable[..., Browser], acme: House, clock: FrozenClock) -> Browser:
    return browser(acme, "quality-manager")


def planned(manager: Browser, acme: House) -> str:
    manager.get(f"{BASE}/new")
    chair = str(acme.person("quality-manager"))
    page = manager.post_form({"title": "Spring review", "chair_id": chair, "period_from": "2025-12-01"}, action="")
    assert "The review is planned" in page.text
    return page.path.rpartition("/")[2]


def test_from_plan_to_signed_minutes(manager: Browser, acme: House) -> None:
    number = planned(manager, acme)
    page = manager.get(f"{BASE}/{number}")
    page = manager.post_form({}, action=f"{BASE}/{number}/freeze")
    assert "Inputs frozen" in page.text
    assert "Complaints received" in page.text

    # Somebody without an account takes part; everybody's attendance is noted, and that it was held
    manager.get(f"{BASE}/{number}/people")
    manager.post_form(
        {"name": "Olga Owner", "function": "Owner", "top_management": "y"}, action=f"{BASE}/{number}/people/invite"
    )
    guests = queries.guests(reading(acme.system), queries.by_number(reading(acme.system), number).id)
    states = {f"state-{one.id}": "present" for one in guests} | {f"state-{guests[1].id}": "excused"}
    page = manager.post_form(states, action=f"{BASE}/{number}/people")
    assert "Say why Olga Owner was excused" in page.text
    page = manager.post_form(states | {f"note-{guests[1].id}": "Ill"}, action=f"{BASE}/{number}/people")
    assert "The attendance is noted" in page.text
    page = manager.post_form({"held_on": "2026-03-02"}, action=f"{BASE}/{number}/hold")
    assert "Next: the chair signs the minutes" in page.text

    # What is missing is said before anybody signs
    page = manager.get(f"{BASE}/{number}/sign")
    assert "Before they can be signed" in page.text
    page = manager.get(f"{BASE}/{number}")
    words = {f"words-{item.id}": f"About {item.id}\nsecond line" for item in doing.agenda().items}
    item = "decide-process"
    page = manager.post_form(words | {"decide": item}, action=f"{BASE}/{number}/minutes")
    page = manager.post_form(
        {"text": "Answer in two days\nfrom May on", "owner_id": str(acme.person("staff")), "due_on": "2026-05-01"},
        action=f"{BASE}/{number}/decide",
    )  # fmt: skip
    assert "Answer in two days" in page.text
    manager.get(f"{BASE}/{number}/sign")
    name = acme.actor("quality-manager").name
    page = manager.post_form({"typed_name": name}, action="")
    assert "Every decision is an action now" in page.text
    assert "The signature fits what is kept" in page.text

    # The minutes hold it all; nothing can be written any more
    line = actions.listing(reading(acme.system), actions.Filter())[0][0]
    assert line.title == "Answer in two days"
    document = docx.Document(io.BytesIO(manager.get(f"{BASE}/{number}/minutes.docx", unchecked="Word").response.data))
    told = "\n".join(
        [one.text for one in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    for text in ("Spring review", "Olga Owner", "Excused: Ill", "About audits", "second line", line.number, name):
        assert text in told
    # What was decided stands under its item too, with who does it by when
    decided = rf"^Decided, {number}/1: Answer in two days from May on \(.+, by 1 May 2026\)$"
    assert re.search(decided, told, re.MULTILINE)
    assert "Not signed yet" not in told
    page = manager.get(f"{BASE}/{number}")
    assert page.soup.select_one("textarea") is None
    signature = json.loads(manager.get(f"{BASE}/{number}/signature.json", unchecked="JSON").response.data)
    assert signature["fits"] is True


def test_nothing_typed_is_lost_when_somebody_else_wrote(manager: Browser, acme: House) -> None:
    number = planned(manager, acme)
    manager.get(f"{BASE}/{number}")
    doing.written(acme, number, but=tuple(one.id for one in doing.agenda().items if one.id != "audits"))
    page = manager.post_form({"words-audits": "My own words"}, action=f"{BASE}/{number}/minutes")
    assert "Somebody else changed this review" in page.text
    assert "My own words" in page.soup.select_one("[name='words-audits']").text


def test_an_input_computed_again_says_the_same_or_what_changed(
    manager: Browser, acme: House, clock: FrozenClock
) -> None:
    shape = doing.library.shared().register("risks")
    values = {"title": "Calls get lost", "kind": "risk", "consequence": "x", "likelihood": "likely",
              "impact": "serious",
              "treatment": "reduce", "what": "Three fields by keyboard"}  # fmt: skip
    doing.act(acme, registers.write, registers.WriteEntry(shape, values))
    clock.advance(days=1)
    number = planned(manager, acme)
    doing.frozen(acme, number)
    clock.advance(days=400)
    doing.act(acme, registers.change, registers.ChangeEntry(shape, "RISK-001", 1, values | {"title": "Found again"}))
    page = manager.get(f"{BASE}/{number}/inputs/risks?again=1")
    assert "it says the same" in page.text
    assert "Calls get lost" in page.text
    # Taking an entry out is told as it is; here it was in use on that day, so it still says the same
    doing.act(acme, registers.retire, registers.RetireEntry("risks", "RISK-001", "Gone"))
    assert "it says the same" in manager.get(f"{BASE}/{number}/inputs/risks?again=1").text
    with transaction(acme.system) as tx:
        tx.execute(db.text("UPDATE register_entry SET number = 'RISK-009'"))
    page = manager.get(f"{BASE}/{number}/inputs/risks?again=1")
    assert "it says something else" in page.text
    assert "RISK-009" in page.text
    kept = manager.get(f"{BASE}/{number}/inputs/risks.json", unchecked="JSON").response.data
    assert json.loads(kept)["tables"][0]["rows"][0][0] == "RISK-001"


def test_readers_read_and_do_not_write(browser: Callable[..., Browser], acme: House) -> None:
    number = doing.planned(acme)
    auditor = browser(acme, "internal-auditor")
    assert auditor.get(f"{BASE}/{number}").soup.select_one("textarea") is None
    auditor.get(f"{BASE}/{number}/people")
    browser(acme, "complaint-handler").get(f"{BASE}/{number}", status=403)


def test_the_interval_reminds_once_before_and_once_after(manager: Browser, acme: House, clock: FrozenClock) -> None:
    manager.get(f"{BASE}/interval")
    page = manager.post_form({"every_months": "6", "ahead_days": "14", "first_on": "2026-04-01"}, action="")
    assert "The next review is due on" in page.text
    sent = []
    for _step in range(70):
        reminding.remind()
        reminding.remind()
        with transaction(acme.system) as tx:
            sent.append(tx.execute(db.select(db.func.count()).select_from(outbox.OutboxMail)).scalar_one())
        clock.advance(days=1)
    people = sent[-1] // 2
    assert people > 0
    # 14 days before 1 April, and the day after it
    assert sent[:16] == [0] * 16
    assert sent[16:30] == [people] * 14
    assert sent[31:] == [2 * people] * 39
    number = doing.planned(acme)
    assert queries.by_number(reading(acme.system), number).state is State.PLANNED
