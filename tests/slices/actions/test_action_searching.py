"""Actions are found by words in any spelling of any script, whatever the database; the text keeps step with it."""

import pytest
from flask import Flask

from auditkit.actions import queries, service
from auditkit.actions.queries import Order, Wanted
from auditkit.base.db import db, reading
from auditkit.instance import migrate
from tests.conftest import House
from tests.slices.actions.doing import act, opened

pytestmark = pytest.mark.usefixtures("clock")


def found(acme: House, text: str) -> list[str]:
    return [one.number for one in queries.page(reading(acme.system), Wanted(text=text), Order.DUE)[0]]


SPELLINGS = (
    ("Žaloba na zpoždění", "ŽALOBA ZPOZDENI"),
    ("Ответы вовремя", "ОТВЕТЫ"),
    ("ΑΠΆΝΤΗΣΗ εγκαίρως", "απαντηση"),
    ("Şikayət vaxtında", "SIKAYET"),
    ("پاسخ به‌موقع به شكايت", "شکایت پاسخ"),
    ("100% of calls_back", "100% calls_back"),
)


def test_found_in_any_spelling(acme: House) -> None:
    numbers = {title: opened(acme, title=title) for title, _asked in SPELLINGS}
    for title, asked in SPELLINGS:
        assert found(acme, asked) == [numbers[title]]
        assert found(acme, f"{asked} nowhere") == []


def test_the_text_follows_the_action_and_stays_with_its_organisation(acme: House, globex: House) -> None:
    number = opened(acme, origin_title="Türen standen offen")
    assert found(acme, "TUREN " + number) == [number]
    assert found(globex, "Türen") == []
    action = queries.by_number(reading(acme.system), number)
    change = service.ChangeAction(
        number, action.version, action.kind, "Schlösser", action.owner_id, action.due_on, cause="ÖL FEHLT"
    )
    act(acme.actor("internal-auditor"), service.change, change)
    assert found(acme, "öl schlosser") == [number]
    assert found(acme, "Change the lock") == []


def test_actions_of_before_are_found_after_the_revision(app: Flask, acme: House) -> None:
    number = opened(acme, title="ΑΠΆΝΤΗΣΗ")
    db.session.remove()
    migrate.downgrade(app, "0033")
    migrate.upgrade(app)
    assert found(acme, "απαντηση") == [number]
