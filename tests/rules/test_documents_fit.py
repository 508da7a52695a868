"""A template that asks for something the data do not have is told what there is instead."""

import pytest
from jinja2 import Environment

from auditkit.documents.faults import Place
from auditkit.documents.fields import uses
from auditkit.documents.fit import Schema, Use, faults

SCHEMA = Schema({
    "organisation.name": "text",
    "document.version": "text",
    "findings": "list",
    "findings[].grade": "text",
    "findings[].causes": "list",
    "places": "list",
    "total": "number",
})  # fmt: skip


def told(source: str, required: tuple[str, ...] = ()) -> list[tuple[str, dict[str, str]]]:
    used = [Use(path, how, Place("document", paragraph=line)) for path, line, how in uses(Environment().parse(source))]
    return [(fault.code, fault.params) for fault in faults(used, SCHEMA, required)]


@pytest.mark.parametrize(
    "source",
    [
        "{{ organisation.name }} {{ total }}",
        "{% for f in findings %}{{ f.grade }}{% for c in f.causes %}{{ c }}{% endfor %}{% endfor %}",
        "{% for p in places | sort %}{{ p }}{% endfor %}",
        "{% if findings %}{{ findings | length }}{% endif %}{% if organisation %}{% endif %}",
        "{{ findings[0].grade }}{{ findings | map(attribute='grade') | join(', ') }}",
    ],
)
def test_what_fits(source: str) -> None:
    assert told(source) == []


@pytest.mark.parametrize(
    ("source", "code", "params"),
    [
        ("{{ organisation.nmae }}", "unknown-field-guess",
         {"field": "organisation.nmae", "guess": "organisation.name"}),
        ("{{ zzz }}", "unknown-field", {"field": "zzz"}),
        ("{{ findings.grade }}", "not-looped", {"field": "findings.grade", "list": "findings"}),
        ("{% for f in organisation.name %}{% endfor %}", "loops-over-no-list", {"field": "organisation.name"}),
        ("{% for f in organisation %}{% endfor %}", "loops-over-no-list", {"field": "organisation"}),
        ("{% for p in places %}{% for q in p %}{% endfor %}{% endfor %}", "loops-over-no-list", {"field": "places"}),
        ("{{ findings }}", "prints-list", {}),
        ("{{ organisation }}", "prints-fields", {}),
        ("{% for f in findings %}{{ f }}{% endfor %}", "prints-fields", {}),
        ("{% for f in findings %}{{ f.gradee }}{% endfor %}", "unknown-field-guess",
         {"field": "findings[].gradee", "guess": "findings[].grade"}),
    ],
)  # fmt: skip
def test_what_does_not_fit(source: str, code: str, params: dict[str, str]) -> None:
    assert told(source) == [(code, params)]


def test_what_a_document_of_this_kind_must_show_is_missed() -> None:
    assert told("{{ organisation.name }}", ("organisation.name", "findings")) == [
        ("required-missing", {"field": "findings"})
    ]
    assert told("{% for f in findings %}{{ f.grade }}{% endfor %}", ("findings",)) == []
