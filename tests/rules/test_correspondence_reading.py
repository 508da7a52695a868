"""Reading mails: letters out of bytes, words out of HTML, what a mail is, which case it belongs to."""

import base64
import email.header
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.base.errors import AuditkitError
from auditkit.complaints.correspondence.mail.bounces import bounce_of
from auditkit.complaints.correspondence.mail.charsets import decoded, header_text, storable
from auditkit.complaints.correspondence.mail.html import words_of
from auditkit.complaints.correspondence.mail.kinds import MailKind, kind_of
from auditkit.complaints.correspondence.mail.language import language_of
from auditkit.complaints.correspondence.mail.reading import read
from auditkit.complaints.correspondence.mail.threads import (
    TOKEN_LENGTH,
    new_and_quoted,
    references_in,
    reply_address,
    sign_of,
    signs_in,
)

TOKEN = "k7m2x4p5q6r3t2ab"


def mail(head: str, body: str = "body", encoding: str = "utf-8"):
    return read((head.replace("\n", "\r\n") + "\r\n\r\n" + body).encode(encoding))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, как дела", "koi8-r"),
        ("Привет, как дела", "windows-1251"),
        ("Γεια σας €", "windows-1253"),
        ("Şikâyet", "iso-8859-9"),
        ("“quoted” – dash", "cp1252"),
        ("سلام پاسخ", "cp1256"),
        ("გამარჯობა", "utf-8"),
    ],
)
def test_declared_character_sets_are_read(text, encoding):
    assert decoded(text.encode(encoding), encoding) == (text, True)


@pytest.mark.parametrize("name", ["x-unknown", "", None, "klingon", "base64", "rot13", "\x00", "utf-8\x00"])
def test_an_unknown_character_set_is_found_by_looking(name):
    assert decoded("Жалоба на доставку".encode(), name)[0] == "Жалоба на доставку"
    assert decoded("Жалоба на задержку доставки заказа".encode("cp1251"), name)[0].startswith("Жалоба")


def test_windows_letters_under_an_iso_name():
    assert decoded("“It’s”".encode("cp1252"), "iso-8859-1")[0] == "“It’s”"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?b?0JbQsNC70L7QsdCw?=", "Жалоба"),
        ("=?utf-8?q?caf=C3=A9?= and =?iso-8859-1?q?caf=E9?=", "café and café"),
        ("=?utf-8?b?0JbQsNC7?=\r\n =?utf-8?b?0L7QsdCw?=", "Жалоба"),
        ("plain\r\n folded", "plain folded"),
        ("=?utf-8?b?!!!!?=", "=?utf-8?b?!!!!?="),
        ("=?klingon?q?abc?=", "abc"),
    ],
)
def test_headers_are_decoded(raw, text):
    assert header_text(raw) == text


def test_a_header_with_raw_bytes_is_read():
    found = mail("From: a@b.example\nSubject: Жалоба", encoding="cp1251")
    assert found.subject == "Жалоба"


@pytest.mark.parametrize(
    ("sender", "wanted"),
    [
        ("Ann Smith <ann@b.example>", ("Ann Smith", "ann@b.example")),
        ('"Smith, Ann" <ann@b.example>', ("Smith, Ann", "ann@b.example")),
        ("ann@b.example", ("", "ann@b.example")),
        ("Smith, Ann <ann@b.example>", ("Smith, Ann", "ann@b.example")),
        ("=?utf-8?b?0JDQvdC90LA=?= <ann@b.example>", ("Анна", "ann@b.example")),
        ("=?utf-8?q?Smith=2C_Ann_=28Sales=29?= <ann@b.example>", ("Smith, Ann (Sales)", "ann@b.example")),
        ('"=?utf-8?b?0JDQvdC90LA=?=" <ann@b.example>', ("Анна", "ann@b.example")),
        ("=?utf-8?q?Ann_=3Cmallory=40x=2Eexample=3E?= <ann@b.example>", ("Ann <mallory@x.example>", "ann@b.example")),
    ],
)
def test_senders_are_read(sender, wanted):
    found = mail(f"From: {sender}\nSubject: x")
    assert (found.sender_name, found.sender_address) == wanted


