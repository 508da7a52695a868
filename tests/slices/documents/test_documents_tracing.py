"""Which record fed which paragraph can be told, and the telling changes nothing."""

from auditkit.documents.render import Renderer
from tests.slices.documents.writing import rendered, template, texts

DATA = {
    "organisation": {"name": "A & B"},
    "direction": "rtl",
    "findings": [{"number": "F-1", "text": "late"}, {"number": "F-2", "text": "no {{ tag }}"}],
    "count": 2,
}


def test_each_paragraph_names_the_fields_it_shows(renderer: Renderer) -> None:
    content = template(
        "{{ organisation.name }} has {{ count }}",
        "no data",
        "{%p for f in findings %}",
        "{{ f.number }}: {{ f.text }}{% if direction == 'rtl' %}!{% endif %}",
        "{%p endfor %}",
        [["{%tr for f in findings %}"], ["{{ f.text }}"], ["{%tr endfor %}"]],
    )

    lines = renderer.trace(content, DATA)

    assert [(line.text, line.paths) for line in lines] == [
        ("A & B has 2", ("organisation.name", "count")),
        ("F-1: late!", ("findings[0].number", "findings[0].text")),
        ("F-2: no {{ tag }}!", ("findings[1].number", "findings[1].text")),
        ("late", ("findings[0].text",)),
        ("no {{ tag }}", ("findings[1].text",)),
    ]
    assert [(line.place.paragraph, line.place.table, line.place.row) for line in lines][-2:] == [
        (None, 1, 1),
        (None, 1, 2),
    ]


def test_a_value_made_by_a_filter_is_left_out_not_guessed(renderer: Renderer) -> None:
    assert renderer.trace(template("{{ organisation.name | upper }}"), DATA) == []


def test_the_document_itself_has_no_marks_after_a_trace(renderer: Renderer) -> None:
    content = template("{{ organisation.name }}")
    renderer.trace(content, DATA)

    assert texts(rendered(renderer, content, DATA)) == ["A & B"]
