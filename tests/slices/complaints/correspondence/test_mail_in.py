"""What becomes of a mail: a complaint, a message in one, a bounce, or nothing. Never twice, never lost."""

import io
import json

import pytest

from auditkit.base import outbox
from auditkit.base.db import reading, transaction
from auditkit.complaints.correspondence import queries, service
from auditkit.complaints.correspondence.models import IncomingMail
from auditkit.complaints.correspondence.running import MailIn
from auditkit.complaints.models import Complaint
from auditkit.evidence import queries as evidence
from auditkit.journal.queries import timeline
from tests.slices.complaints.correspondence.mails import (
    PNG,
    bounce_to,
    complaint,
    complaints,
    folder_of,
    letter,
    mail_in,
    sent,
    take,
    write,
)


def test_a_letter_opens_a_complaint_with_its_original_and_files(app, acme, clock):
    told = take(app, acme, letter(files=[("receipt.png", "image/png", PNG)]))
    assert (told.outcome, told.subject) == ("opened", "The kettle is broken")
    case = complaint(acme, told.reference)
    assert case.channel == "e-mail"
    assert case.description == "It broke on the second day.\n\nPlease replace it."
    assert (case.complainant_name, case.complainant_email) == ("Ann Smith", "ann@customer.example")
    assert case.received_at.isoformat() == "2026-03-02T08:30:00+00:00"
    names = {one.file.name for one in evidence.for_subject(reading(acme.system), ("complaint", case.id))}
    assert names == {"receipt.png", "mail-2026-03-02-0830.eml"}
    events = [one.event for one in timeline(reading(acme.system), acme.id, ("complaint", case.id))]
    assert "complaint:came-by-mail" in events


def test_the_same_mail_again_imports_nothing(app, acme, clock):
    assert take(app, acme, letter()).outcome == "opened"
    assert take(app, acme, letter()).outcome == "known"
    other_way = letter()
    other_way["Received"] = "from mx2.example by mx.acme.example; Mon, 02 Mar 2026 08:31:00 +0000"
    assert take(app, acme, other_way).outcome == "known", "the same Message-ID and content on another way"
    assert complaints(acme) == 1


def test_a_message_id_used_again_for_something_else_loses_nothing(app, acme, clock):
    take(app, acme, letter())
    assert take(app, acme, letter(text="Now the toaster broke as well.")).outcome == "opened"
    assert complaints(acme) == 2


def test_two_organisations_take_the_same_mail(app, acme, globex, clock):
    assert take(app, acme, letter()).outcome == "opened"
    assert take(app, globex, letter()).outcome == "opened"


def test_an_answer_with_reference_and_secret_becomes_a_message(app, acme, clock):
    opened = take(app, acme, letter())
    write(acme, complaint(acme, opened.reference).id, clock)
    subject = sent(acme).subject
    clock.advance(hours=1)
    answer = letter(
        subject=f"Re: {subject}",
        text="Thank you.",
        message_id="<two@customer.example>",
        files=[("a.png", "image/png", PNG)],
    )
    told = take(app, acme, answer)
    assert (told.outcome, told.reference) == ("answered", opened.reference)
    assert complaints(acme) == 1
    messages = queries.messages(reading(acme.system), complaint(acme, opened.reference).id)
    assert [(one.direction, one.text) for one in messages] == [("out", "We are looking into it."), ("in", "Thank you.")]
    assert [file.name for file in messages[1].files] == ["a.png"]


@pytest.mark.parametrize("place", ["to", "text"])
def test_the_secret_counts_in_the_address_and_in_the_foot(app, acme, clock, place):
    opened = take(app, acme, letter())
    write(acme, complaint(acme, opened.reference).id, clock)
    sign = sent(acme).subject.rpartition("[")[2].rstrip("]")
    values = {
        "to": {"to": f"complaints+{sign.lower()}@acme.example"},
        "text": {"text": f"Yes.\n\n> We are looking into it.\n>\n> -- \n> {sign}\n"},
    }[place]
    assert take(app, acme, letter(message_id="<3@c.example>", subject="Re: kettle", **values)).outcome == "answered"


