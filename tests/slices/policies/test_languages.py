"""Documents made from the library in the organisation's language, and translations that begin in its words."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import update

from auditkit.accounts.models import Organisation
from auditkit.base.db import reading, transaction
from auditkit.complaints.clock.models import TimeLimit
from auditkit.content.blanks import blanks_in
from auditkit.content.library import in_language, policy_in
from auditkit.content.library import shared as library
from auditkit.content.texts import ENGLISH, language_of, texts_of, with_texts
from auditkit.policies import facts, queries, rules, service
from auditkit.policies.queries import facts_page, translations
from auditkit.policies.queries import settings as drift
from auditkit.policies.rules.cards import LanguageNotKnown
from tests.slices.policies.conftest import NOW
from tests.slices.policies.settings import limit

TODAY = NOW.date()
POLICY = rules.COMPLAINTS_POLICY
REGISTER = "procedure-receipt-to-closing"


def persian(content_id: str = POLICY):
    return in_language(library(), "fa").policy(content_id)


@pytest.fixture
def iranian(acme):
    """The organisation, working in Persian."""
    with transaction(acme.system) as tx:
        tx.get_one(Organisation, acme.id).locale = "fa"
    return acme


def look(house, policy_id) -> queries.PolicyView:
    return queries.policy(reading(house.system), policy_id)


def published(do, house, content_id: str = POLICY, language: str = "") -> int:
    """A document of the library in force, every question answered with its example in the document's language."""
    policy_id = do(house, service.start, service.Start(content_id, language=language))
    given = {one.question.name: one.example for one in look(house, policy_id).asked}
    do(house, service.answer, service.AnswerQuestions(policy_id, given))
    do(house, service.approve, service.Approve(policy_id, "First version"), "administrator")
    do(house, service.publish, service.Publish(policy_id, 1, TODAY), "administrator")
    return policy_id


# --- made in a language ------------------------------------------------------------------------------------------


def test_a_persian_organisation_gets_the_persian_text_and_its_questions(iranian, do):
    for content_id, english in library().policies.items():
        policy = look(iranian, do(iranian, service.start, service.Start(content_id)))
        said = persian(content_id)
        assert (policy.language, policy.title, policy.purpose) == ("fa", said.title, said.purpose)
        assert [(one.id, one.title, one.text) for one in policy.sections] == [
            (one.id, one.title, one.text) for one in said.sections
        ]
        assert [(one.question.question, one.example, one.help) for one in policy.asked] == [
            (one.question, one.example, one.help or "") for one in said.fields
        ]
        assert [one.question.name for one in policy.asked] == [one.name for one in english.fields]
        assert [one.clauses for one in policy.sections] == [one.clauses for one in english.sections]
        assert policy.title != english.title


def test_an_english_organisation_gets_english_whatever_the_library_speaks(acme, do):
    policy = look(acme, do(acme, service.start, service.Start()))
    assert (policy.language, policy.title) == (ENGLISH, library().policy(POLICY).title)
    with transaction(acme.actor("quality-manager")) as tx:
        command = service.Start("complaints-leaflet")
        other = service.start(tx, command, NOW, acme.actor("quality-manager"), library=in_language(library(), "fa"))
    assert (look(acme, other).language, look(acme, other).title) == (ENGLISH, "How to complain")


def test_a_language_that_was_asked_for_goes_before_the_organisations(acme, iranian, do):
    assert look(iranian, do(iranian, service.start, service.Start(language="en"))).language == ENGLISH
    again = do(iranian, service.start, service.Start(language="fa", again=True))
    assert (look(iranian, again).language, look(iranian, again).title) == ("fa", f"{persian().title} (2)")
    with pytest.raises(LanguageNotKnown):
        do(iranian, service.start, service.Start("complaints-leaflet", language="xx"))
    assert (
        look(iranian, do(iranian, service.start, service.Start("complaints-leaflet", language="ka"))).language
        == ENGLISH
    )


