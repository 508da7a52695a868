"""Limits of attempts: counted for a network and an hour, across sessions; nothing in the tables names an address."""

import pytest
from flask_security import hash_password

from auditkit.accounts.models import Person
from auditkit.base import limits
from auditkit.base.db import db, reading, transaction
from auditkit.base.limits import Limit, LimitCount, LimitSalt, network
from tests.factories.refusals import refuses

THREE = Limit("test.three", 3)
HOME = "203.0.113.7"


def take(clock, address=HOME, **more):
    with transaction() as tx:
        return limits.take(tx, THREE, address, clock.at, **more)


def test_the_fourth_in_an_hour_is_too_many_and_the_next_hour_begins_anew(app, clock):
    clock.advance(minutes=40)
    assert [take(clock).exceeded for _ in range(4)] == [False, False, False, True]
    assert take(clock).minutes_left(clock.at) == 20
    assert limits.used(reading(), THREE, HOME, clock.at).count == 5
    clock.advance(minutes=20)
    assert not take(clock).exceeded


def test_networks_scopes_and_limits_are_counted_apart(app, clock):
    for _ in range(4):
        used = take(clock)
    assert used.exceeded
    assert not take(clock, "203.0.113.8").exceeded
    assert not take(clock, scope="2").exceeded
    with transaction() as tx:
        assert not limits.take(tx, Limit("test.other", 3), HOME, clock.at).exceeded


def test_what_is_given_back_does_not_count(app, clock):
    take(clock)
    for _ in range(2):  # never below nothing
        with transaction() as tx:
            limits.give_back(tx, THREE, HOME, clock.at)
    assert limits.used(reading(), THREE, HOME, clock.at).count == 0


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unix:", ""),
        (None, ""),
    ],
)
def test_a_household_is_one_network(address, counted_as):
    assert network(address) == counted_as


def test_no_address_is_kept_and_the_key_of_the_hashes_goes_with_its_day(app, clock):
    take(clock)
    first = [row.bucket for row in reading().query(LimitCount)]
    salt = reading().query(LimitSalt).one().salt
    assert HOME not in str(first)
    clock.advance(days=1)
    take(clock)
    assert reading().query(LimitSalt).one().salt != salt
    assert [row.bucket for row in reading().query(LimitCount).order_by(LimitCount.id)][-1] not in first
    clock.advance(days=2)
    take(clock)
    assert reading().query(LimitCount).count() == 1, "old counts are forgotten"


def test_the_limit_count_table_refuses_less_than_nothing(app, clock):
    refuses(LimitCount.__table__, "counts_are_not_negative", {"bucket": "x", "hour": clock.at, "count": -1})


def test_sign_in_is_refused_after_twenty_failures_also_with_the_right_words(acme, browser, clock):
    stranger = browser()
    for _ in range(20):
        stranger.get("/account/sign-in")
        stranger.post_form({"email": "a@b.example", "password": "wrong"})
    stranger.get("/account/sign-in")
    page = stranger.post_form({"email": "a@b.example", "password": "wrong"}, status=429)
    assert "Try again in 60 minutes" in page.text
    assert page.response.headers["Retry-After"] == "3600"
    clock.advance(hours=1)
    stranger.get("/account/sign-in")
    stranger.post_form({"email": "a@b.example", "password": "wrong"})


def test_who_signs_in_is_not_counted(acme, browser, clock):
    with transaction() as tx:
        tx.get(Person, acme.person("administrator")).password = hash_password("a long and sound one")
    for _ in range(22):
        visitor = browser()
        visitor.get("/account/sign-in")
        page = visitor.post_form({"email": "administrator@acme.example", "password": "a long and sound one"})
        assert page.path != "/account/sign-in"
    db.session.rollback()
    assert reading().query(LimitCount.count).scalar() == 0


def test_asking_for_mails_to_others_is_limited(acme, browser, clock):
    stranger = browser()
    for status in [200] * 10 + [429]:
        stranger.get("/account/reset")
        stranger.post_form({"email": "staff@acme.example"}, status=status)