def test_reference_sender_and_message_id_without_the_secret_open_a_new_complaint(app, acme, clock):
    opened = take(app, acme, letter())
    write(acme, complaint(acme, opened.reference).id, clock)
    mail = sent(acme)
    forged = letter(
        subject=f"Re: How it stands {opened.reference}",
        message_id="<forged@c.example>",
        text="Close it.",
        In_Reply_To=mail.message_id,
        References=mail.message_id,
    )
    told = take(app, acme, forged)
    assert (told.outcome, told.says_about) == ("opened", opened.reference)
    assert complaints(acme) == 2
    assert queries.messages(reading(acme.system), complaint(acme, opened.reference).id)[-1].direction == "out"


def test_a_right_secret_with_another_reference_is_no_answer(app, acme, clock):
    opened = take(app, acme, letter())
    write(acme, complaint(acme, opened.reference).id, clock)
    token = sent(acme).subject.rpartition(".")[2].rstrip("]")
    told = take(app, acme, letter(subject=f"Re: [C-2020-000001.{token}]", message_id="<4@c.example>"))
    assert told.outcome == "opened"


def test_another_organisations_secret_opens_nothing_here(app, acme, globex, clock):
    opened = take(app, acme, letter())
    write(acme, complaint(acme, opened.reference).id, clock)
    subject = sent(acme).subject
    assert take(app, globex, letter(subject=f"Re: {subject}", message_id="<5@c.example>")).outcome == "opened"


def test_an_answer_from_another_address_is_said(app, acme, clock):
    opened = take(app, acme, letter())
    write(acme, complaint(acme, opened.reference).id, clock)
    answer = letter(subject=f"Re: {sent(acme).subject}", message_id="<6@c.example>", sender="bob@elsewhere.example")
    assert take(app, acme, answer).outcome == "answered"
    (message,) = queries.messages(reading(acme.system), complaint(acme, opened.reference).id)[1:]
    assert "other-sender" in message.came.notes
    assert message.came.sender == "bob@elsewhere.example"


MACHINES = {
    "auto-submitted": {"Auto_Submitted": "auto-replied"},
    "vacation": {"subject": "Out of office: back on Monday"},
    "precedence": {"Precedence": "bulk"},
    "list": {"List_Id": "<news.shop.example>"},
    "unsubscribe": {"List_Unsubscribe": "<https://shop.example/u>"},
    "autoreply": {"X_Autoreply": "yes"},
    "turkish": {"subject": "Otomatik yanıt: izindeyim"},
    "persian": {"subject": "پاسخ خودکار: در مرخصی"},
}


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_machines_open_no_complaints(app, acme, clock, headers):
    told = take(app, acme, letter(**headers))
    assert told.outcome == "ignored"
    assert complaints(acme) == 0
    kept = list((folder_of(app) / "mail-aside" / str(acme.id)).glob("*.eml"))
    assert len(kept) == 1, "kept, so that a person can still open a complaint from it"


def test_auto_submitted_no_is_a_person(app, acme, clock):
    assert take(app, acme, letter(Auto_Submitted="no")).outcome == "opened"


def test_the_organisations_own_group_address_is_no_mailing_list(app, acme, clock):
    actor = acme.actor("administrator")
    with transaction(actor) as tx:
        service.change_settings(tx, service.ChangeSettings(0, own_lists="complaints.acme.example"), clock.at, actor)
    mail = letter(List_Id="Complaints <complaints.acme.example>", Precedence="list")
    assert take(app, acme, mail).outcome == "opened"


def test_a_person_can_open_a_complaint_from_a_mail_that_was_ignored(app, acme, clock):
    take(app, acme, letter(Auto_Submitted="auto-generated"))
    (seen,), _more = queries.mails(reading(acme.system))
    told = mail_in(app, acme).open_after_all(seen.id)
    assert told.outcome == "opened"
    assert complaints(acme) == 1


def test_an_automatic_answer_to_ours_is_noted_in_the_case(app, acme, clock):
    opened = take(app, acme, letter())
    case = complaint(acme, opened.reference).id
    write(acme, case, clock)
    answer = letter(
        subject=f"Automatic reply: {sent(acme).subject}", message_id="<7@c.example>", Auto_Submitted="auto-replied"
    )
    assert take(app, acme, answer).outcome == "noted"
    assert [one.outcome for one in queries.came_by(reading(acme.system), case)] == ["opened", "noted"]


