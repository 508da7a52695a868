"""A doubt in a room becomes a nonconformity after the visit: it arrives on paper, and its words are not typed again."""

import io

import pytest

from auditkit.base import clock as clock_module
from auditkit.base.db import reading, transaction
from auditkit.packs.rooms import queries, service
from auditkit.packs.rooms.rules import Verdict

from .test_rooms import CLAUSE, opened, pack_of

pytestmark = pytest.mark.usefixtures("key")


def test_a_doubt_is_put_on_record_as_the_bodys_nonconformity_with_its_paper(acme, year, instance, browser) -> None:
    room_id, _secret = opened(acme, pack_of(acme, instance))
    with transaction(acme.public) as tx:
        doubt = service.Judge(room_id, CLAUSE, Verdict.NOT_SUFFICIENT, "No programme & no <plan>", concern=True)
        service.judge(tx, doubt, clock_module.now(), acme.public)
    body = queries.room(reading(acme.system), room_id, clock_module.now().date()).body
    quality = browser(acme, "quality-manager")
    quality.get(f"/o/acme/packs/rooms/{room_id}")

    page = quality.follow("It became a nonconformity")
    assert page.soup.find("input", {"name": "body"})["value"] == body
    assert "ISO 10002" in page.soup.find("input", {"name": "clause"})["value"]
    assert page.soup.find("textarea", {"name": "statement"}).get_text().strip() == "No programme & no <plan>"
    scan = (io.BytesIO(b"%PDF-1.4 nonconformity sheet"), "sheet.pdf")
    values = {"number": "NC-7", "grade": "minor", "raised_on": clock_module.now().date().isoformat(), "files": scan}
    page = quality.post_form(values)

    assert page.title == "Nonconformity NC-7"
    assert "No programme & no <plan>" in page.text
    assert "sheet.pdf" in page.text


def test_who_may_not_see_the_room_gets_an_empty_form(acme, browser) -> None:
    quality = browser(acme, "quality-manager")
    for address in ("?origin=room-judgement&id=x", "?origin=nothing&id=1"):
        page = quality.get(f"/o/acme/actions/nonconformities/new{address}")
        assert not page.soup.find("input", {"name": "body"}).get("value")
