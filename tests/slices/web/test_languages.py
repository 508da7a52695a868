"""Languages of the screens: choosing one, plurals, the pseudo-locale, what the form library says."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import g, render_template_string

from auditkit.base.text import SEMICOLON, Points, _, enumerated, lazy_, ngettext, spoken, translated_by
from auditkit.complaints.rules import UnknownWord
from auditkit.web.catalogues import Catalogue, catalogue
from auditkit.web.forms import BETTER, Form, LineField
from auditkit.web.languages import PSEUDO, day, listed, local_moment, numeral, pseudo

pytestmark = pytest.mark.sqlite_only


def test_the_pseudo_locale_brackets_texts_and_leaves_placeholders_alone():
    assert pseudo("Row %(row)s has no date") == "⟦Rów %(row)s háš ñó dáté⟧"


def test_a_chosen_language_stays_for_the_session_and_mirrors_the_page(acme, browser):
    page = browser(acme, "staff")
    page.get("/account")
    turned = page.post("/preferences", {"locale": "fa", "next": "/account"})
    assert turned.path == "/account"
    assert turned.soup.html["dir"] == "rtl"
    assert turned.soup.html["lang"] == "fa"
    assert any("bootstrap.rtl.css" in link["href"] for link in turned.soup.find_all("link", href=True))
    assert page.get("/o/acme/").soup.html["dir"] == "rtl"


def test_a_chosen_appearance_stays_for_the_session(acme, browser):
    page = browser(acme, "staff")
    page.get("/account")
    assert page.post("/preferences", {"theme": "dark", "next": "/account"}).soup.html["data-bs-theme"] == "dark"
    assert page.post("/preferences", {"theme": "", "next": "/account"}).soup.html.get("data-bs-theme") is None
    assert page.post("/preferences", {"theme": "pink", "next": "/account"}).soup.html.get("data-bs-theme") is None


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"])
def test_choosing_leads_back_into_this_installation_only(acme, browser, elsewhere):
    page = browser(acme, "staff")
    page.get("/account")
    assert page.post("/preferences", {"theme": "dark", "next": elsewhere}).path == "/o/acme/"


def test_an_unknown_language_is_not_taken(acme, browser):
    page = browser(acme, "staff")
    page.get("/account")
    assert page.post("/preferences", {"locale": "xx", "next": "/account"}).soup.html["lang"] == "en"


def test_the_pseudo_locale_exists_in_tests_only(app, acme, browser):
    page = browser(acme, "staff")
    page.get("/account")
    assert page.post("/preferences", {"locale": PSEUDO, "next": "/account"}).title == pseudo("Your account")
    app.testing = False
    try:
        assert page.post("/preferences", {"locale": PSEUDO, "next": "/account"}).title == "Your account"
    finally:
        app.testing = True


def test_the_browsers_language_is_taken_where_none_was_chosen(app):
    answer = app.test_client().get("/account/sign-in", headers={"Accept-Language": "fa-IR,fa;q=0.9,en;q=0.5"})
    assert 'lang="fa" dir="rtl"' in answer.text


def test_a_persian_page_shows_the_days_of_the_persian_calendar(app):
    at = datetime(2026, 3, 20, 22, 5, tzinfo=UTC)
    both = '{% import "web/components.html" as ui with context %}{{ ui.day(day) }} {{ ui.when(at) }}'
    with app.test_request_context("/"):
        g.locale = "fa"
        assert render_template_string(both, day=date(2026, 3, 21), at=at) == (
            '<time datetime="2026-03-21" translate="no">۱ فروردین ۱۴۰۵</time> '
            '<time datetime="2026-03-20T22:05:00+00:00" translate="no">۲۹ اسفند ۱۴۰۴، ۲۲:۰۵ UTC</time>'
        )
        assert local_moment(at, ZoneInfo("Asia/Tehran")) == "۱ فروردین ۱۴۰۵، ۱:۳۵", "the day is that of the zone"
        assert render_template_string("{{ day|day }} {{ at|day }}", day=date(1700, 1, 1), at=at).endswith(
            " ۲۹ اسفند ۱۴۰۴"
        ), "a day outside the years of its rule is shown by the other calendar"
    with app.test_request_context("/"):
        g.locale = "en"
        assert render_template_string("{{ day|day }}", day=date(2026, 3, 21)) == "21 Mar 2026"


def test_a_persian_page_writes_numbers_in_its_own_digits(app):
    said = (
        '{% import "web/components.html" as ui with context %}{{ _("%(done)s of %(all)s", done=3, all="12") }}|'
        '{{ ngettext("%(num)s day", "%(num)s days", 45) }}|{% trans count=7 %}Stored: {{ count }}{% endtrans %}|'
        '{{ _("%(percent)s %% done", percent=3) }}|{{ _("%(number)s was raised.", number="<A-2>") }}|'
        '{% call ui.table("T", ["A"]) %}<tr><td>19</td><td translate="no">19</td><td>A-19</td></tr>{% endcall %}'
        "{{ ui.facts([('x', 30)]) }}{{ ui.stat(1234, 'x') }}{{ ui.stat('1,000+', 'x') }}"
    )
    with app.test_request_context("/"):
        g.locale = "fa"
        shown = render_template_string(said)
        assert shown.split("|")[:2] == ["۳ از 12", "۴۵ روز"], "a text that looks like a number is no number"
        assert ": ۷" in shown.split("|")[2] or "Stored: ۷" in shown.split("|")[2]
        assert shown.split("|")[3].startswith("۳ % ")
        assert "&lt;A-2&gt;" in shown.split("|")[4]
        assert "<bdi>۱۹</bdi>" in shown
        assert '<td translate="no"><bdi>19</bdi>' in shown
        assert "<bdi>A-19</bdi>" in shown
        assert "<dd>۳۰</dd>" in shown
        assert ">۱۲۳۴</span>" in shown
        assert ">۱,۰۰۰+</span>" in shown
        assert _("%(done)s of %(all)s", done=3, all=4) == "۳ از ۴"
        assert ngettext("%(num)s day", "%(num)s days", 45) == "۴۵ روز"
        assert numeral(30) + 1 == 31
        with translated_by(str):
            assert _("%(done)s of %(all)s", done=3, all=4) == "3 of 4", "a document's numbers are not the screen's"
    with app.test_request_context("/"):
        g.locale = "en"
        assert render_template_string(said).startswith("3 of 12|45 days|Stored: 7|3 % done|&lt;A-2&gt; was raised.|")


def test_plurals_follow_the_number():
    assert ngettext("%(num)s file", "%(num)s files", 1) == "1 file"
    assert ngettext("%(num)s file", "%(num)s files", 5) == "5 files"
    with translated_by(str.upper):
        assert ngettext("file", "files", 5) == "FILES"


def test_plural_forms_come_from_the_catalogue():
    russian = Catalogue(forms={"one": ("раз", "раза", "раз")}, form_of=lambda n: 0 if n == 1 else 1 if n < 5 else 2)
    assert [russian.plural("one", "many", n) for n in (1, 3, 7)] == ["раз", "раза", "раз"]
    assert russian.plural("other", "others", 2) == "others"


def test_a_language_without_a_catalogue_stays_english():
    assert catalogue("xx").text("Save") == "Save"


def test_a_lazy_text_is_filled_after_translation():
    with translated_by({"at most %(max)s": "höchstens %(max)s"}.__getitem__):
        assert lazy_("at most %(max)s") % {"max": 3} == "höchstens 3"


class SmallForm(Form):
    name = LineField("Name", max_length=3)


def test_what_the_form_library_says_tells_what_to_do(app):
    with app.test_request_context("/", method="POST", data={"name": "long"}):
        form = SmallForm(meta={"csrf": False})
        assert not form.validate()
        assert form.name.errors == ["Enter at most 3 characters"]
        assert form.name.gettext("Not a valid date value.") == "Enter a day such as 2026-03-31"


def test_every_better_text_replaces_one_the_library_has():
    import inspect

    from wtforms import fields, validators

    modules = [validators, *(getattr(fields, name) for name in ("choices", "datetime", "numeric", "core"))]
    sources = "".join(inspect.getsource(module) for module in modules)
    plain = sources.replace('"\n', "").replace("'\n", "")
    for message in BETTER:
        start = message[:24]
        assert start in plain or start.replace("'", "\\'") in plain, f"the library no longer says {message!r}"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "a, b and c"), ("fa", "a،\u200f b، و c"), ("ru", "a, b и c"), ("el", "a, b και c"), ("tr", "a, b ve c")],
)
def test_lists_are_written_as_the_language_writes_them(app, language, said):
    with spoken(language):
        assert listed(["a", "b", "c"]) == said
        assert listed(["a"]) == "a"
        assert listed([]) == ""


def test_a_mail_written_in_a_request_speaks_its_readers_language(app):
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        with spoken("ru"):
            assert (_("Save"), day(date(2026, 3, 2))) == ("Сохранить", "2 мар. 2026\u202fг.")
        assert (_("Save"), day(date(2026, 3, 2))) == ("Save", "2 Mar 2026")


@pytest.mark.parametrize(
    ("language", "comma", "semicolon"),
    [("en", "a, b", "a; b"), ("fa", "a، b", "a؛ b"), ("el", "a, b", "a· b"), ("ka", "a, b", "a; b")],
)
def test_what_stands_in_a_row_is_parted_as_the_language_parts_it(app, language, comma, semicolon):
    """Also where an error or a text is filled with it, and in a document of another language than the screen's."""
    refused = UnknownWord(word="x", known=["a", "b"])
    with spoken(language):
        assert (enumerated(["a", "b"]), enumerated(["a", "b"], SEMICOLON)) == (comma, semicolon)
        assert str(refused).endswith(comma)
        assert _("%(rows)s!", rows=Points(["a", "b"])) == semicolon + "!"
        assert ngettext("%(num)s: %(rows)s", "%(num)s: %(rows)s", 1, rows=("a", "b")).endswith(comma)
        assert render_template_string("{{ ['a', 'b']|enumerated }}") == comma
    with spoken("fa" if language == "en" else "en"), translated_by(str, language):
        assert _("%(rows)s!", rows=["a", "b"]) == comma + "!"