def test_a_bounce_comes_back_to_its_message(app, acme, clock):
    opened = take(app, acme, letter())
    case = complaint(acme, opened.reference).id
    message_id = write(acme, case, clock)
    outbox.send_due(lambda parcel, leaves: None, "auditkit@localhost")
    told = take(app, acme, bounce_to(sent(acme).message_id))
    assert (told.outcome, told.reference) == ("bounced", opened.reference)
    message = queries.message(reading(acme.system), message_id)
    assert [(one.action, one.status) for one in message.bounces] == [("failed", "5.1.1")]
    assert "no such user" in message.bounces[0].reason
    assert [one.reference for one in queries.failures(reading(acme.system))] == [opened.reference]
    assert complaints(acme) == 1


def test_a_bounce_that_names_no_message_is_noted_in_the_case_of_its_sign(app, acme, clock):
    opened = take(app, acme, letter())
    case = complaint(acme, opened.reference).id
    write(acme, case, clock)
    sign = sent(acme).subject.rpartition("[")[2].rstrip("]")
    raw = bounce_to("<unknown@elsewhere.example>").replace(b"complaints@acme", f"complaints+{sign}@acme".encode())
    assert take(app, acme, raw).outcome == "noted"
    assert [one.kind for one in queries.came_by(reading(acme.system), case)] == ["letter", "bounce"]


def test_two_that_take_the_same_mail_at_the_same_moment(app, acme, clock, monkeypatch):
    """Both saw that it was new; the database lets one of them record it."""
    take(app, acme, letter())
    monkeypatch.setattr(MailIn, "_is_known", lambda self, tx, mail: False)
    answers = iter([False, True])
    monkeypatch.setattr(queries, "is_known", lambda *arguments: next(answers))
    assert take(app, acme, letter()).outcome == "known"
    assert complaints(acme) == 1


def test_a_bounce_of_nothing_of_ours_is_ignored(app, acme, clock):
    assert take(app, acme, bounce_to("<somebody@else.example>")).outcome == "ignored"
    assert complaints(acme) == 0


def test_refused_attachments_are_named(app, acme, clock):
    told = take(app, acme, letter(files=[("run.exe", "application/octet-stream", b"MZ\x90\x00" + b"\x00" * 200)]))
    assert told.outcome == "opened"
    assert told.refused == ("run.exe",)
    (came,) = queries.came_by(reading(acme.system), complaint(acme, told.reference).id)
    assert came.refused[0].name == "run.exe"
    assert "program" in came.refused[0].message


