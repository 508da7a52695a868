"""The public form, the receipt and the complainant's own page, over HTTP."""

import hmac
import io
import json
import re
import shutil
import subprocess
from datetime import date

import pytest
from sqlalchemy import event

from auditkit.app import create_app
from auditkit.base import keyring, limits, signing
from auditkit.base.db import db, reading, transaction
from auditkit.base.errors import BadInput
from auditkit.complaints.intake import queries, rules, service
from auditkit.complaints.intake.models import ComplaintTracking
from auditkit.complaints.intake.public_views import form as public_form
from auditkit.complaints.models import Complaint
from auditkit.evidence import queries as evidence
from auditkit.journal import queries as journal
from tests.slices.complaints.intake.filling import PNG, STORY, receipt_of, send
from tests.slices.complaints.recording import many, raw


def complaint(tx):
    return tx.query(Complaint).one()


def upload(name: str, data: bytes):
    return (io.BytesIO(data), name)


def test_a_stranger_complains_and_gets_a_receipt_and_a_page(acme, browser, clock):
    stranger = browser()
    said = {"happened_on": "2026-02-27", "product": "Kettle", "order_reference": "A 17", "site": "Old Town"}
    said |= {"batch": "LOT 5", "purchased_on": "2026-02-01", "contact_person": "The neighbour"}
    page = send(stranger, clock, **said)
    assert page.path == "/p/acme/complaints/receipt", page.text
    reference, secret = receipt_of(page)
    page = stranger.follow("See how it stands")
    assert reference in page.text
    assert "It never came" in page.text
    assert secret not in str(page.soup), "shown on the receipt and nowhere else"
    stored = complaint(reading(acme.system))
    assert (stored.channel, stored.product, stored.site) == ("web", "Kettle", "Old Town")
    known = queries.known(reading(acme.system), stored.id)
    assert (known.order_reference, known.language, known.anonymous) == ("A 17", "en", False)
    assert (known.batch, known.purchased_on, known.contact_person) == ("LOT 5", date(2026, 2, 1), "The neighbour")
    assert known.consent_at == stored.received_at


def test_a_failed_form_keeps_every_word_and_every_file(acme, browser, clock):
    stranger = browser()
    page = send(stranger, clock, description="", files=[upload("a.png", PNG), upload("evil.exe", b"MZ" + b"\0" * 200)])
    assert "Tell us what happened" in page.text
    assert "evil.exe" in page.text, "the refused file is named"
    assert "program" in page.text, page.text
    assert page.soup.find("input", {"name": "subject"})["value"] == "Parcel lost"
    assert page.soup.find("label", {"for": "drop-1"}).get_text(" ", strip=True) == "Take out a.png"
    page = stranger.post_form({"description": "It never came"}, action="/new")
    assert page.path.endswith("/receipt")
    files = evidence.for_subject(reading(acme.system), ("complaint", complaint(reading(acme.system)).id))
    assert [one.file.name for one in files] == ["a.png"]
    page = stranger.follow("See how it stands")
    assert stranger.follow("a.png").response.get_data() == PNG


@pytest.mark.sqlite_only
def test_of_two_that_send_one_form_at_the_same_moment_neither_meets_a_fault(acme, browser, clock, monkeypatch):
    """The one that comes second finds the files gone, and the complaint on record."""
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    stranger.post_form({"files": [upload("a.png", PNG), upload("b.png", PNG)], "keep": "files"}, action="/new")
    receive = public_form.receive_draft

    def gone(draft):
        draft.discard()
        return receive(draft)

    monkeypatch.setattr(public_form, "receive_draft", gone)
    clock.advance(seconds=40)
    assert stranger.post_form(STORY, action="/new").path.endswith("/receipt")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"consent": ""}, "Tick that we may keep and use"),
        ({"email": ""}, "choose to stay anonymous"),
        ({"whose": "anonymous"}, "You chose to stay anonymous. Take this out"),
        ({"whose": "other"}, "Enter the name of the person you act for"),
        ({"for_name": "Aunt Ada"}, "Say why you may act for this person"),
        ({"happened_on": "2026-12-24"}, "not after the complaint was received"),
        ({"email": "nowhere"}, "such as name@example.org"),
        ({"website": "http://spam.example"}, "Leave the field that says"),
        ({"subject": "x" * 201}, "Enter at most 200 characters"),
        ({"description": "a\x00b"}, "cannot be stored"),
    ],
)
def test_errors_say_what_to_do_and_nothing_is_recorded(acme, browser, clock, more, said):
    page = send(browser(), clock, **more)
    assert said in page.text
    assert "There is a problem" in page.text
    assert reading(acme.system).query(Complaint).count() == 0


