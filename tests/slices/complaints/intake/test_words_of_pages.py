"""Every text of the public side goes through gettext: in the pseudo-locale nothing of ours stands without brackets."""

import pytest

from auditkit.accounts.rules import Role
from auditkit.complaints.correspondence import service as correspondence
from auditkit.web.languages import PSEUDO
from tests.project.left_out import left_out
from tests.slices.complaints.intake.deciding import act, decide
from tests.slices.complaints.intake.filling import STORY, send

pytestmark = pytest.mark.sqlite_only
WRITTEN = {*STORY.values(), "Acme Ltd", "acme", *(f"{role.value} of acme" for role in Role)}


def speak_pseudo(client, page):
    client.get(page)
    client.post("/preferences", {"locale": PSEUDO, "next": page})


def texts(page):
    return [one for one in left_out(str(page.soup), WRITTEN) if one]


def test_the_pages_of_strangers(acme, browser, clock):
    stranger = browser()
    speak_pseudo(stranger, "/p/acme/complaints/new")
    pages = [stranger.get(f"/p/acme/complaints{one}") for one in ("", "/track", "/new")]
    pages += [stranger.get("/signing-key"), stranger.get("/p/acme/complaints/new")]
    pages.append(stranger.post_form({"subject": "x"}, action="/new"))
    pages.append(send(stranger, clock))
    act(acme, correspondence.write_to_complainant, correspondence.Write(1, "progress", "We asked.", channel="web"))
    decide(acme, "C-2026-000001", "upheld", "The signature is not hers.")
    pages.append(stranger.get("/p/acme/complaints/mine"))
    assert [texts(page) for page in pages] == [[]] * len(pages)
    assert "⟦" in pages[-1].text


def test_the_pages_of_members(acme, browser, clock):
    manager = browser(acme, "quality-manager")
    speak_pseudo(manager, "/o/acme/complaints/new")
    pages = [manager.get(f"/o/acme/complaints/{one}") for one in ("settings/", "settings/channels/0", "new")]
    pages.append(manager.post_form({"subject": "Parcel lost", "channel": "phone", "unit": "Zoë"}, action="/new"))
    assert [texts(page) for page in pages] == [[]] * len(pages)