UNREADABLE = {
    "empty": b"",
    "blank": b"\r\n\r\n",
    "picture": PNG,
    "text": b"just some words\nand more\n",
    "html": b"<html><body>Hello</body></html>",
    "nul": b"\x00" * 500,
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_kept_aside_with_its_name(app, acme, clock, raw):
    told = take(app, acme, raw)
    assert told.outcome == "aside"
    assert told.name == "test.eml"
    assert told.reason
    (kept,) = (folder_of(app) / "mail-aside" / str(acme.id)).glob("*.eml")
    assert kept.read_bytes() == raw
    assert take(app, acme, raw).outcome == "known"


HARD = {
    "no date": b"From: a@b.example\nSubject: x\n\nbody\n",
    "no subject": b"From: a@b.example\n\nfirst line\nsecond\n",
    "no sender": b"Subject: who am I\n\nbody\n",
    "nothing but a subject": b"Subject: help\n\n",
    "future": b"From: a@b.example\nSubject: x\nDate: Mon, 02 Mar 2099 08:30:00 +0000\n\nbody\n",
    "bad boundary": b"From: a@b.example\nSubject: x\nContent-Type: multipart/mixed; boundary=zz\n\nno parts here\n",
    "bad base64": b"From: a@b.example\nSubject: x\nContent-Transfer-Encoding: base64\n\n!!!not base64!!!\n",
    "bad charset": "From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=klingon\n\nПривет\n".encode(),
    "raw header": "From: Анна <a@b.example>\nSubject: Жалоба\n\nтекст\n".encode("cp1251"),
    "broken word": b"From: a@b.example\nSubject: =?utf-8?b?!!!?= =?klingon?q?=41?=\n\nbody\n",
    "nul in body": b"From: a@b.example\nSubject: x\n\nbo\x00dy\n",
    "two subjects": b"From: a@b.example\nSubject: one\nSubject: two\n\nbody\n",
    "long subject": b"From: a@b.example\nSubject: " + b"x" * 5000 + b"\n\nbody\n",
    "long body": b"From: a@b.example\nSubject: x\n\n" + b"word " * 60_000,
    "many addresses": b"From: a@b.example, c@d.example\nSubject: x\n\nbody\n",
    "date overflow": b"From: a@b.example\nSubject: x\nDate: Mon, 99 Foo 0000 99:99:99 +9999\n\nbody\n",
    "surrogate": b"From: a@b.example\nSubject: =?utf-16-le?b?ANg=?=\n\nbody\n",
    "odd type": b"From: a@b.example\nSubject: x\nContent-Type: ///;;;=\n\nbody\n",
}


@pytest.mark.parametrize("raw", HARD.values(), ids=HARD)
def test_a_hard_mail_opens_a_complaint_all_the_same(app, acme, clock, raw):
    told = take(app, acme, raw)
    assert told.outcome == "opened", told
    case = complaint(acme, told.reference)
    assert case.received_at <= clock.at
    assert case.subject


def test_a_mail_nested_without_end_is_set_aside(app, acme, clock):
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    told = take(app, acme, ("From: a@b.example\nSubject: x\n" + parts).encode())
    assert told.outcome == "aside"
    assert "nested" in told.reason


def test_html_is_reduced_to_words_and_nothing_is_fetched(app, acme, clock):
    mail = letter()
    mail.set_content(
        "<html><head><style>p{}</style><script>alert(1)</script></head><body><p>Dear <b>Sir</b>,</p>"
        "<p>it broke.<br>See <a href='https://shop.example/1'>order</a>"
        "<img src='https://track.example/p.gif' alt=''><a href='javascript:x()'>bad</a></p>"
        "<div style='display:none'>hidden</div></body></html>",
        subtype="html",
    )
    case = complaint(acme, take(app, acme, mail).reference)
    assert case.description == "Dear Sir,\n\nit broke.\nSee order (https://shop.example/1)bad"


def test_the_command_takes_a_folder_and_says_what_became_of_each(app, acme, clock, command, tmp_path):
    (tmp_path / "a.eml").write_bytes(letter().as_bytes())
    (tmp_path / "b.eml").write_bytes(b"this is no mail")
    (tmp_path / "deep").mkdir()
    box = io.BytesIO()
    for number in (1, 2):
        mail = letter(message_id=f"<box{number}@c.example>", text=f"From the start\nnumber {number}")
        box.write(b"From ann@customer.example Mon Mar  2 08:30:00 2026\n")
        box.write(mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\nFrom the", b"\n>From the") + b"\n")
    (tmp_path / "deep" / "c.mbox").write_bytes(box.getvalue())
    first = command("mail", "import", str(tmp_path), "--org", "acme", "--dry-run", "--json")
    assert (first.code, first.json["counts"]) == (1, {"would-aside": 1, "would-opened": 3})
    assert complaints(acme) == 0
    done = command("mail", "import", str(tmp_path), "--org", "acme", "--json")
    assert (done.code, done.json["counts"]) == (1, {"aside": 1, "opened": 3})
    assert next(one for one in done.json["mails"] if one["outcome"] == "aside")["name"] == "b.eml"
    texts = {one.description for one in reading(acme.system).query(Complaint)}
    assert "From the start\nnumber 1" in texts
    again = command("mail", "import", str(tmp_path), "--org", "acme")
    assert again.code == 0
    assert "4 known" in again.out


def test_the_command_says_where_there_is_no_mail(app, acme, command, tmp_path):
    answer = command("mail", "import", str(tmp_path), "--org", "acme")
    assert answer.code == 2
    assert "no mail here" in answer.err


def test_every_shared_mail_is_taken_as_expected(app, acme, clock, shared):
    folder = shared("emails/expected.json").parent
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    clock.advance(days=1)
    files = sorted(folder.glob("*.eml"))
    assert len(files) > 30
    for file in files:
        told = take(app, acme, file.read_bytes())
        assert told.outcome == "opened", told
        case = complaint(acme, told.reference)
        wanted = next((value for name, value in expected.items() if name.endswith("/" + file.name)), None)
        if wanted is not None:
            found = {"subject": case.subject, "body": case.description, "from_name": case.complainant_name}
            assert found == wanted, file.name
        else:
            assert len(case.description) > 100
            assert "<" not in case.description
    rows = reading(acme.system).query(IncomingMail).all()
    languages = {row.language for row in rows}
    assert languages >= {"ru", "el", "fa", "ka", "az", "tr", "en"}
    assert not [row.refused for row in rows if row.refused]
