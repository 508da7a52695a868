"""Letters: all that is promised is supplied, only blanks are filled, and what is filled in stays text."""

from datetime import date

import pytest

from auditkit.complaints.correspondence import rules, wording
from auditkit.complaints.correspondence.dates import written_day
from auditkit.complaints.correspondence.rules import BlankLeft, LetterBroken, UnknownLetter

EVERYTHING = {name: f"<{name}>" for name in wording.BLANKS}
SUPPLIED = [
    (kind, language, sort)
    for sort in rules.SORTS
    for kind in rules.LETTER_KINDS
    for language in wording.languages_of(kind, sort)
]
OTHERS = ("suggestion", "request", "compliment", "concern")
COMPLAINT_WORDS = (
    "complaint",
    "complaining",
    "жалоб",
    "საჩივ",
    "შეჩივლ",
    "شکایت",
    "παράπον",
    "παραπόν",
    "şikay",
    "şikây",
)


def test_what_was_promised_is_supplied():
    for kind in rules.LETTER_KINDS:
        assert wording.languages_of(kind) == list(rules.LANGUAGES)
    assert all(wording.foot(language, "SIGN").endswith("SIGN") for language in rules.LANGUAGES)
    assert len({wording.foot(language, "SIGN") for language in rules.LANGUAGES}) == len(rules.LANGUAGES)


@pytest.mark.parametrize("feedback", OTHERS)
def test_what_is_no_complaint_has_every_letter_in_every_language(feedback):
    for kind in rules.LETTER_KINDS:
        assert wording.languages_of(kind, wording.sort_of(kind, feedback)) == list(rules.LANGUAGES)
    for kind in ("acknowledgement", "closing"):
        assert wording.sort_of(kind, feedback) == feedback
    assert wording.sort_of("automatic", feedback) == rules.NEUTRAL
    assert {wording.sort_of(kind, "complaint") for kind in rules.LETTER_KINDS} == {""}
    assert {wording.sort_of(kind, "dispute") for kind in rules.LETTER_KINDS} == {""}


@pytest.mark.parametrize("language", rules.LANGUAGES)
@pytest.mark.parametrize("feedback", OTHERS)
def test_no_letter_to_it_says_complaint(feedback, language):
    for kind in rules.LETTER_KINDS:
        letter = wording.supplied(kind, language, wording.sort_of(kind, feedback))
        said = f"{letter.subject} {letter.text}".casefold()
        assert not [word for word in COMPLAINT_WORDS if word in said.replace("complainant", "")]
    of_complaint = wording.supplied("acknowledgement", language)
    assert any(word in f"{of_complaint.text}".casefold() for word in COMPLAINT_WORDS)


@pytest.mark.parametrize("language", rules.LANGUAGES)
def test_the_letters_to_each_kind_differ(language):
    texts = {wording.supplied(kind, language, sort).text for sort in OTHERS for kind in ("acknowledgement", "closing")}
    assert len(texts) == 8


@pytest.mark.parametrize("feedback", ["suggestion", "request", "compliment"])
def test_an_answer_is_written_by_a_person(feedback):
    draft = wording.fill(wording.supplied("closing", "en", feedback), {**EVERYTHING, "reply": ""})
    with pytest.raises(BlankLeft, match="your answer to what was written"):
        rules.check_filled(draft.text)


@pytest.mark.parametrize(("kind", "language", "sort"), SUPPLIED)
def test_every_supplied_letter_is_sound(kind, language, sort):
    letter = wording.supplied(kind, language, sort)
    wording.check(letter.subject, letter.text)
    draft = wording.fill(letter, EVERYTHING)
    rules.check_filled(draft.subject, draft.text)
    assert "{{" not in draft.subject + draft.text
    assert "<reference>" in draft.subject
    assert "<organisation>" in draft.text


@pytest.mark.parametrize("language", rules.LANGUAGES)
@pytest.mark.parametrize("sort", ["", rules.NEUTRAL])
def test_the_automatic_letter_needs_no_person(language, sort):
    known = {name: EVERYTHING[name] for name in ("organisation", "reference", "about", "received")}
    draft = wording.fill(wording.supplied("automatic", language, sort), known)
    rules.check_filled(draft.subject, draft.text)


def test_a_blank_without_a_value_is_shown_and_stops_the_sending():
    draft = wording.fill(wording.supplied("extension", "en"), {**EVERYTHING, "new_due": ""})
    assert "⟦new day of the decision⟧" in draft.text
    with pytest.raises(BlankLeft, match="new day of the decision"):
        rules.check_filled(draft.text)


def test_a_paragraph_with_an_optional_blank_goes_with_it():
    letter = wording.supplied("decision", "en")
    assert "<remedy>" in wording.fill(letter, EVERYTHING).text
    draft = wording.fill(letter, {**EVERYTHING, "remedy": " ", "tracking": ""})
    assert "To put things right" not in draft.text
    assert "⟦" not in draft.text


def test_who_has_no_name_is_addressed_all_the_same():
    assert "Dear customer," in wording.fill(wording.supplied("progress", "en"), {}).text


@pytest.mark.parametrize(
    "value",
    [
        "{{ reference }}",
        "{% for x in y %}",
        "{{ cycler.__init__.__globals__ }}",
        "${reference}",
        "%(reference)s",
        "{0}",
        "\\1",
        "#}",
    ],
)
def test_what_looks_like_a_tag_in_a_complaint_stays_text(value):
    draft = wording.fill(wording.supplied("progress", "en"), {**EVERYTHING, "about": value, "done": value})
    assert draft.text.count(value) == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{{ nobody }}", 1),
        ("ok\n{% if x %}", 2),
        ("{{ reference", 1),
        ("{{ reference.x }}", 1),
        ("{{ Reference }}", 1),
        ("{# x #}", 1),
    ],
)
def test_an_own_wording_with_anything_else_is_refused_with_its_line(text, line):
    with pytest.raises(LetterBroken, match=f"Line {line}"):
        wording.check("subject", text)


@pytest.mark.parametrize(
    ("kind", "language"), [("nothing", "en"), ("../foot", "en"), ("progress", "../en"), ("progress", "xx")]
)
def test_an_unknown_letter_is_said(kind, language):
    with pytest.raises(UnknownLetter):
        wording.supplied(kind, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "2 March 2026"), ("fa", "۱۱ اسفند ۱۴۰۴"), ("ru", "2 марта 2026"), ("tr", "2 Mart 2026")],
)
def test_days_are_written_in_the_letters_language(language, text):
    assert written_day(date(2026, 3, 2), language).startswith(text)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 20), "۲۹ اسفند ۱۴۰۴"),
        (date(2026, 3, 21), "۱ فروردین ۱۴۰۵"),
        (date(2025, 3, 20), "۳۰ اسفند ۱۴۰۳"),
        (date(2026, 9, 22), "۳۱ شهریور ۱۴۰۵"),
        (date(2026, 9, 23), "۱ مهر ۱۴۰۵"),
    ],
)
def test_persian_days_at_the_edges(day, text):
    assert written_day(day, "fa") == text