def test_every_string_comes_through_as_mailers_send_it(shared):
    def words(text: str) -> str:
        return email.header.Header(text, "utf-8", maxlinelen=70).encode()

    texts: dict[str, None] = {}
    for path in sorted(shared("bad_inputs/strings/blns.json").parent.iterdir()):
        content = path.read_text(encoding="utf-8", errors="replace")
        texts |= dict.fromkeys(json.loads(content) if path.suffix == ".json" else content.splitlines())
    # A name of blanks is no name, and a mark of byte order alone no text
    tried = [text for text in texts if storable(text) == text and text.strip("\ufeff").split()]
    assert len(tried) > 1_500
    for text in tried:
        line = " ".join(text[:100].split())
        if not line:
            continue
        head = f"From: {words(line)} <ann@b.example>\nSubject: {words(line)}\nContent-Transfer-Encoding: base64"
        found = mail(f"{head}\nContent-Type: text/plain; charset=utf-8", base64.encodebytes(text.encode()).decode())
        said = (found.sender_address, found.sender_name, found.subject, " ".join(found.text.split()))
        assert said == ("ann@b.example", line, line, " ".join(text.split())), text


def test_times_are_read():
    head = (
        "Received: from b by a; Mon, 02 Mar 2026 10:00:00 +0200\n"
        "Received: from c by b; Sun, 01 Mar 2026 10:00:00 +0000\n"
        "From: a@b.example\nSubject: x\nDate: Mon, 02 Mar 2026 07:59:00 -0000"
    )
    found = mail(head)
    assert found.arrived_at == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    assert found.written_at == datetime(2026, 3, 2, 7, 59, tzinfo=UTC)


def test_flowed_text_is_put_together():
    head = "From: a@b.example\nSubject: x\nContent-Type: text/plain; format=flowed"
    assert mail(head, "one line \r\nthat goes on\r\n> quoted \r\nend").text == "one line that goes on\n> quoted \nend"


HTML = {
    "paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "breaks": ("a<br>b<br/>c", "a\nb\nc"),
    "script": ("<script>x()</script>a<style>p{}</style>", "a"),
    "entities": ("a &amp; b &lt;c&gt; &nbsp;d", "a & b <c> d"),
    "list": ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
    "link": ('<a href="https://x.example/1">here</a>', "here (https://x.example/1)"),
    "bare link": ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
    "bad link": ('<a href="javascript:alert(1)">here</a>', "here"),
    "picture": ('<img src="https://t.example/p.gif"><img alt="our logo" src="cid:1">', "[our logo]"),
    "hidden": ('<span style="display: none">secret</span><b hidden>no</b>yes', "yes"),
    "table": ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    "unclosed": ("<p>one<p>two<div>three", "one\n\ntwo\nthree"),
    "comment": ("a<!-- <script> -->b<![CDATA[x]]>", "ab"),
    "pre": ("<pre>a\nb</pre>", "a\nb"),
    "not html": ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
}


@pytest.mark.parametrize(("html", "text"), HTML.values(), ids=HTML)
def test_html_becomes_words(html, text):
    assert words_of(html) == text


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_any_html_gives_words(text):
    assert "\x00" not in words_of(text)
    assert "\x00" not in words_of(f"<p>{text}</p><script>{text}</script>")


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_a_mail_or_are_refused(data):
    for raw in (
        data,
        b"From: a@b.example\nSubject: x\n" + data,
        b"From: a@b\nContent-Type: multipart/mixed\n\n" + data,
    ):
        try:
            found = read(raw)
        except AuditkitError:
            continue
        assert "\x00" not in found.text + found.subject + found.sender_name
        assert not any("\ud800" <= char <= "\udfff" for char in found.text + found.subject + found.sender_address)
        kind_of(found)
        signs_in(found)
        references_in(found)
        bounce_of(found)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_header_is_text(text):
    header_text(text)
    header_text(email.header.Header("x"))


