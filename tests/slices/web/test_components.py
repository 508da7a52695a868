"""The page components: fields, errors, tables, and what their Python side promises."""

import pytest
from flask import render_template_string
from markupsafe import Markup
from wtforms import BooleanField, DateField, FileField, RadioField, SelectMultipleField

from auditkit.web.components import field_id, label_cells, unique_id
from auditkit.web.forms import ChoiceField, Form, LineField, TextField, required
from tests.project.page_checks import problems

pytestmark = pytest.mark.sqlite_only

PAGE = (
    '{% extends "web/base.html" %}{% import "web/components.html" as ui with context %}{% block title %}T{% endblock %}'
)


class EveryField(Form):
    name = LineField("Name", [required("Enter the name")])
    text = TextField("Text", description="Some help")
    grade = RadioField("Grade")
    several = SelectMultipleField("Several")
    yes = BooleanField("Yes")
    day = DateField("Day")
    owner = ChoiceField("Owner")
    maybe = ChoiceField("Maybe")
    file = FileField("File")

    def __init__(self, **more):
        super().__init__(**more)
        self.grade.choices = [("a", "A"), ("b", "B")]
        self.several.choices = [("a", "A")]
        self.owner.choices = [("1", "Ann")]
        self.maybe.choices = [("", "Nobody"), ("1", "Ann")]


ALL_FIELDS = "{% for field in form if field.name != 'csrf_token' %}{{ ui.field(field) }}{% endfor %}"


def shown(app, body: str, method: str = "GET", **values):
    from bs4 import BeautifulSoup

    with app.test_request_context("/", method=method, data=values.pop("data", None)):
        form = EveryField(meta={"csrf": False})
        if method == "POST":
            form.validate()
        source = PAGE + "{% block content %}{{ ui.header('T') }}" + body + "{% endblock %}"
        html = render_template_string(source, form=form, other=EveryField(meta={"csrf": False}), **values)
    policy = {
        "Content-Security-Policy": "script-src 'nonce-" + BeautifulSoup(html, "html.parser").script["nonce"] + "'"
    }
    assert problems(html, policy) == []
    return BeautifulSoup(html, "html.parser").main


def test_every_kind_of_field_is_labelled_and_sound(app):
    page = shown(app, "{% call ui.form(form, '/x') %}" + ALL_FIELDS + "{% endcall %}")
    assert page.form["enctype"] == "multipart/form-data", "the form sees its file field by itself"
    assert page.find("label", attrs={"for": "text"}).get_text() == "Text optional"
    assert page.find("label", attrs={"for": "name"}).get_text() == "Name"
    assert "optional" not in page.find("label", attrs={"for": "owner"}).get_text()
    assert "optional" in page.find("label", attrs={"for": "maybe"}).get_text()
    assert page.find(id="text")["aria-describedby"] == "text-help"
    assert page.find("fieldset", id="grade").legend.get_text() == "Grade"


def test_errors_stand_beside_their_field_and_in_the_summary(app):
    body = "{% call ui.form(form, '/x') %}" + ALL_FIELDS + "{% endcall %}"
    page = shown(app, body, "POST", data={"name": "", "day": "soon"})
    summary = page.find(class_="error-summary")
    assert summary["role"] == "alert"
    assert {a["href"]: a.get_text() for a in summary.find_all("a")} == {
        "#name": "Enter the name",
        "#day": "Enter a day such as 2026-03-31",
        "#grade": "Choose one of the list",
        "#owner": "Choose one of the list",
        "#maybe": "Choose one of the list",
    }
    assert page.find(id="name")["aria-invalid"] == "true"
    assert page.find(id="name")["aria-describedby"] == "name-error"


def test_two_forms_of_a_page_share_no_ids(app):
    one = "{% call ui.form(form, '/x') %}" + ALL_FIELDS + "{% endcall %}"
    page = shown(app, one + one.replace("form, '/x'", "other, '/y'").replace("in form if", "in other if"))
    assert page.find(id="name-2")["name"] == "name"


