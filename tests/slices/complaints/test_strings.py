"""Naughty strings go through every field and come back as they were, by verb, page, snapshot and export."""

import json

import pytest
from bs4 import BeautifulSoup

from auditkit.base import clock as time
from auditkit.base.db import reading, transaction
from auditkit.complaints import queries, service
from auditkit.complaints.queries import Wanted
from auditkit.complaints.service import Identity, ReadIdentity
from tests.slices.complaints.recording import do, found, registered

LISTS = (
    "blns.json",
    "fuzzdb_XSSPolyglot.txt",
    "fuzzdb_format-strings.txt",
    "fuzzdb_naughty-unicode.txt",
    "fuzzdb_right-to-left.txt",
    "fuzzdb_terminal-escape-codes.txt",
    "fuzzdb_NullByteRepresentations.txt",
    "fuzzdb_xss-rsnake.txt",
    "patt_ssti.fuzz.txt",
)


def strings(shared, name):
    path = shared(f"bad_inputs/strings/{name}")
    if name.endswith(".json"):
        return json.loads(path.read_text(encoding="utf-8"))
    return path.read_bytes().decode("utf-8", "replace").splitlines()


def storable(text):
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


@pytest.mark.parametrize("name", LISTS)
def test_every_string_comes_back_as_it_was(acme, shared, name):
    handler = acme.actor("complaint-handler")
    kept = {}
    for text in strings(shared, name):
        if not text.strip() or not storable(text):
            continue
        line = text[:40]
        who = Identity(line, line, line, line, line, line, line, line)
        with transaction(handler) as tx:
            command = service.Register(
                line if line.strip() else "-",
                time.now(),
                text,
                product=line,
                site=line,
                wanted_remedy=text[:2000],
                external_reference=line,
                complainant=who,
            )
            made = service.register(tx, command, time.now(), handler)
        kept[made.reference] = (text, line, who)
    assert kept, "the list holds strings"
    with transaction(handler) as tx:
        exported = {row.reference: row for row in queries.register_export(tx, Wanted(), identity=True)}
        for reference, (text, line, who) in kept.items():
            case = queries.by_reference(tx, reference)
            assert (case.description, case.product, case.site, case.external_reference) == (text, line, line, line)
            assert exported[reference].description == text
            assert exported[reference].complainant_name == line
            whole = queries.snapshot(tx, case.id, identity=True)
            assert json.loads(json.dumps(whole))["description"] == text
            assert service.read_identity(tx, ReadIdentity(reference), time.now(), handler) == who


def test_what_cannot_be_stored_is_refused_in_words(acme, browser, clock):
    page = browser(acme, "complaint-handler")
    page.get("/o/acme/complaints/new")
    answer = page.post_form({"subject": "a\x00b", "channel": "phone"})
    assert "cannot be stored" in answer.text
    assert queries.register_page(reading(acme.system), Wanted()).total == 0


@pytest.mark.sqlite_only
def test_pages_show_every_string_as_it_was(acme, browser, shared, clock):
    """One complaint per string, looked at on the list and on its page."""
    handler = acme.actor("complaint-handler")
    texts = [text for text in strings(shared, "blns.json") if text.strip() and storable(text)][:200:4]
    for text in texts:
        reference = registered(handler, text[:200].strip() or "-", description=text)
        do(handler, service.acknowledge, service.Acknowledge, reference)
        do(handler, service.assess, service.Assess, reference, "low", "simple", "one")
        do(handler, service.decide, service.Decide, reference, "rejected", text)
        response = browser(acme, "complaint-handler").get(f"/o/acme/complaints/{reference}").response
        soup = BeautifulSoup(response.get_data(as_text=True), "html.parser")
        shown = [" ".join(part.get_text(" ").split()) for part in soup.select(".prose p")]
        for line in text.splitlines():
            assert " ".join(line.split()) in shown or not line.split()
        assert found(handler, reference).decision == text
    listed = browser(acme, "complaint-handler").get("/o/acme/complaints/")
    titles = {" ".join(link.get_text().split()) for link in listed.soup.select("tbody th a")}
    assert {" ".join(text[:200].split()) for text in texts[:10]} <= titles
