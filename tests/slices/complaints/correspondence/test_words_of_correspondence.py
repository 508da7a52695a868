"""Every text of the pages goes through gettext: in the pseudo-locale nothing of ours stands without brackets."""

import smtplib

import pytest

from auditkit.accounts.rules import Role
from auditkit.base import outbox
from auditkit.base.db import reading, transaction
from auditkit.complaints.correspondence import queries, service
from auditkit.complaints.correspondence.forms import LANGUAGE_NAMES
from auditkit.web.languages import PSEUDO
from tests.project.left_out import left_out
from tests.slices.complaints.correspondence.mails import PNG, bounce_to, letter, take

pytestmark = pytest.mark.sqlite_only
WRITTEN = {
    "Acme Ltd", "acme", *(f"{role.value} of acme" for role in Role), *LANGUAGE_NAMES.values(), "The kettle is broken",
    "It broke on the second day.", "Please replace it.", "Ann Smith", "ann@customer.example", "Hello", "A question",
    "receipt.png", "mail-2026-03-02-0830.eml", "run.exe", "no such user", "test.eml", "Message-ID",
}  # fmt: skip


def fates(app, house, clock) -> str:
    """A complaint by e-mail with a message in every state; its reference."""
    files = [("receipt.png", "image/png", PNG), ("run.exe", "application/octet-stream", b"MZ\x90\x00" + bytes(200))]
    told = take(app, house, letter(files=files))
    take(app, house, letter(subject="Hello", Auto_Submitted="auto-replied", message_id="<2@c.example>"))
    take(app, house, b"Hello")
    case = queries.facts(reading(house.system), told.reference).id
    actor = house.actor("complaint-handler")

    def write(channel, deliver):
        with transaction(actor) as tx:
            command = service.Write(case, "message", "Hello", "A question", channel=channel)
            service.write_to_complainant(tx, command, clock.at, actor)
        outbox.send_due(deliver, "auditkit@localhost")

    def refuse(parcel, content_leaves):
        raise smtplib.SMTPDataError(550, b"no such user")

    def cut(parcel, content_leaves):
        content_leaves()
        raise TimeoutError("Hello")

    write("e-mail", lambda parcel, content_leaves: None)
    (mail,) = [one for one in reading(house.system).query(outbox.OutboxMail) if one.about_kind]
    take(app, house, bounce_to(mail.message_id))
    for channel, deliver in (("e-mail", refuse), ("e-mail", cut), ("web", cut), ("post", cut)):
        write(channel, deliver)
    return told.reference


def test_every_page_speaks_through_the_catalogue(app, acme, clock, browser):
    reference = fates(app, acme, clock)
    chief = browser(acme, "administrator")
    chief.get("/o/acme/correspondence/settings")
    chief.post("/preferences", {"locale": PSEUDO, "next": "/o/acme/correspondence/settings"})
    paths = ["", "mail", "letters", "settings", "letters/automatic/tr", "messages/1", "messages/5"]
    paths += [f"{reference}/note", f"{reference}/write", f"{reference}/write?kind=decision&language=tr"]
    found = {path: left_out(str(chief.get(f"/o/acme/correspondence/{path}").soup), WRITTEN) for path in paths}
    page = chief.get(f"/o/acme/complaints/{reference}")
    section = page.soup.find(id="messages")
    found["case"] = left_out(str(section), WRITTEN)
    chief.get(f"/o/acme/correspondence/{reference}/write")
    found["preview"] = left_out(str(chief.post_form({"text": "Hello", "subject": "A question"}).soup), WRITTEN)
    assert {path: texts for path, texts in found.items() if texts} == {}
    assert "⟦" in section.get_text()
