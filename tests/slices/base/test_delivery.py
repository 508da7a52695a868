"""The ways out: addresses that are understood, apprise with a service of the test's own, nothing by default."""

import warnings

import pytest

from auditkit.base.delivery import Declined, NotConfigured, Parcel, by_apprise, by_smtp, deliverer, one_line
from auditkit.base.settings import Settings

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


def test_sms_and_chat_are_off_by_default(tmp_path):
    deliver = deliverer(Settings(instance=tmp_path, _env_file=None))
    with pytest.raises(NotConfigured, match="sms"):
        deliver(PARCEL, lambda: None)


@pytest.mark.parametrize("text", ["a\r\nb", "a\nb", "a\u2028b", "a\x85b", "a\x00b", "a\tb", "a\x0bb"])
def test_one_line_is_one_line(text):
    assert one_line(text) == "a b"
