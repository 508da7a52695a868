"""What was taken down is sorted and put right, with who, when, why, and what stood there."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from auditkit.base.db import reading
from auditkit.complaints import rules, service
from auditkit.complaints.queries import Wanted, register_page
from auditkit.content.library import of_organisation, shared
from auditkit.journal.queries import timeline
from tests.slices.complaints.recording import decided, do, found, registered

URL = "/o/acme/complaints/"


@pytest.fixture
def own_list(app, acme):
    """Acme's own list of categories: one added, one renamed, one taken out."""
    content = app.extensions["auditkit.settings"].instance / "content"
    text = Path("checklists/presets/problem-categories.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "{id: guarantee," not in line]
    lines = [line.replace("label: Delivery,", "label: Parcels,") for line in lines]
    lines.append("  - {id: parking, label: Parking fees, meaning: Tickets and barriers of our car parks.}")
    (content / acme.slug).mkdir(parents=True)
    (content / acme.slug / "problem-categories.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield of_organisation(content.parent, acme.slug).library
    shutil.rmtree(content)


def entries(house, reference, event):
    tx = reading(house.system)
    subject = ("complaint", found(house.system, reference).id)
    return [one for one in timeline(tx, house.id, subject) if one.event == event]


def hits(actor, word):
    return [row.reference for row in register_page(reading(actor), Wanted(typed=word, find_by_identity=True), "").rows]


def test_what_came_without_a_category_gets_one_with_its_assessment(acme, handler, browser):
    # Given a complaint as the public form and the mailbox leave it
    reference = registered(handler)
    do(handler, service.acknowledge, service.Acknowledge, reference)
    at_work = browser(acme, "complaint-handler")
    at_work.get(URL + reference)
    # When it is assessed
    sent = {"category": "delivery", "severity": "low", "complexity": "simple", "reach": "one"}
    at_work.post_form(sent, action="assess")
    # Then the register sorts it, and the journal says so
    assert found(handler, reference).category == "delivery"
    (entry,) = entries(acme, reference, "complaint:assessed")
    assert entry.facts["category"] == "delivery"
    # and who assesses without a word about it leaves it as it is
    do(handler, service.assess, service.Assess, reference, "low", "simple", "one")
    assert found(handler, reference).category == "delivery"


def test_a_correction_keeps_what_stood_there_and_why(acme, handler, browser):
    reference = decided(handler, subject="Fwd: Re: kettle", product="Kettle", category="delivery")
    at_work = browser(acme, "complaint-handler")
    at_work.get(f"{URL}{reference}/correct")
    page = at_work.post_form(
        {"subject": "The lamp sparks", "product": "Lamp", "category": "product-quality", "happened_on": "2026-01-02",
         "wanted_remedy": "Her money back", "reason": "The second mail names it"},
        action="/correct",
    )  # fmt: skip
    case = found(handler, reference)
    assert (case.subject, case.product, case.category) == ("The lamp sparks", "Lamp", "product-quality")
    assert (case.happened_on, case.wanted_remedy) == (date(2026, 1, 2), "Her money back")
    (entry,) = entries(acme, reference, "complaint:corrected")
    assert entry.facts["category"] == ["delivery", "product-quality"]
    assert entry.facts["happened_on"] == [None, "2026-01-02"]
    assert entry.personal["product_before"] == "Kettle"
    assert "Kettle" not in str(entry.facts)
    assert "Product or service: Kettle → Lamp" in page.text
    assert "The second mail names it" in page.text
    assert hits(handler, "sparks") == [reference]
    assert hits(handler, "kettle") == []


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": " "}, rules.ReasonMissing),
        ({"subject": " "}, rules.SubjectMissing),
        ({"category": "of our own making"}, rules.UnknownWord),
        ({"happened_on": date(2026, 1, 9)}, rules.HappenedAfterReceipt),
        ({"product": "x" * 201}, rules.TextTooLong),
        ({"product": "Kettle"}, rules.NothingCorrected),
    ],
)
def test_what_no_correction_can_be(handler, change, refusal):
    reference = registered(handler, product="Kettle")
    said = {"subject": "Late delivery", "reason": "Misread", "product": "Lamp", **change}
    before = found(handler, reference)
    with pytest.raises(refusal):
        do(handler, service.correct, service.Correct, reference, **said)
    assert found(handler, reference) == before


def test_who_complained_is_corrected_without_being_read(acme, handler, browser):
    who = service.Identity(name="Ann Lee", email="ann@exampel.org", phone="123456789")
    reference = registered(handler, complainant=who)
    at_work = browser(acme, "complaint-handler")
    page = at_work.get(f"{URL}{reference}/correct-complainant")
    assert "exampel" not in page.text
    page = at_work.post_form(
        {"email": "ann@example.org", "removed": "complainant_phone", "reason": "Misheard"},
        action="/correct-complainant",
    )
    assert "exampel" not in page.text
    assert "example.org" not in page.text
    assert entries(acme, reference, "complaint:identity-read") == []
    (entry,) = entries(acme, reference, "complaint:identity-corrected")
    assert entry.facts["fields"] == ["complainant_email", "complainant_phone"]
    assert "exampel" not in str(entry.facts)
    now = do(handler, lambda tx, command, at, actor: service.read_identity(tx, command, at, actor),
             lambda ref, _version: service.ReadIdentity(ref), reference)  # fmt: skip
    assert (now.name, now.email, now.phone) == ("Ann Lee", "ann@example.org", "")
    assert hits(handler, "123456789") == []
    with pytest.raises(rules.NothingCorrected):
        do(handler, service.correct_identity, service.CorrectIdentity, reference, "Nothing to say")
    with pytest.raises(rules.UnknownWord):
        do(handler, service.correct_identity, service.CorrectIdentity, reference, "x", removed=("subject",))


def test_categories_are_the_organisations_own(acme, handler, own_list, browser, command):
    # Given a list with an entry of its own; who knows only the shipped list is refused it
    with pytest.raises(rules.UnknownWord):
        registered(handler, category="parking")
    reference = registered(handler, category="guarantee")
    do(handler, service.acknowledge, service.Acknowledge, reference)
    at_work = browser(acme, "complaint-handler")
    # When it is assessed by its page
    page = at_work.get(URL + reference)
    offered = {one["value"]: one.get_text(strip=True) for one in page.form("assess").select("[name=category] option")}
    at_work.post_form(
        {"category": "parking", "severity": "low", "complexity": "simple", "reach": "one"}, action="assess"
    )
    # Then the own list is offered, with what the case says already, and every page names it as the list does
    assert (offered["parking"], offered["delivery"], offered["price-billing"]) == (
        "Parking fees", "Parcels", "Price, fees or billing",
    )  # fmt: skip
    assert offered["guarantee"] == "Guarantee or after-sales"
    assert "guarantee" not in {one["value"] for one in at_work.get(f"{URL}new").soup.select("[name=category] option")}
    for path in (URL, URL + reference, f"{URL}assignment/", "/o/acme/insights/statistics/pareto"):
        assert "Parking fees" in at_work.get(path).text, path
    assert own_list.value_list("problem-categories") != shared().value_list("problem-categories")
