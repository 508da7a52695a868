"""Fields are known by full path through loops, assignments and filters."""

import pytest
from jinja2 import Environment

from auditkit.documents.fields import used


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("{{ a.b.c }}", {"a.b.c"}),
        ("{{ a['b'].c }}{{ a[0].d }}", {"a.b.c", "a[].d"}),
        ("{% for f in list %}{{ f.x }}{{ loop.index }}{% endfor %}", {"list", "list[].x"}),
        ("{% for f in a.b %}{% for g in f.c %}{{ g }}{{ f.d }}{% endfor %}{% endfor %}", {"a.b", "a.b[].c", "a.b[].d"}),
        ("{% for f in a | sort(attribute='n') | reverse %}{{ f.x }}{% endfor %}", {"a", "a[].n", "a[].x"}),
        (
            "{% for f in a if f.open %}{{ f.x }}{% else %}{{ none_text }}{% endfor %}",
            {"a", "a[].open", "a[].x", "none_text"},
        ),
        ("{% set t = a.b %}{{ t.c }}", {"a.b", "a.b.c"}),
        ("{{ (a | first).b }}{{ a | map(attribute='c') | join }}", {"a", "a[].b", "a[].c"}),
        ("{% if a.b and not c %}{{ d or 'x' }}{% elif e == 1 %}{% endif %}", {"a.b", "c", "d", "e"}),
        ("{% for k, v in a | dictsort %}{{ k }}{{ v.x }}{% endfor %}", {"a"}),
        ("{% with u = a.b %}{{ u.c }}{% endwith %}{{ u }}", {"a.b", "a.b.c", "u"}),
        ("{{ a | groupby('grade') | length }}", {"a", "a[].grade"}),
    ],
)
def test_paths(source: str, paths: set[str]) -> None:
    assert {path for path, _ in used(Environment().parse(source))} == paths