@pytest.mark.parametrize("lost", ["sections/scope/title", "fields/offer/example", "purpose"])
def test_a_text_that_is_not_whole_in_a_language_is_taken_in_english(lost):
    """Nobody can approve a document that changes its language halfway."""
    spoken, half = in_language(library(), "fa"), persian()
    half = with_texts(half, lambda key, text: str(text) if key == lost else text)
    lib = replace(library(), spoken={"fa": replace(spoken, policies=spoken.policies | {POLICY: half})})
    assert policy_in(lib, POLICY, "fa") == (library().policy(POLICY), ENGLISH)
    leaflet, language = policy_in(lib, "complaints-leaflet", "fa")
    assert language == "fa"
    assert {language_of(text) for text in texts_of(leaflet).values()} == {"fa"}


def test_every_persian_policy_is_filled_as_its_english(app):
    """The same blanks in the same lines: what an unanswered question leaves out is left out in both."""
    for content_id, english in library().policies.items():
        for one, other in zip(english.sections, persian(content_id).sections, strict=True):
            shapes = [[sorted(blanks_in(block)) for block in text.split("\n\n")] for text in (one.text, other.text)]
            assert shapes[0] == shapes[1], f"{content_id} {one.id}"
            assert one.text.count("**") == other.text.count("**"), f"{content_id} {one.id}"


def test_a_blank_of_another_text_is_asked_in_the_documents_language(iranian, do):
    policy_id = do(iranian, service.start, service.Start())
    question = next(one.question for one in persian(REGISTER).fields if one.name == "register")
    assert ("register", question) in facts_page.offered(look(iranian, policy_id), library())
    command = service.EditSection(policy_id, "scope", "دامنه", "در {{register}} ثبت می‌شود.")
    with transaction(iranian.actor("quality-manager")) as tx:
        service.edit_section(tx, command, NOW, iranian.actor("quality-manager"), library=library())
    asked = {one.question.name: one.question.question for one in look(iranian, policy_id).asked}
    assert asked["register"] == question


# --- filled, published, printed, and tied to the settings ----------------------------------------------------------


def test_the_persian_policy_reaches_the_public_and_word_from_right_to_left(iranian, browser, do):
    policy_id = published(do, iranian)
    version = look(iranian, policy_id).version(1)
    assert not any("{{" in one.text for one in version.sections)
    assert "ظرف بیست روز کاری" in "\n".join(one.text for one in version.sections)
    page = browser().get("/p/acme/policy")
    section = page.soup.select_one("section[lang=fa]")
    assert section["dir"] == "rtl"
    assert "تعهد ما" in page.text
    answer = browser(iranian, "staff").client.get(f"/o/acme/policies/{policy_id}/versions/1/word")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        document = archive.read("word/document.xml").decode()
    assert "خط‌مشی رسیدگی به شکایات" in document
    assert "<w:bidi/>" in document
    assert "<w:rtl/>" in document
    assert "Our commitment" not in document
    assert "۱  تعهد ما" in document, "the number of a section"
    assert ">۶.<" in document, "the number of a step"
    assert "۱۱ اسفند ۱۴۰۴" in document, "2 March 2026"
    assert "5.2، 5.3، 4.2، 4.11" in document, "clauses keep their numbers"
    (strong,) = re.findall(r"<w:rPr>((?:<w:[^>]*/>)*)</w:rPr><w:t[^>]*>آن را ثبت می‌کنیم<", document)
    assert "<w:b/><w:bCs/>" in strong, "bold for Latin letters alone leaves Persian ones thin"


def test_a_setting_that_changes_dates_the_persian_documents_that_state_it(iranian, do):
    limit(iranian, "decide", 20)
    stating = published(do, iranian)
    published(do, iranian, "role-all-staff")
    assert drift.out_of_date(reading(iranian.system), TODAY) == []
    with transaction(iranian.system) as tx:
        tx.execute(update(TimeLimit).where(TimeLimit.target == "decide").values(amount=30))
    ((policy, found),) = drift.out_of_date(reading(iranian.system), TODAY)
    assert policy.id == stating
    assert [one.name for one in found.settings] == ["complaints.time.decide"]
    assert "decision_target" in facts.live(reading(iranian.system))["complaints.time.decide"].blanks