def test_who_stays_anonymous_leaves_nothing_behind_and_is_told_the_way_back(acme, browser, clock):
    stranger = browser()
    page = send(stranger, clock, name="", email="", whose="anonymous")
    assert page.path.endswith("/receipt")
    assert "the only way between you and us" in stranger.follow("See how it stands").text
    known = queries.known(reading(acme.system), complaint(reading(acme.system)).id)
    assert known.anonymous
    assert known.preference == "page"


def test_who_acts_for_somebody_says_why(acme, browser, clock):
    page = send(browser(), clock, whose="other", for_name="Aunt Ada", authority="I am the niece")
    assert page.path.endswith("/receipt")
    stored = complaint(reading(acme.system))
    known = queries.known(reading(acme.system), stored.id)
    assert (stored.complainant_name, known.representative, known.authority) == ("Aunt Ada", "Zoë", "I am the niece")
    assert stored.complainant_email == "zoe@c.example"


def test_the_form_speaks_the_language_that_was_chosen_and_keeps_it(acme, browser, clock):
    stranger = browser()
    page = stranger.get("/p/acme/complaints/new?language=fa")
    assert page.soup.html["dir"] == "rtl"
    clock.advance(seconds=40)
    stranger.post_form(STORY, action="/new")
    assert queries.language_of(reading(acme.system), complaint(reading(acme.system)).id) == "fa"


