"""Messages: kept as sent, sent once, by the channel that reaches the complainant; any text, no header smuggled."""

import email
import email.policy
import io
import json
import re

import docx
import pytest

from auditkit.base import outbox
from auditkit.base.db import WrongScope, db, reading, transaction
from auditkit.base.delivery import by_smtp, to_folder
from auditkit.base.errors import Forbidden, NotFound
from auditkit.base.outbox import OutboxMail
from auditkit.complaints import service as complaints
from auditkit.complaints.correspondence import document, drafting, queries, rules, service, wording
from auditkit.complaints.correspondence.models import ComplaintThread
from auditkit.complaints.correspondence.service import Reply, Write
from auditkit.documents import catalogue, render
from auditkit.evidence import intake
from auditkit.evidence import service as evidence
from auditkit.journal.queries import timeline, verify
from tests.factories.smtp import MailServer


def registered(house, clock, subject="The kettle is broken", **identity):
    who = complaints.Identity(**{"name": "Ann Smith", "email": "ann@customer.example", **identity})
    actor = house.actor("complaint-handler")
    command = complaints.Register(subject, clock.at, "It broke.", complainant=who)
    with transaction(actor) as tx:
        return complaints.register(tx, command, clock.at, actor)


def write(house, clock, made, text="Hello", role="complaint-handler", **more):
    actor = house.actor(role)
    with transaction(actor) as tx:
        command = Write(made.id, more.pop("kind", "message"), text, more.pop("subject", "Hello"), **more)
        return service.write_to_complainant(tx, command, clock.at, actor)


def message(house, message_id):
    db.session.rollback()
    return queries.message(reading(house.system), message_id)


def parcels() -> list[OutboxMail]:
    db.session.rollback()
    return db.session.query(OutboxMail).filter(OutboxMail.about_kind != "").order_by(OutboxMail.id).all()


def test_an_e_mail_waits_and_then_the_message_knows_when_it_left(acme, clock):
    made = registered(acme, clock)
    message_id = write(acme, clock, made)
    assert message(acme, message_id).delivery == "waiting"
    assert message(acme, message_id).sent_at is None
    clock.advance(minutes=5)
    assert outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost") == 1
    found = message(acme, message_id)
    assert (found.delivery, found.sent_at) == ("sent", clock.at)
    events = [one.event for one in timeline(reading(acme.system), acme.id, ("complaint", made.id))]
    assert {"complaint:message-written", "complaint:message-sent"} <= set(events)
    assert verify(reading(acme.system), acme.id).bad is None


def test_the_mail_carries_what_brings_the_answer_back(acme, clock, tmp_path):
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        wanted = service.ChangeSettings(0, reply_address="complaints@acme.example", plus_addresses=True)
        service.change_settings(tx, wanted, clock.at, actor)
    made = registered(acme, clock)
    write(acme, clock, made)
    write(acme, clock, made, subject="Again")
    token = reading(acme.system).query(ComplaintThread).one().token
    outbox.send_due(to_folder(tmp_path), "auditkit@localhost")
    first, second = (
        email.message_from_bytes((tmp_path / name).read_bytes(), policy=email.policy.default)
        for name in sorted(
            (path.name for path in tmp_path.iterdir()), key=lambda name: b"Again" in (tmp_path / name).read_bytes()
        )
    )
    sign = f"{made.reference}.{token}"
    assert first["Subject"] == f"Hello [{sign}]"
    assert first["Reply-To"] == f"complaints+{sign}@acme.example"
    assert sign in first.get_content()
    assert first["From"] == "Acme Ltd <auditkit@localhost>"
    assert first["Auto-Submitted"] is None
    assert first["Message-ID"].endswith(".auditkit@acme.example>")
    assert second["In-Reply-To"] == first["Message-ID"]
    assert second["References"] == first["Message-ID"]


def test_what_cannot_be_delivered_comes_back_to_the_organisations_mailbox(acme, clock):
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        service.change_settings(tx, service.ChangeSettings(0, reply_address="complaints@acme.example"), clock.at, actor)
    write(acme, clock, registered(acme, clock))
    with MailServer() as server:
        assert outbox.send_due(by_smtp(server.url), "auditkit@localhost") == 1
        assert any("<complaints@acme.example>" in one for one in server.script.commands if one.startswith("mail FROM"))
        assert b"Envelope-From" not in server.script.taken[0]


def test_the_token_is_one_a_complaint_and_nobody_elses(acme, clock):
    one, other = registered(acme, clock), registered(acme, clock)
    for made in (one, one, other):
        write(acme, clock, made)
    tokens = {row.complaint_id: row.token for row in reading(acme.system).query(ComplaintThread)}
    assert len(set(tokens.values())) == 2


