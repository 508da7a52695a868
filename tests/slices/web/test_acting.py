"""What a page does with a form that was sent."""

import pytest
from flask import g
from sqlalchemy import select

from auditkit.accounts.models import Organisation
from auditkit.base.db import reading
from auditkit.base.errors import Conflict, NotFound, RuleBroken
from auditkit.base.text import N_
from auditkit.web.acting import done
from auditkit.web.forms import Form, LineField, required

pytestmark = pytest.mark.sqlite_only


class TooLoud(RuleBroken):
    """A rule of this test."""

    message = N_("Say it quietly")


class SayForm(Form):
    """A form of this test."""

    words = LineField("Words", [required("Enter the words")])
    mended_by = {TooLoud: "words"}


@pytest.fixture
def sent(app, acme):
    """`sent(words, refusal)`: (what `done` gave, the errors of the form, the organisation's name afterwards)."""

    def say(tx, command, now, actor, *, refusal=None):
        tx.scalars(select(Organisation).where(Organisation.id == actor.organisation_id)).one().name = command
        if refusal is not None:
            raise refusal
        return len(command)

    def send(words, method="POST", **more):
        with app.test_request_context("/", method=method, data={"words": words}):
            g.actor = acme.actor("quality-manager")
            form = SayForm(meta={"csrf": False})
            did = done(form, say, lambda: form.words.data, **more)
            return did, form.errors, reading(g.actor).get(Organisation, acme.id).name

    return send


def test_what_the_verb_gave_comes_back_and_is_stored(sent):
    did, errors, name = sent("Acme again")
    assert (did.gave, errors, name) == (10, {}, "Acme again")


def test_nothing_is_done_where_nothing_was_sent_or_a_field_is_wrong(sent, acme):
    before = reading(acme.system).get(Organisation, acme.id).name
    assert sent("Acme again", method="GET") == (None, {}, before)
    assert sent("") == (None, {"words": ["Enter the words"]}, before)


@pytest.mark.parametrize(
    ("refusal", "errors"),
    [
        (TooLoud(), {"words": ["Say it quietly"]}),
        (Conflict(N_("Somebody was quicker")), {"": ["Somebody was quicker"]}),
    ],
)
def test_a_refusal_stands_at_the_field_that_mends_it_and_nothing_is_stored(sent, acme, refusal, errors):
    before = reading(acme.system).get(Organisation, acme.id).name
    assert sent("ACME", refusal=refusal) == (None, errors, before)


def test_what_is_not_there_is_no_fault_of_a_field(sent):
    with pytest.raises(NotFound):
        sent("ACME", refusal=NotFound())
