"""Versions as Word and PDF, in their own language and in translations."""

import io
import zipfile

import pytest

from auditkit.base import clock
from auditkit.base.db import reading, transaction
from auditkit.documents import pdf
from auditkit.documents.own import service as own
from auditkit.policies import document, queries, service
from auditkit.policies.queries import translations
from tests.slices.documents.writing import template

BASE = "/o/acme/policies/1/versions/1/"


@pytest.fixture
def translated(acme, do, published):
    policy_id = published(acme)
    do(acme, service.start_translation, service.StartTranslation(policy_id, "tr"))
    policy = queries.policy(reading(acme.system), policy_id)
    sections = {one.id: (f"Başlık {one.id}", "Türkçe metin.") for one in policy.version(1).sections}
    do(acme, service.translate, service.Translate(policy_id, "tr", "Şikâyet politikası", sections))
    do(acme, service.approve_translation, service.ApproveTranslation(policy_id, "tr", "x"), "administrator")
    return policy_id


def fetched(browser, address):
    return browser._run(browser.client.get, address)


def words(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


def test_a_translation_as_word_has_the_clauses_of_its_source(acme, browser, translated):
    answer = fetched(browser(acme, "staff"), f"{BASE}word?language=tr")
    text = words(answer.data)
    assert "Şikâyet politikası" in text
    assert "Türkçe metin." in text
    assert "Our commitment" not in text
    assert "5.2, 5.3, 4.2, 4.11" in text
    browser(acme, "staff").get(f"{BASE}word?language=ka", status=404)


def test_a_translation_belongs_to_the_version_it_follows(acme, do, translated):
    do(acme, service.edit_section, service.EditSection(translated, "scope", "Scope", "New."))
    do(acme, service.approve, service.Approve(translated, "x"), "administrator")
    policy = queries.policy(reading(acme.system), translated)
    assert [one.language for one in translations.editions_of(reading(acme.system), policy, 1)] == ["tr"]
    assert translations.editions_of(reading(acme.system), policy, 2) == []


def test_the_organisations_own_template_makes_the_word_file(acme, browser, published):
    published(acme)
    manager = acme.actor("quality-manager")
    house = template(
        "On the paper of the house: {{ organisation.name }}, version {{ document.version }} ({{ policy.approved_by }})",
        "{% for section in sections %}{{ section.title }} {% endfor %}",
    )
    for verb, command in (
        (own.add, own.Add(document.TEMPLATE, "en", "house.docx", house)),
        (own.take, own.Take(document.TEMPLATE, "en", 1)),
    ):
        with transaction(manager) as tx:
            verb(tx, command, clock.now(), manager)
    text = words(fetched(browser(acme, "staff"), f"{BASE}word").data)
    assert "On the paper of the house: " in text
    assert "version 1 (administrator of acme)" in text
    assert "Our commitment" in text


def test_without_libreoffice_the_page_says_so(acme, browser, monkeypatch, published):
    published(acme)
    monkeypatch.setenv(pdf.VARIABLE, "/nowhere/soffice")
    staff = browser(acme, "staff")
    assert "No PDF is offered" in staff.get(BASE.rstrip("/")).text
    answer = fetched(staff, f"{BASE}pdf")
    assert answer.status_code == 302
    assert "this machine has none" in staff.get(BASE.rstrip("/")).text


@pytest.mark.sqlite_only
def test_a_pdf_where_the_machine_can_make_one(acme, browser, published):
    if not pdf.available():
        pytest.skip("needs LibreOffice Writer (apt install libreoffice-writer)")
    published(acme)
    answer = fetched(browser(acme, "staff"), f"{BASE}pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Complaints-handling policy 1.pdf"'
