"""The acknowledgement that goes out by itself for a mail that came in, and when none does."""

import pytest

from auditkit.base import outbox
from auditkit.base.db import db, reading, transaction
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import queries as register
from auditkit.complaints import service as complaint_service
from auditkit.complaints.correspondence import queries, rules, service
from auditkit.complaints.intake import service as intake
from tests.slices.complaints.correspondence.mails import complaint, letter, sent, take


def test_an_automatic_acknowledgement_is_sent_where_wanted_and_does_not_count_as_a_persons(app, acme, clock):
    actor = acme.actor("administrator")
    wanted = service.ChangeSettings(0, reply_address="complaints@acme.example", automatic_acknowledgement=True)
    with transaction(actor) as tx:
        service.change_settings(tx, wanted, clock.at, actor)
    told = take(
        app, acme, letter(text="Чайник сломался на второй день. Прошу заменить."), tracking="https://x.example/t"
    )
    case = complaint(acme, told.reference)
    assert (case.stage, case.acknowledged_at) == ("received", None)
    (message,) = queries.messages(reading(acme.system), case.id)
    assert (message.kind, message.automatic, message.language) == ("acknowledgement", True, "ru")
    mail = sent(acme)
    assert mail.headers["Auto-Submitted"] == "auto-replied"
    assert mail.headers["In-Reply-To"] == "<one@customer.example>"
    secret = mail.hidden[0]
    assert secret in mail.body
    assert secret not in message.text, "the secret of the tracking page is sent, not kept"
    outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost")
    db.session.expire_all()
    assert secret not in sent(acme).body
    assert register.by_reference(reading(acme.system), told.reference).acknowledged_at is None


def test_it_counts_where_the_organisation_says_so(app, acme, clock):
    actor = acme.actor("administrator")
    wanted = service.ChangeSettings(0, automatic_acknowledgement=True, automatic_counts=True)
    with transaction(actor) as tx:
        service.change_settings(tx, wanted, clock.at, actor)
    case = complaint(acme, take(app, acme, letter()).reference)
    assert (case.stage, case.acknowledged_at) == ("acknowledged", clock.at)


def test_archives_loops_and_old_mails_are_not_answered(app, acme, clock):
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        service.change_settings(tx, service.ChangeSettings(0, automatic_acknowledgement=True), clock.at, actor)
    take(app, acme, letter(date="Mon, 02 Feb 2026 08:30:00 +0000"))
    take(app, acme, letter(message_id="<8@c.example>", text="2"), acknowledge=False)
    assert reading(acme.system).query(OutboxMail).filter(OutboxMail.about_kind != "").count() == 0
    for number in range(5):
        take(app, acme, letter(message_id=f"<n{number}@c.example>", text=f"again {number}"))
    assert reading(acme.system).query(OutboxMail).filter(OutboxMail.about_kind != "").count() == 3


def test_a_complaint_from_the_public_form_is_acknowledged_the_same_way(app, acme, clock):
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        service.change_settings(tx, service.ChangeSettings(0, automatic_acknowledgement=True), clock.at, actor)
    made = []
    for number, preference in enumerate(("e-mail", "page")):
        sending = intake.Send(
            ticket=f"ticket-{number}",
            secret="7K2QF-9XWRM-0TB4C-HJ8PD",
            organisation="Acme Ltd",
            complaint=complaint_service.Register(
                "The kettle", clock.at, complainant=complaint_service.Identity(email="ann@customer.example")
            ),
            asked=intake.Asked(language="ka", consent=True, preference=preference),
        )
        with transaction(acme.public) as tx:
            made.append(intake.receive(tx, sending, clock.at, acme.public).id)
    (message,) = queries.messages(reading(acme.system), made[0])
    assert (message.automatic, message.language, message.delivery) == (True, "ka", "waiting")
    assert sent(acme).headers["Auto-Submitted"] == "auto-generated"
    assert queries.messages(reading(acme.system), made[1]) == [], "who does not want e-mail gets none"


def test_an_own_automatic_wording_that_nobody_can_fill_in_is_refused_when_it_is_written(acme, clock):
    actor = acme.actor("administrator")
    with transaction(actor) as tx, pytest.raises(rules.LetterBroken, match="due"):
        wording = service.ChangeWording("automatic", "en", 0, "S", "Your decision comes by {{ due }}")
        service.change_wording(tx, wording, clock.at, actor)


# What a mail opens as
