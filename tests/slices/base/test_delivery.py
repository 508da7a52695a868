"""The ways out: addresses that are understood, apprise with a service of the test's own, nothing by default."""

import ssl
import warnings
from dataclasses import replace

import pytest

from auditkit.base.delivery import (
    Declined,
    Fate,
    NotConfigured,
    Parcel,
    by_apprise,
    by_smtp,
    deliverer,
    fate,
    one_line,
)
from auditkit.base.settings import Settings
from tests.factories.smtp import MailServer, Script
from tests.factories.tls import certificate

with warnings.catch_warnings():
    # apprise itself still asks for a module that Python 3.13 drops
    warnings.simplefilter("ignore", DeprecationWarning)
    import apprise

    apprise.decorators.notify(on="auditkitfirst")(lambda **more: True)  # loads its services

PARCEL = Parcel("sms", "us@localhost", "+49 (170) 1", "", "Ваша жалоба {{ x }}", "<1@x>")


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25"])
def test_a_malformed_mail_address_is_refused(url):
    with pytest.raises(ValueError, match="smtp://user"):
        by_smtp(url)


def test_an_apprise_address_names_where_the_recipient_stands():
    with pytest.raises(ValueError, match=r"\{to\}"):
        by_apprise("twilio://sid:token@from/number")


SENT = []


@apprise.decorators.notify(on="auditkittest")
def _take(body, title, notify_type, *arguments, meta=None, **more):
    SENT.append((meta["url"], body))
    return "refuse" not in meta["url"]


def test_a_text_goes_through_apprise_as_it_is():
    SENT.clear()
    left = []
    by_apprise("auditkittest://service/{to}")(PARCEL, lambda: left.append(True))
    ((url, body),) = SENT
    assert body == PARCEL.body
    assert "49" in url
    assert left == [True], "said before it leaves, so that a crash is not taken for nothing sent"


def test_what_the_service_declines_is_not_tried_again_by_itself():
    with pytest.raises(Declined):
        by_apprise("auditkittest://refuse/{to}")(PARCEL, lambda: None)


def test_an_unknown_service_is_said():
    with pytest.raises(NotConfigured, match="does not know"):
        by_apprise("nosuchservice-{to}")(PARCEL, lambda: None)


@pytest.mark.parametrize("channel", ["sms", "chat"])
def test_each_way_goes_to_the_service_that_is_set_up_for_it(tmp_path, channel):
    SENT.clear()
    urls = {f"{way}_url": f"auditkittest://{way}/{{to}}" for way in ("sms", "chat")}
    deliver = deliverer(Settings(instance=tmp_path, _env_file=None, **urls))
    deliver(replace(PARCEL, channel=channel), lambda: None)
    ((url, body),) = SENT
    assert f"{channel}" in url
    assert body == PARCEL.body


def test_sms_and_chat_are_off_by_default(tmp_path):
    deliver = deliverer(Settings(instance=tmp_path, _env_file=None))
    with pytest.raises(NotConfigured, match="sms"):
        deliver(PARCEL, lambda: None)


@pytest.mark.parametrize("text", ["a\r\nb", "a\nb", "a\u2028b", "a\x85b", "a\x00b", "a\tb", "a\x0bb"])
def test_one_line_is_one_line(text):
    assert one_line(text) == "a b"


MAIL = Parcel("e-mail", "us@localhost", "ann@customer.example", "Hello", "Text", "<2@x>")


def with_password(server: MailServer) -> str:
    return server.url.replace("://", "://user:pass%20word@")


@pytest.mark.parametrize("way", ["certificate", "starttls"])
def test_mail_goes_over_tls_with_a_certificate_that_is_trusted(tmp_path, monkeypatch, way):
    pem = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr("auditkit.base.delivery._is_this_machine", lambda host: False)
    with MailServer(Script(features=("AUTH PLAIN",)), **{way: pem}) as server:
        by_smtp(with_password(server))(MAIL, lambda: None)
    assert len(server.script.taken) == 1
    said = [one.split()[0].upper() for one in server.script.commands]
    if way == "starttls":
        assert said.index("STARTTLS") < said.index("AUTH") < said.index("MAIL")


@pytest.mark.parametrize("made", ["signed by itself", "for another address", "ended"])
@pytest.mark.parametrize("way", ["certificate", "starttls"])
def test_nothing_goes_to_a_server_with_a_bad_certificate(tmp_path, monkeypatch, way, made):
    pem = certificate(tmp_path, "127.0.0.2" if made == "for another address" else "127.0.0.1", ended=made == "ended")
    if made != "signed by itself":
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    left = []
    script = Script(features=("AUTH PLAIN",))
    with MailServer(script, **{way: pem}) as server, pytest.raises(ssl.SSLCertVerificationError) as refused:
        by_smtp(with_password(server))(MAIL, lambda: left.append(True))
    assert not script.taken
    assert not left
    assert not any(one.upper().startswith(("AUTH", "MAIL")) for one in script.commands)
    assert fate(refused.value, begun=False) is Fate.NO_SERVER, "the mail waits until the server is mended"


def test_a_password_does_not_travel_unencrypted(monkeypatch):
    with MailServer(Script(features=("AUTH PLAIN",))) as server:
        monkeypatch.setattr("auditkit.base.delivery._is_this_machine", lambda host: False)
        with pytest.raises(ConnectionError, match="no encryption"):
            by_smtp(with_password(server))(MAIL, lambda: None)
        by_smtp(server.url)(MAIL, lambda: None)
    assert not any(one.upper().startswith("AUTH") for one in server.script.commands)
    assert len(server.script.taken) == 1, "without a password the mail goes: a relay next door may have no certificate"


def test_on_this_machine_a_password_may_go_as_it_is():
    with MailServer(Script(features=("AUTH PLAIN",))) as server:
        by_smtp(with_password(server))(MAIL, lambda: None)
    assert len(server.script.taken) == 1
