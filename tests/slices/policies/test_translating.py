"""Translations: which version each follows, what changed since, what is public, and that versions never change."""

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from auditkit.base.db import reading, transaction
from auditkit.base.errors import Forbidden, NotFound
from auditkit.policies import queries, rules, service
from auditkit.policies.models import PolicyTranslationVersion
from auditkit.policies.queries import translations as reads
from auditkit.policies.rules import translations
from tests.slices.policies.conftest import NOW

BASE = "/o/acme/policies/"
PUBLIC = "/p/acme/policy"
TODAY = NOW.date()


def policy_of(house, policy_id) -> queries.PolicyView:
    return queries.policy(reading(house.system), policy_id)


def look(house, policy_id, language="fa") -> reads.Translation:
    return reads.translation(reading(house.system), policy_of(house, policy_id), language)


def written(house, policy_id, language="fa", **change) -> service.Translate:
    """A whole translation: every text of the source between brackets."""
    one = look(house, policy_id, language)
    texts = {it.id: (f"[{it.title}]", f"[{it.id}]") for it in one.follows.sections}
    return service.Translate(policy_id, language, "سیاست", texts | change.pop("sections", {}), **change)


@pytest.fixture
def translated(acme, do, published):
    """A policy in force with an approved Persian translation of its first version."""
    policy_id = published(acme)
    do(acme, service.start_translation, service.StartTranslation(policy_id, "fa"))
    do(acme, service.translate, written(acme, policy_id))
    do(acme, service.approve_translation, service.ApproveTranslation(policy_id, "fa", "First"), "administrator")
    return policy_id


def second_version(do, house, policy_id):
    do(house, service.edit_section, service.EditSection(policy_id, "scope", "Scope", "Something new."))
    do(house, service.remove_section, service.RemoveSection(policy_id, policy_of(house, policy_id).sections[-1].id))
    do(house, service.add_section, service.AddSection(policy_id, "Brand new", "A new thing."))
    do(house, service.approve, service.Approve(policy_id, "New scope"), "administrator")
    do(house, service.publish, service.Publish(policy_id, 2, TODAY), "administrator")


def test_a_translation_follows_the_version_it_was_made_from(acme, translated):
    one = look(acme, translated)
    assert (one.approved.source, one.approved.number, one.is_stale, one.has_changes) == (1, 1, False, False)


def test_a_newer_version_leaves_it_behind_and_says_which_sections(acme, do, translated):
    last = policy_of(acme, translated).sections[-1]
    second_version(do, acme, translated)
    one = look(acme, translated)
    assert one.is_stale
    assert one.waiting == {"scope": "Scope", "own-1": "Brand new", last.id: last.title}
    assert reads.languages(reading(acme.system), [policy_of(acme, translated)]) == {translated: {"fa": True}}


def test_catching_up_carries_over_what_is_there(acme, do, translated):
    second_version(do, acme, translated)
    do(acme, service.translate, written(acme, translated, follow=True))
    one = look(acme, translated)
    assert one.follows.number == 2
    assert one.changed == {}
    assert one.is_stale, "until the new text is approved"
    assert [it.text for it in one.sections if it.id == "own-1"] == [""]
    with pytest.raises(translations.NotAllTranslated, match="Brand new"):
        do(acme, service.approve_translation, service.ApproveTranslation(translated, "fa", "x"), "administrator")
    do(acme, service.translate, written(acme, translated))
    do(acme, service.approve_translation, service.ApproveTranslation(translated, "fa", "x"), "administrator")
    one = look(acme, translated)
    assert (one.approved.source, one.approved.number, one.is_stale) == (2, 2, False)


def test_refusals(acme, globex, do, started, translated):
    with pytest.raises(rules.ApproverIsEditor):
        do(acme, service.translate, written(acme, translated, sections={"scope": ("x", "y")}))
        do(acme, service.approve_translation, service.ApproveTranslation(translated, "fa", "x"))
    for language in ("fa", "en", "xx"):
        with pytest.raises(translations.LanguageUnknown):
            do(acme, service.start_translation, service.StartTranslation(translated, language))
    with pytest.raises(rules.DraftChanged):
        do(acme, service.translate, written(acme, translated, revision=1))
    with pytest.raises(rules.TextTooLong):
        do(acme, service.translate, written(acme, translated, sections={"scope": ("x", "y" * 8001)}))
    with pytest.raises(Forbidden):
        do(acme, service.start_translation, service.StartTranslation(translated, "ru"), "staff")
    with pytest.raises(NotFound):
        do(globex, service.start_translation, service.StartTranslation(translated, "ru"))
    theirs = started(globex)
    with pytest.raises(translations.NothingToTranslate):
        do(globex, service.start_translation, service.StartTranslation(theirs, "ru"))


def test_the_same_translation_is_not_approved_twice(acme, do, translated):
    with pytest.raises(translations.TranslationUnchanged):
        do(acme, service.approve_translation, service.ApproveTranslation(translated, "fa", "x"), "administrator")


@pytest.mark.parametrize(
    "act", [lambda: update(PolicyTranslationVersion).values(title="y"), lambda: delete(PolicyTranslationVersion)]
)
def test_the_database_keeps_versions_as_they_are(acme, translated, act):
    with (
        pytest.raises(DBAPIError, match="a version of a translation is immutable"),
        transaction(acme.system) as tx,
    ):
        tx.execute(act())


def test_the_public_page_offers_the_languages_and_says_what_is_behind(acme, browser, do, translated):
    page = browser().get(PUBLIC)
    assert [a.get_text() for a in page.soup.select("main .language-choice a")] == ["English", "فارسی"]
    page = browser().get(f"{PUBLIC}?language=fa")
    assert page.soup.find("h1").get_text(strip=True) == "سیاست"
    assert page.soup.select("section.part")[0]["dir"] == "rtl"
    assert "not up to date" not in page.text
    second_version(do, acme, translated)
    page = browser().get(f"{PUBLIC}?language=fa")
    assert "This translation is not up to date. The newer text holds." in page.text
    assert "Something new." in browser().get(f"{PUBLIC}?language=en").text
    assert "Something new." in browser().get(f"{PUBLIC}?language=nonsense").text


def test_a_translation_of_what_is_not_in_force_is_not_public(acme, browser, do, translated):
    do(acme, service.edit_section, service.EditSection(translated, "scope", "Scope", "Only approved."))
    do(acme, service.approve, service.Approve(translated, "x"), "administrator")
    do(acme, service.translate, written(acme, translated, follow=True))
    changed = written(acme, translated)
    do(acme, service.translate, service.Translate(translated, "fa", "تازه", changed.sections))
    do(acme, service.approve_translation, service.ApproveTranslation(translated, "fa", "x"), "administrator")
    page = browser().get(f"{PUBLIC}?language=fa")
    assert "سیاست" in page.text
    assert "تازه" not in page.text, "it follows version 2, which is not published"


def test_over_http(acme, browser, published):
    published(acme)
    editor, approver = browser(acme, "quality-manager"), browser(acme, "administrator")
    editor.get(f"{BASE}1/translations")
    page = editor.post_form({"language": "tr"}, action="/translations/start")
    assert page.title == "Translate"
    fields = {
        field["name"]: "çeviri" for field in page.soup.select("textarea, input[name^=heading_], input[name=title]")
    }
    page = editor.post_form(fields)
    assert "The translation was saved." in page.text
    approver.get(f"{BASE}1/translations/tr/approve")
    page = approver.post_form({"reason": "First translation"})
    assert "Up to date" in page.text
    assert "çeviri" in browser().get(f"{PUBLIC}?language=tr").text