def test_ids_stay_with_their_field(app):
    with app.test_request_context("/"):
        first, second = EveryField(meta={"csrf": False}), EveryField(meta={"csrf": False})
        assert [field_id(first.name), field_id(second.name), field_id(first.name)] == ["name", "name-2", "name"]
        assert [unique_id("table"), unique_id("table"), unique_id("progress")] == ["table-1", "table-2", "progress-1"]


def test_cells_carry_their_headings():
    rows = Markup("<tr><th scope='row'>C-1</th><td class='x'>late</td><td> </td></tr>\n<tr><td colspan=3>sum</td></tr>")
    headings = ["Number", {"text": 'State "now"', "number": True}, {"text": "Acts", "hidden": True}]
    labelled = label_cells(rows, headings)
    assert labelled == (
        "<tr><th data-label=\"Number\" scope='row'><bdi>C-1</bdi></th>"
        "<td data-label=\"State &#34;now&#34;\" class='x'><bdi>late</bdi></td><td></td></tr>\n"
        "<tr><td colspan=3><bdi>sum</bdi></td></tr>"
    )
    assert isinstance(labelled, Markup)


def test_what_people_wrote_runs_its_own_way_in_a_page_of_another_direction(app):
    written = "It stopped. Twice."
    page = shown(
        app,
        "{% call ui.table('T', ['A', 'B']) %}<tr><td>{{ written }}</td><td><a href='/'>x</a> y</td></tr>{% endcall %}"
        "{{ ui.facts([('Said', written), ('Number', 3), ('Our word', _('Save'))]) }}{{ ui.button('/', written) }}"
        "{{ ui.field(form.name) }}{{ ui.field(form.text) }}",
        method="POST",
        data={"name": written},
        written=written,
    )
    first, second = page.select("tbody td")
    assert first.bdi.string == written
    assert second.bdi is None
    said, number, word = page.select("dd")
    assert said.bdi.string == written
    assert number.bdi is word.bdi is None
    assert page.select_one("a.btn").bdi.string == written
    assert page.find(attrs={"name": "name"})["dir"] == "auto"
    assert not page.find(attrs={"name": "text"}).has_attr("dir"), "an empty field begins where the page's lines begin"


def test_a_table_says_how_it_is_sorted(app):
    headings = "['Number', {'text': 'Date', 'url': '/?sort=date', 'sorted': 'descending', 'number': true}]"
    page = shown(app, "{% call ui.table('Complaints', " + headings + ") %}<tr><td>1</td><td>2</td></tr>{% endcall %}")
    assert page.find("th", attrs={"aria-sort": "descending"}).a["href"] == "/?sort=date"
    assert page.find(attrs={"role": "region"})["tabindex"] == "0"


def test_texts_are_escaped_wherever_they_come_in(app):
    evil = "<script>x</script>"
    page = shown(
        app,
        "{{ ui.empty(evil, evil, '/', evil) }}{{ ui.badge(evil, 'warn') }}{{ ui.facts([(evil, evil)]) }}"
        "{{ ui.timeline([{'when': none, 'title': evil, 'by': evil, 'text': evil}]) }}"
        "{{ ui.callout('bad', evil, evil) }}"
        "{{ ui.stat(evil, evil, '/') }}{{ ui.tabs([(evil, '/', true)], evil) }}{{ ui.progress(1, 2, evil) }}",
        evil=evil,
    )
    assert page.find("script") is None
    assert page.get_text().count("<script>") > 10


@pytest.mark.parametrize("tone", ["info", "good", "warn", "bad"])
def test_a_tone_never_speaks_by_colour_alone(app, tone):
    assert shown(app, "{{ ui.badge('Late', '" + tone + "') }}").find(class_="badge-word").svg is not None


def test_an_unknown_icon_is_a_fault_and_not_a_gap(app):
    with pytest.raises(LookupError, match="no icon 'nix'"):
        shown(app, "{{ ui.icon('nix') }}")