@pytest.mark.sqlite_only
def test_the_page_offers_the_texts_in_both_languages(acme, browser):
    person = browser(acme, "quality-manager")
    page = person.get("/o/acme/policies/")
    assert page.soup.select_one("th[lang=en]").text == "Complaints-handling policy"
    page = person.get("/o/acme/policies/?text_language=fa")
    heading = page.soup.select_one("th[lang=fa]")
    assert (heading.text, heading["dir"]) == (persian().title, "rtl")
    assert page.soup.select_one("nav.language-choice a[aria-current]").text == "فارسی"
    person.post("/o/acme/policies/start/complaints-handling-policy", {"language": "fa"})
    page = person.get("/o/acme/policies/1/questions")
    label = page.soup.select_one("label[for=q_offer] span[lang=fa]")
    assert label["dir"] == "rtl"
    assert label.text == next(one.question for one in persian().fields if one.name == "offer")


@pytest.mark.sqlite_only
def test_the_page_of_a_persian_organisation_begins_with_persian_texts(iranian, browser):
    page = browser(iranian, "quality-manager").get("/o/acme/policies/")
    assert page.soup.select_one("th[lang=fa]").text == persian().title
    assert page.soup.select_one("input[name=language]")["value"] == "fa"


# --- another language of the same document -------------------------------------------------------------------------


def begun(house, policy_id, language) -> tuple[int, translations.Translation]:
    actor = house.actor("quality-manager")
    with transaction(actor) as tx:
        command = service.StartTranslation(policy_id, language)
        taken = service.start_translation(tx, command, NOW, actor, library=library())
    policy = look(house, policy_id)
    return taken, translations.translation(reading(house.system), policy, language)


@pytest.mark.parametrize(("own", "other"), [("en", "fa"), ("fa", "en")])
def test_a_translation_begins_in_the_librarys_words_and_is_a_version_of_the_same_document(
    acme, browser, do, own, other
):
    policy_id = published(do, acme, language=own)
    source = look(acme, policy_id).version(1)
    taken, one = begun(acme, policy_id, other)
    said, language = policy_in(library(), POLICY, other)
    assert (taken, language, one.title) == (len(source.sections), other, said.title)
    assert [(piece.id, piece.title) for piece in one.sections] == [
        (section.id, section.title) for section in said.sections
    ]
    text = next(piece.text for piece in one.sections if piece.id == "what-happens")
    assert "{{" not in text
    assert source.answers["decision_target"] in text, "the answer as it was given, for the translator to see"
    do(acme, service.approve_translation, service.ApproveTranslation(policy_id, other, "x"), "administrator")
    policy = look(acme, policy_id)
    assert [it.language for it in translations.editions_of(reading(acme.system), policy, 1)] == [other]
    assert len(queries.policies(reading(acme.system))) == 1
    for asked, title in ((own, source.title), (other, said.title)):
        assert title in browser().get(f"/p/acme/policy?language={asked}").text


def test_what_the_organisation_wrote_itself_is_left_to_the_translator(acme, do, started):
    policy_id = started(acme)
    do(acme, service.edit_section, service.EditSection(policy_id, "scope", "Scope", "Our own words."))
    do(acme, service.approve, service.Approve(policy_id, "x"), "administrator")
    taken, one = begun(acme, policy_id, "fa")
    assert taken == len(one.sections) - 1
    assert [piece.id for piece in one.sections if not piece.text] == ["scope"]
    with pytest.raises(rules.translations.NotAllTranslated, match="Scope"):
        do(acme, service.approve_translation, service.ApproveTranslation(policy_id, "fa", "x"), "administrator")


def test_a_document_of_its_own_and_a_language_the_library_lacks_begin_empty(acme, do):
    own = do(acme, service.start_blank, service.StartBlank("Our rule"))
    do(acme, service.add_section, service.AddSection(own, "One", "Text."))
    do(acme, service.approve, service.Approve(own, "x"), "administrator")
    assert begun(acme, own, "fa")[0] == 0
    taken, one = begun(acme, published(do, acme), "tr")
    assert (taken, one.title) == (0, "")
    assert not any(piece.text or piece.title for piece in one.sections)