@pytest.mark.parametrize(
    ("identity", "channel", "delivery"),
    [({}, "e-mail", "waiting"), ({"email": ""}, "web", ""), ({"email": " "}, "web", "")],
)
def test_the_channel_is_the_best_there_is(acme, clock, identity, channel, delivery):
    made = registered(acme, clock, **identity)
    found = message(acme, write(acme, clock, made))
    assert (found.channel, found.delivery) == (channel, delivery)
    assert (found.sent_at is not None) == (channel == "web")


REFUSED = {
    "empty": ({"text": " "}, rules.TextMissing),
    "blank left": ({"text": "by ⟦day⟧"}, rules.BlankLeft),
    "nul": ({"text": "a\x00"}, rules.TextNotStorable),
    "half": ({"subject": "\ud800"}, rules.TextNotStorable),
    "long": ({"subject": "x" * 400}, rules.SubjectTooLong),
    "no number": ({"channel": "sms"}, rules.NoNumber),
    "no file": ({"files": [99]}, NotFound),
}


@pytest.mark.parametrize(("change", "error"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_sent_is_refused_and_nothing_is_kept(acme, clock, change, error):
    made = registered(acme, clock)
    with pytest.raises(error):
        write(acme, clock, made, **change)
    db.session.rollback()
    assert queries.messages(reading(acme.system), made.id) == []
    assert parcels() == []


@pytest.mark.parametrize("address", ["a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "nobody"])
def test_an_address_that_is_not_one_is_refused_before_it_can_do_harm(acme, clock, address):
    made = registered(acme, clock, email=address)
    with pytest.raises(rules.AddressUnusable):
        write(acme, clock, made)


def test_who_may_write_and_to_whom(acme, globex, clock):
    made = registered(acme, clock)
    with pytest.raises(Forbidden):
        write(acme, clock, made, role="internal-auditor")
    stranger = globex.actor("administrator")
    with transaction(stranger) as tx, pytest.raises(NotFound):
        service.write_to_complainant(tx, Write(made.id, "message", "x", "x"), clock.at, stranger)
    with transaction(acme.actor("complaint-handler")) as tx, pytest.raises(WrongScope):
        service.write_to_complainant(tx, Write(made.id, "message", "x", "x"), clock.at, stranger)


def test_files_of_another_organisation_do_not_go_along(acme, globex, clock):
    made = registered(acme, clock)
    theirs = globex.actor("administrator")
    received = intake.receive([(io.BytesIO(b"theirs"), "theirs.txt")])
    with transaction(theirs) as tx:
        (file_id,) = evidence.add(tx, evidence.Add(received), clock.at, theirs)
    with pytest.raises(NotFound):
        write(acme, clock, made, files=[file_id])


def test_a_reply_is_kept_and_read_once(acme, clock):
    made = registered(acme, clock)
    with transaction(acme.public) as tx:
        message_id = service.reply_from_complainant(tx, Reply(made.id, "Thank you"), clock.at, acme.public)
    found = message(acme, message_id)
    assert (found.direction, found.author, found.kind, found.sent_at) == ("in", "complainant", "reply", clock.at)
    first = clock.at
    for _ in range(2):
        with transaction(acme.system) as tx:
            service.mark_read(tx, service.MarkRead(message_id), clock.at, acme.system)
        clock.advance(hours=1)
    assert message(acme, message_id).read_at == first


def test_a_person_acknowledges_by_writing(acme, clock):
    made = registered(acme, clock)
    actor = acme.actor("complaint-handler")
    with transaction(actor) as tx:
        service.send_letter(tx, Write(made.id, "acknowledgement", "We have it", "We have it"), clock.at, actor)
    assert queries.facts(reading(acme.system), made.reference).stage == "acknowledged"
    with transaction(actor) as tx:  # a second one is only a letter
        service.send_letter(tx, Write(made.id, "acknowledgement", "Once more", "x"), clock.at, actor)
    with transaction(actor) as tx:  # nor does a decision that is not recorded stop a letter
        service.send_letter(tx, Write(made.id, "decision", "No", "x"), clock.at, actor)


def test_automatic_acknowledgements_are_counted_apart(acme, clock):
    actor, begin = acme.actor("complaint-handler"), clock.at
    by_person, automatic, both = (registered(acme, clock) for _ in range(3))
    for made, is_automatic in ((by_person, False), (automatic, True), (both, True), (both, False)):
        write(acme, clock, made, kind="acknowledgement", automatic=is_automatic)
    clock.advance(days=1)
    write(acme, clock, registered(acme, clock), kind="acknowledgement")
    found = queries.acknowledgements(reading(actor), begin, clock.at)
    assert (found.by_person, found.automatic_only) == (2, 1)


def test_a_letter_that_waits_for_the_post_is_posted_once(acme, clock):
    made = registered(acme, clock)
    actor = acme.actor("complaint-handler")
    message_id = write(acme, clock, made, channel="post")
    assert message(acme, message_id).waits_for_post
    with transaction(actor) as tx:
        service.mark_posted(tx, service.MarkPosted(message_id, clock.at), clock.at, actor)
    with transaction(actor) as tx, pytest.raises(rules.NotToBePosted):
        service.mark_posted(tx, service.MarkPosted(message_id, clock.at), clock.at, actor)
    assert parcels() == []


def test_trying_again_uses_the_address_of_now_and_is_on_record(acme, clock):
    made = registered(acme, clock)
    actor = acme.actor("complaint-handler")
    message_id = write(acme, clock, made)
    with transaction(actor) as tx, pytest.raises(rules.NotToBeTried):
        service.try_again(tx, service.TryAgain(message_id), clock.at, actor)

    def refuse(parcel, content_leaves):
        raise ValueError("no")

    outbox.send_due(refuse, "auditkit@localhost")
    with transaction(actor) as tx:
        service.try_again(tx, service.TryAgain(message_id), clock.at, actor)
    assert outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost") == 1
    events = [one.event for one in timeline(reading(acme.system), acme.id, ("complaint", made.id))]
    assert {"complaint:message-not-sent", "complaint:message-tried-again", "complaint:message-sent"} <= set(events)


@pytest.mark.parametrize("channel", ["sms", "chat"])
def test_an_sms_or_a_chat_message_goes_to_the_number(acme, clock, channel):
    made = registered(acme, clock, phone="+995 (555) 12-34-56")
    write(acme, clock, made, channel=channel, text="Short")
    (parcel,) = parcels()
    assert (parcel.channel, parcel.recipient, parcel.body, parcel.headers) == (channel, "+995555123456", "Short", {})


NAUGHTY = {
    "blns.json": 400,
    "fuzzdb_right-to-left.txt": 1,
    "fuzzdb_naughty-unicode.txt": 10,
    "fuzzdb_terminal-escape-codes.txt": 1,
    "fuzzdb_corrupted.txt": 1,
}
"""Lists of strings, and how many each has at least. In letters, control characters have no place; in mails they do."""
CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def naughty(shared, name="blns.json") -> list[str]:
    raw = shared(f"bad_inputs/strings/{name}").read_bytes().decode("utf-8", "replace")
    texts = json.loads(raw) if name.endswith(".json") else raw.split("\n")
    found = [text for text in texts if text.strip() and "\x00" not in text]
    assert len(found) >= NAUGHTY[name]
    return found


def printed(text: str) -> list[str]:
    """The lines of a letter: what a Word file can hold of it."""
    return CONTROLS.sub("", text).split("\n")


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", NAUGHTY)
def test_naughty_strings_come_through_messages_mails_and_letters_as_they_are(acme, clock, shared, tmp_path, name):
    texts = naughty(shared, name)
    made = registered(acme, clock)
    whole = "\n".join(texts)
    actor = acme.actor("complaint-handler")
    with transaction(actor) as tx:
        commands = [Write(made.id, "message", text, text[:200]) for text in texts]
        ids = [service.write_to_complainant(tx, one, clock.at, actor) for one in commands]
    db.session.rollback()
    kept = {one.id: one for one in queries.messages(reading(acme.system), made.id)}
    assert [kept[one].text for one in ids] == texts
    assert outbox.send_due(to_folder(tmp_path), "auditkit@localhost") == len(texts)
    arrived = set()
    for path in tmp_path.iterdir():
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert set(mail.keys()) <= {
            "From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding",
            "MIME-Version", "Content-Language", "In-Reply-To", "References",
        }  # fmt: skip
        arrived.add(mail.get_content().replace("\r\n", "\n").rpartition("\n\n-- \n")[0])
    lines = {text.rstrip().replace("\r\n", "\n").replace("\r", "\n") for text in texts}
    assert {one.rstrip() for one in arrived} == lines
    facts = queries.facts(reading(acme.system), made.reference)
    sent = message(acme, write(acme, clock, made, text=whole, channel="post"))
    out = io.BytesIO()
    letter = document.letter(sent, facts, "Acme Ltd", "0.1.0")
    render.render(catalogue.entry(document.LETTER).file, catalogue.data_of(letter), out)
    letter_text = "\n".join(paragraph.text for paragraph in docx.Document(out).paragraphs)
    for line in {part.strip() for text in texts for part in printed(text) if part.strip()}:
        assert line in letter_text, repr(line)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("name", NAUGHTY)
def test_naughty_strings_in_a_complaint_stay_text_in_its_letters(acme, clock, shared, name):
    letter = wording.supplied("acknowledgement", "en")
    texts = naughty(shared, name)
    for text in texts[:: 7 if len(texts) > 100 else 1]:
        subject = text[:200].strip()
        if not subject:
            continue
        made = registered(acme, clock, subject=subject, name=text[:150], email="")
        facts = queries.facts(reading(acme.system), made.reference)
        draft = drafting.begin(reading(acme.system), letter, facts, handler="Nino", now=clock.at)
        assert f"“{subject.strip()}”" in draft.text
