"""What a mailbox opens a mail as, and how a person sorts it anew."""

from auditkit.base.db import db, reading, transaction
from auditkit.complaints.intake import service as intake
from auditkit.journal.queries import timeline
from tests.slices.complaints.correspondence.mails import complaint, letter, sent, take, write


def keep_channels(house, clock, *kept):
    with transaction(house.system) as tx:
        for one in kept:
            intake.keep_channel(tx, one, clock.at, house.system)


def test_each_mail_channel_says_what_its_mails_open_as(app, acme, clock):
    keep_channels(
        acme,
        clock,
        intake.KeepChannel("Ideas", "Write to Ideas@acme.example, any time.", kind="suggestion"),
        intake.KeepChannel("Old box", "old@acme.example", kind="request", in_use=False),
    )

    def opened(number, **more):
        case = complaint(acme, take(app, acme, letter(message_id=f"<k{number}@c>", text=f"{number}", **more)).reference)
        return case.kind, case.channel

    assert opened(1) == ("complaint", "e-mail")
    assert opened(2, to="ideas@ACME.example") == ("suggestion", "Ideas")
    assert opened(3, Delivered_To="ideas@acme.example") == ("suggestion", "Ideas")
    assert opened(4, to="old@acme.example") == ("complaint", "e-mail"), "a channel out of use takes nothing"
    keep_channels(acme, clock, intake.KeepChannel("e-mail", kind="concern"))
    assert opened(5) == ("concern", "e-mail")


def test_what_a_mailbox_opens_is_set_on_the_page_of_its_channel(app, acme, clock, browser):
    chief = browser(acme, "administrator")
    chief.get("/o/acme/complaints/settings/channels/3")
    assert chief.post_form({"kind": "request"}, action="/channels/3").title == "Public pages and channels"
    assert complaint(acme, take(app, acme, letter()).reference).kind == "request"
    assert "An e-mail that comes by it" not in chief.get("/o/acme/complaints/settings/channels/1").text, "by phone none"


def test_a_handler_sorts_a_mail_anew_with_a_reason_and_its_thread_goes_on(app, acme, clock, browser):
    reference = take(app, acme, letter()).reference
    handler = browser(acme, "complaint-handler")
    path = f"/o/acme/complaints/{reference}/reclassify"
    handler.get(path)
    handler.post_form({"kind": "compliment", "reason": ""}, action="/reclassify")
    assert complaint(acme, reference).kind == "complaint", "not without a reason"
    handler.post_form({"kind": "compliment", "reason": "She praises the repair."}, action="/reclassify")
    db.session.rollback()
    case = complaint(acme, reference)
    assert (case.kind, case.stage) == ("compliment", "received")
    events = [one.event for one in timeline(reading(acme.system), acme.id, ("complaint", case.id))]
    assert "complaint:reclassified" in events
    write(acme, case.id, clock)
    answer = letter(subject=sent(acme).subject, message_id="<again@c.example>", text="You are welcome.")
    assert take(app, acme, answer).reference == reference