def test_the_same_form_sent_twice_is_one_complaint_with_one_receipt(acme, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    form = {
        field["name"]: field.get("value", "")
        for field in stranger.page.form("/new").find_all("input", {"type": "hidden"})
    }
    clock.advance(seconds=40)
    first = receipt_of(stranger.post("/p/acme/complaints/new", {**form, **STORY}))
    again = receipt_of(stranger.post("/p/acme/complaints/new", {**form, **STORY}))
    assert first == again
    assert reading(acme.system).query(Complaint).count() == 1


def test_the_form_sent_again_after_a_new_secret_was_given_out_leads_to_the_way_in(acme, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    ticket = stranger.page.form("/new").find("input", {"name": "ticket"})["value"]
    clock.advance(seconds=40)
    reference, _secret = receipt_of(stranger.post("/p/acme/complaints/new", {**STORY, "ticket": ticket}))
    handler = acme.actor("complaint-handler")
    with transaction(handler) as tx:
        command = service.Reissue(reference, "7K2QF-9XWRM-0TB4C-HJ8PD", "She came by", "print")
        service.reissue(tx, command, clock.at, handler)
    page = stranger.post("/p/acme/complaints/new", {**STORY, "ticket": ticket})
    assert page.path.endswith("/track")
    assert reading(acme.system).query(Complaint).count() == 1


def test_a_browser_without_cookies_gets_its_receipt_at_once(app, acme, clock):
    client = app.test_client(use_cookies=False)
    page = client.get("/p/acme/complaints/new").get_data(as_text=True)
    ticket = re.search(r'name="ticket"[^>]*value="([^"]+)"', page)[1]
    db.session.rollback()
    clock.advance(seconds=40)
    answer = client.post("/p/acme/complaints/new", data={**STORY, "ticket": ticket})
    assert answer.status_code == 200
    assert receipt_of(type("Page", (), {"text": answer.get_data(as_text=True)}))


def test_a_form_left_open_for_days_is_told_so_and_its_text_stays(acme, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    clock.advance(days=2)
    page = stranger.post_form(STORY, action="/new")
    assert "open for more than a day" in page.text
    clock.advance(seconds=40)
    assert stranger.post_form(action="/new").path.endswith("/receipt")


def test_a_form_sent_at_once_is_asked_for_once_more(acme, browser, clock):
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    assert "That was very fast" in stranger.post_form(STORY, action="/new").text
    clock.advance(seconds=5)
    assert stranger.post_form(action="/new").path.endswith("/receipt")


def test_many_from_one_network_wait_or_prove_and_beyond_the_limit_are_told_when_and_how_else(acme, browser, clock):
    with transaction(acme.system) as tx:
        service.keep_settings(tx, service.KeepSettings(phone="+44 20 1234"), clock.at, acme.system)
    for _ in range(rules.FREE_AN_HOUR):
        send(browser(), clock)
    stranger = browser()
    page = send(stranger, clock)
    assert "Wait half a minute" in page.text
    assert "Wait half a minute" in stranger.post_form(action="/new").text, "at once is too early"
    clock.advance(seconds=31)
    assert stranger.post_form(action="/new").path.endswith("/receipt"), "without JavaScript it takes half a minute"
    stranger = browser()
    page = stranger.get("/p/acme/complaints/new")
    form = page.form("/new")
    bits, ticket = int(form["data-bits"]), form["data-ticket"]
    proof = next(str(number) for number in range(10**7) if rules.proof_fits(ticket, str(number), bits))
    clock.advance(seconds=4)
    assert stranger.post_form({**STORY, "proof": proof}, action="/new").path.endswith("/receipt"), "the browser's way"
    with transaction() as tx:
        for _ in range(rules.FORM_LIMIT.an_hour):
            limits.take(tx, rules.FORM_LIMIT, "127.0.0.1", clock.at, scope=str(acme.id))
    stranger = browser()
    stranger.get("/p/acme/complaints/new")
    clock.advance(seconds=40)
    page = stranger.post_form(STORY, action="/new", status=429)
    assert "+44 20 1234" in page.text
    assert re.search(r"Try again in \d+ minutes", page.text)
    assert page.soup.find("input", {"name": "subject"})["value"] == "Parcel lost", "nothing is lost"


def test_the_wrong_secret_and_the_wrong_reference_get_the_same_answer_and_cost_the_same(
    acme, browser, clock, monkeypatch
):
    reference, _secret = receipt_of(send(browser(), clock))
    hashed = []
    real = rules.secret_digest
    monkeypatch.setattr(queries, "secret_digest", lambda text: hashed.append(text) or real(text))
    compared = []
    real_compare = hmac.compare_digest
    monkeypatch.setattr(queries.hmac, "compare_digest", lambda a, b: compared.append(len(a)) or real_compare(a, b))

    def ask(reference, secret):
        stranger = browser()
        stranger.get("/p/acme/complaints/track")
        hashed.clear(), compared.clear()
        page = stranger.post_form({"reference": reference, "secret": secret}, action="/track")
        body = re.sub(r'name="csrf_token" value="[^"]*"|nonce="[^"]*"', "", page.response.get_data(as_text=True))
        return body.replace(reference, "REFERENCE"), len(hashed), [one for one in compared if one == 64]

    wrong_secret = ask(reference, "AAAAA-AAAAA-AAAAA-AAAAA")
    wrong_reference = ask("C-2026-999999", "AAAAA-AAAAA-AAAAA-AAAAA")
    assert wrong_secret == wrong_reference
    assert wrong_secret[1:] == (1, [64])
    assert "do not open a page together" in wrong_secret[0]


def test_the_database_is_asked_the_same_whatever_is_wrong(acme, globex, browser, clock):
    """Neither how often it is asked nor what it has to fetch tells whether a reference exists."""
    reference, secret = receipt_of(send(browser(), clock, description="long " * 3_000))
    many(acme.id, [raw(acme.id, 900)])  # as an import leaves it: without a secret
    other, _secret = receipt_of(send(browser(), clock, house="globex"))
    asked: list[tuple[str, int]] = []

    def note(_connection, cursor, statement, *_more):
        asked.append((statement, len(cursor.description or ())))

    def ask(typed: str, hidden: str) -> tuple[list[tuple[str, int]], list[str]]:
        stranger = browser()
        stranger.get("/p/acme/complaints/track")
        asked.clear()
        event.listen(db.engine, "after_cursor_execute", note)
        try:
            page = stranger.post_form({"reference": typed, "secret": hidden}, action="/track")
        finally:
            event.remove(db.engine, "after_cursor_execute", note)
        return list(asked), [page.path, *sorted(page.response.headers.keys())]

    wrong = "AAAAA-AAAAA-AAAAA-AAAAA"
    tries = [ask(reference, wrong), ask("C-2026-999999", wrong), ask("C-2026-000900", wrong), ask("x" * 60, wrong)]
    assert len(tries[0][0]) > 2
    assert tries == [tries[0]] * 4
    assert other == reference, "the same number stands in the other house"
    assert ask(reference, secret)[1][0].endswith("/mine")
    fetched = [columns for statement, columns in tries[0][0] if "complaint_tracking" in statement]
    assert fetched == [1], "the digest alone"


def test_reference_and_secret_open_the_page_however_they_are_typed(acme, globex, browser, clock):
    reference, secret = receipt_of(send(browser(), clock))
    sloppy = secret.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    stranger = browser()
    stranger.get("/p/acme/complaints/track")
    page = stranger.post_form({"reference": f" {reference.lower()} ", "secret": sloppy}, action="/track")
    assert page.path == "/p/acme/complaints/mine"
    assert "It never came" in page.text
    stranger.get("/p/globex/complaints/track")
    page = stranger.post_form({"reference": reference, "secret": secret}, action="/track")
    assert "do not open a page together" in page.text, "another organisation's page"


def test_the_way_in_is_limited_for_a_network(acme, browser, clock):
    stranger = browser()
    for status in [200] * rules.TRACK_LIMIT.an_hour + [429]:
        stranger.get("/p/acme/complaints/track")
        page = stranger.post_form({"reference": "C-2026-000001", "secret": "x"}, action="/track", status=status)
    assert "Try again in 60 minutes" in page.text


def test_the_secret_stands_in_no_address_no_log_and_no_referrer(acme, browser, clock, caplog):
    stranger = browser()
    addresses = []
    real = stranger._open

    def noted(url, method, *arguments, **more):
        page = real(url, method, *arguments, **more)
        addresses.extend([url, page.response.request.url])
        addresses.extend(one.request.url for one in page.response.history)
        assert page.response.headers["Referrer-Policy"] == "same-origin"
        return page

    stranger._open = noted
    with caplog.at_level("DEBUG"):
        reference, secret = receipt_of(send(stranger, clock))
        page = stranger.page
        stranger.follow("See how it stands")
        stranger.get("/p/acme/complaints/track")
        stranger.post_form({"reference": reference, "secret": secret}, action="/track")
    assert len(addresses) > 8
    assert not [one for one in addresses if secret in one or secret[:5] in one]
    assert secret[:5] not in caplog.text
    assert not [a["href"] for a in page.soup.find_all("a", href=True) if secret[:5] in a["href"]]


def test_the_page_is_left_and_ends_by_itself(acme, browser, clock):
    stranger = browser()
    reference, secret = receipt_of(send(stranger, clock))
    stranger.get("/p/acme/complaints/mine")
    stranger.post_form(action="/leave")
    assert stranger.get("/p/acme/complaints/mine").path.endswith("/track")
    assert stranger.get("/p/acme/complaints/receipt").path.endswith("/track")
    stranger.post_form({"reference": reference, "secret": secret}, action="/track")
    clock.advance(hours=3)
    assert stranger.get("/p/acme/complaints/mine").path.endswith("/track")


def test_the_receipt_goes_after_half_an_hour(acme, browser, clock):
    stranger = browser()
    send(stranger, clock)
    clock.advance(minutes=31)
    assert stranger.get("/p/acme/complaints/receipt").path.endswith("/track")


def test_only_a_digest_of_the_secret_is_kept(acme, browser, clock):
    _reference, secret = receipt_of(send(browser(), clock))
    kept = reading(acme.system).query(ComplaintTracking).one().secret_digest
    assert len(kept) == 64
    with db.engine.connect() as connection:
        for table in db.metadata.sorted_tables:
            assert secret not in str(connection.execute(table.select()).all()), table.name


def test_it_is_journalled_as_the_publics(acme, browser, clock):
    send(browser(), clock)
    entries = journal.timeline(reading(acme.system), acme.id, ("complaint", complaint(reading(acme.system)).id))
    received = next(one for one in entries if one.event == "complaint:received")
    assert (received.role, received.actor_id) == ("public", None)
    assert "Zoë" not in str([one.facts for one in entries])


def test_the_receipt_is_checked_by_openssl_and_names_what_was_sent(app, acme, browser, clock, tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed (package openssl)")
    stranger = browser()
    reference, _secret = receipt_of(send(stranger, clock, files=[upload("a.png", PNG)]))
    names = {"receipt.json", "receipt.json.sig", "received.json"}
    for name in names:
        (tmp_path / name).write_bytes(stranger.get(f"/p/acme/complaints/mine/receipt/{name}").response.get_data())
    own_key = stranger.get("/p/acme/complaints/mine").soup.find("a", string="auditkit-key.pem")["href"]
    shown = stranger.get("/signing-key").soup.select("pre.command")
    command, digesting = (one.get_text().split() for one in shown)
    (tmp_path / "auditkit-key.pem").write_bytes(stranger.get("/.well-known/auditkit-key.pem").response.get_data())
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "Verified Successfully" in told.stdout
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    digest = subprocess.run(digesting, cwd=tmp_path, capture_output=True, check=True)
    assert receipt["received_sha256"] == digest.stdout.decode().split()[0]
    assert (receipt["reference"], receipt["organisation"]) == (reference, "Acme Ltd")
    assert receipt["received_at"] == clock.at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "Zoë" not in (tmp_path / "receipt.json").read_text()
    received = json.loads((tmp_path / "received.json").read_text())
    assert received["said"]["description"] == "It never came"
    assert received["files"][0]["name"] == "a.png"
    original = (tmp_path / "receipt.json").read_bytes()
    (tmp_path / "receipt.json").write_bytes(original.replace(b"2026", b"2025"))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0, "a changed one does not fit"
    assert "signature and fingerprint fit" in stranger.get("/p/acme/complaints/mine").text
    page = stranger.get("/signing-key")
    assert receipt["key"] in page.text
    # A key that was renewed meanwhile is still to be had for the receipts of its time
    (tmp_path / "receipt.json").write_bytes(original)
    instance = app.extensions["auditkit.settings"].instance
    kept = (instance / "signing-key.pem").read_bytes()
    try:
        keyring.rotate(instance, clock.at.date())
        (tmp_path / "auditkit-key.pem").write_bytes(stranger.get("/.well-known/auditkit-key.pem").response.get_data())
        assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0
        assert stranger.get("/signing-key").soup.find("a", href=own_key), "listed among the earlier ones"
        (tmp_path / "auditkit-key.pem").write_bytes(stranger.get(own_key).response.get_data())
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        assert "signature and fingerprint fit" in stranger.get("/p/acme/complaints/mine").text
        stranger.get(own_key.replace(own_key[-10:-4], "000000"), status=404)
    finally:
        (instance / keyring.FILE).unlink(missing_ok=True)
        (instance / "signing-key.pem").write_bytes(kept)


def test_a_tampered_receipt_shows_on_the_page(acme, browser, clock):
    stranger = browser()
    send(stranger, clock)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE complaint_receipt SET content = 'something else'")
    assert "it does not fit" in stranger.get("/p/acme/complaints/mine").text


def test_without_a_key_a_complaint_is_received_all_the_same(app, acme, browser, clock, monkeypatch):
    def gone(instance):
        raise BadInput

    monkeypatch.setattr(signing, "load_key", gone)
    stranger = browser()
    assert send(stranger, clock).path.endswith("/receipt")
    assert "Not signed" in stranger.get("/p/acme/complaints/mine").text
    assert "no signing key" in stranger.get("/signing-key").text
    stranger.get("/.well-known/auditkit-key.pem", status=404)


def test_no_organisation_no_form(app, browser):
    browser().get("/p/nobody/complaints/new", status=404)


def test_the_receipt_carries_a_qr_code_that_keeps_the_secret_behind_the_hash(acme, browser, clock, monkeypatch):
    coded = []
    monkeypatch.setattr(public_form, "qr", lambda text, label: coded.append(text) or "")
    reference, secret = receipt_of(send(browser(), clock))
    assert coded == [f"http://localhost/p/acme/complaints/track#{reference}:{secret}"]


@pytest.mark.sqlite_only
def test_strangers_can_be_served_by_a_process_of_their_own(app, acme, clock):
    alone = create_app(app.extensions["auditkit.settings"], frozenset({"public"}))
    client = alone.test_client()
    for address in ("/p/acme/complaints", "/p/acme/complaints/new", "/p/acme/complaints/track", "/signing-key"):
        assert client.get(address).status_code == 200, address
    assert client.get("/o/acme/complaints/new").status_code == 404
    with alone.app_context():
        db.engine.dispose()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("behind", [True, False])
def test_networks_are_told_apart_behind_a_proxy_and_nobody_names_his_own(app, acme, clock, behind):
    with transaction() as tx:
        for _ in range(rules.FREE_AN_HOUR):
            limits.take(tx, rules.FORM_LIMIT, "203.0.113.7", clock.at, scope=str(acme.id))
    settings = app.extensions["auditkit.settings"].model_copy(update={"behind_proxy": behind})
    alone = create_app(settings, frozenset({"public"}))

    def has_to_work(forwarded_for):
        page = alone.test_client().get("/p/acme/complaints/new", headers={"X-Forwarded-For": forwarded_for})
        return int(re.search(r'data-bits="(\d+)"', page.get_data(as_text=True))[1]) > 0

    found = [has_to_work(one) for one in ("203.0.113.7", "198.51.100.1", "198.51.100.1, 203.0.113.7")]
    assert found == ([True, False, True] if behind else [False] * 3)
    with alone.app_context():
        db.engine.dispose()