def test_the_sign_is_found_wherever_it_survives():
    sign = sign_of("C-2026-000123", TOKEN)
    places = [
        f"To: complaints+{sign}@acme.example\nSubject: x",
        f"To: x@acme.example\nSubject: Re: [{sign}] hello",
        f"To: x@acme.example\nSubject: AW: hello [{sign.upper()}]",
        "To: x@acme.example\nSubject: x",
    ]
    bodies = ["hi", "hi", "hi", f"hi\n> -- \n> When you answer\n> {sign}\n"]
    for head, body in zip(places, bodies, strict=True):
        (found,) = signs_in(mail(f"From: a@b.example\n{head}", body))
        assert (found.reference, found.token) == ("C-2026-000123", TOKEN)


def test_a_token_without_a_reference_is_no_sign():
    assert signs_in(mail("From: a@b.example\nSubject: x", f"{TOKEN} .{TOKEN}")) == []
    assert len(TOKEN) == TOKEN_LENGTH


def test_the_reply_address_carries_the_sign_where_it_can():
    assert reply_address("c@a.example", "C-1", TOKEN) == f"c+C-1.{TOKEN}@a.example"
    assert reply_address("c@a.example", "Ж/1", TOKEN) == "c@a.example"
    assert reply_address("c@a.example", "C" * 60, TOKEN) == "c@a.example"


QUOTED = {
    "nothing": ("just text", ("just text", "")),
    "arrows": ("yes\n\n> old\n> older", ("yes", "> old\n> older")),
    "head": ("yes\n\nOn Mon, 2 Mar 2026, Acme wrote:\n> old", ("yes", "On Mon, 2 Mar 2026, Acme wrote:\n> old")),
    "outlook": ("yes\n\n-----Original Message-----\nFrom: x\nold", ("yes", "-----Original Message-----\nFrom: x\nold")),
    "russian": ("да\n\n2 марта 2026 Acme пишет:\n> old", ("да", "2 марта 2026 Acme пишет:\n> old")),
    "only quoted": ("> all", ("> all", "")),
    "answer inside": ("> one\nyes\n> two\nno", ("> one\nyes\n> two\nno", "")),
}


@pytest.mark.parametrize(("text", "parts"), QUOTED.values(), ids=QUOTED)
def test_quotations_are_told_apart(text, parts):
    assert new_and_quoted(text) == parts


@given(st.text(alphabet=st.sampled_from("ab>\n :-On wrote"), max_size=60))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_by_telling_quotations_apart(text):
    new, quoted = new_and_quoted(text)
    assert f"{new}\n{quoted}".split() == text.split()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The kettle is broken", "en"),
        ("Чайник сломался", "ru"),
        ("ჩაიდანი გაფუჭდა", "ka"),
        ("کتری خراب شد", "fa"),
        ("Ο βραστήρας χάλασε", "el"),
        ("Çaydan xarab oldu, mənə kömək edin", "az"),
        ("Su ısıtıcısı bozuldu, şikâyetçiyim", "tr"),
        ("12345", "xx"),
    ],
)
def test_languages_are_guessed(text, language):
    assert language_of(text, "xx") == language


def test_a_bounce_that_nobody_standardised_is_understood():
    head = "From: Mail Delivery System <MAILER-DAEMON@mx.example>\nSubject: Mail delivery failed: returning message"
    found = mail(head, "ann@c.example: 550 5.1.1 unknown\n\n<abcdefghijklmnop.auditkit@acme.example>\n")
    assert kind_of(found) is MailKind.BOUNCE
    said = bounce_of(found)
    assert (said.action, said.status, said.message_ids) == (
        "failed",
        "5.1.1",
        ("<abcdefghijklmnop.auditkit@acme.example>",),
    )


def test_a_complaint_about_undelivered_mail_is_no_bounce():
    found = mail("From: ann@c.example\nSubject: Undelivered parcel, failure notice by your courier")
    assert kind_of(found) is MailKind.LETTER


def test_our_own_mail_that_comes_back_is_a_loop():
    head = "From: Acme <us@acme.example>\nSubject: x\nMessage-ID: <abcdefghijklmnop.auditkit@acme.example>"
    assert kind_of(mail(head), own_addresses=frozenset({"us@acme.example"})) is MailKind.OWN
