"""The template language: what is not on its lists does not exist."""

from typing import Any

import pytest
from jinja2.runtime import Context

from auditkit.documents import sandbox

ENVIRONMENT = sandbox.TemplateEnvironment()


def forbidden(source: str) -> list[str]:
    return [found.code for _, found in sandbox.forbidden_nodes(ENVIRONMENT.parse(source))]


def run(source: str, data: dict[str, Any]) -> str:
    tree = ENVIRONMENT.parse(source)
    loaded = ENVIRONMENT.load(ENVIRONMENT.compile(tree, "t", "<t>"))
    return "".join(loaded.root(Context(ENVIRONMENT, data, "t", {}, {})))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("{{ range(9) }}", "no-call-of"), ("{{ x.y.z() }}", "no-call-of"), ("{{ (1)() }}", "no-call-of"),
        ("{{ self.x }}", "no-self"), ("{{ x.__class__ }}", "no-underscore"), ("{{ x['__class__'] }}", "no-underscore"),
        ("{{ _x }}", "no-underscore"), ("{% for a in x recursive %}{% endfor %}", "no-node"),
        ("{% macro m() %}{% endmacro %}", "no-node"), ("{% block b %}{% endblock %}", "no-node"),
        ("{% include 'x' %}", "no-node"), ("{% import 'x' as y %}", "no-node"), ("{% extends 'x' %}", "no-node"),
        ("{% filter upper %}{% endfilter %}", "no-node"), ("{% set x %}{% endset %}", "no-node"),
        ("{% call x() %}{% endcall %}", "no-node"), ("{% autoescape false %}{% endautoescape %}", "no-node"),
        ("{{ x | safe }}", "no-filter"), ("{{ x | attr('a') }}", "no-filter"), ("{{ x | format }}", "no-filter-guess"),
        ("{{ x | pprint }}", "no-filter"), ("{{ x | center(9) }}", "no-filter"), ("{{ x | indent }}", "no-filter"),
        ("{{ x | random }}", "no-filter"), ("{{ x | tojson }}", "no-filter"), ("{{ x | xmlattr }}", "no-filter"),
        ("{{ x | uper }}", "no-filter-guess"), ("{{ x is callable }}", "no-test"),
        ("{{ x is definet }}", "no-test-guess"),
        ("{{ 'a' * 9 }}", "no-operator"), ("{{ '%9d' % 1 }}", "no-operator"),
    ],
)  # fmt: skip
def test_what_is_not_on_the_lists_is_refused_before_it_runs(source: str, code: str) -> None:
    assert code in forbidden(source)


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("{{ a * 9 }}", {"a": "x"}), ("{{ 9 * a }}", {"a": "x"}), ("{{ a % 1 }}", {"a": "%99999999d"}),
        ("{{ a * 9 }}", {"a": [1]}), ("{{ 9 ** a }}", {"a": 999}), ("{{ a.upper }}", {"a": "x"}),
        ("{{ a.real }}", {"a": 1}), ("{{ a.append }}", {"a": []}), ("{{ loop.x }}", {"loop": 1}),
        ("{% for x in a %}{{ loop.cycle }}{% endfor %}", {"a": [1]}),
        ("{{ a | map(attribute='real') | join }}", {"a": [1]}),
        ("{% for x in a %}{{ loop._iterable }}{% endfor %}", {"a": [1]}),
    ],
)  # fmt: skip
def test_what_only_shows_while_running_is_refused_then(source: str, data: dict[str, Any]) -> None:
    with pytest.raises((sandbox.Forbidden, sandbox.NotText)):
        run(source, data)


def test_constants_are_not_computed_while_compiling() -> None:
    code = ENVIRONMENT.compile(ENVIRONMENT.parse("{{ 9 ** 9 ** 2 }}{{ 'a' ~ 'b' }}"), raw=True)

    assert str(9**81) not in code
    assert "'ab'" not in code


def test_a_field_named_like_a_method_is_the_field() -> None:
    data = {"order": {"items": ["a"], "keys": "k", "get": "g"}}

    assert run("{% for i in order.items %}{{ i }}{% endfor %}{{ order.keys }}{{ order.get }}", data) == "akg"


@pytest.mark.parametrize(
    ("source", "data", "result"),
    [
        ("{{ a | sort | join('; ') }}", {"a": ["b", "a"]}, "a; b"),
        ("{% for g, n in a | groupby('k') %}{{ g ~ n | length }}{% endfor %}", {"a": [{"k": "x"}, {"k": "x"}]}, "x2"),
        ("{{ a | selectattr('k', 'eq', 1) | map(attribute='k') | join }}", {"a": [{"k": 1}, {"k": 2}]}, "1"),
        ("{% for x in a %}{{ loop.index }}{{ ',' if not loop.last }}{% endfor %}", {"a": [7, 8]}, "1,2"),
        ("{{ a[0].b }}{{ a[-1]['b'] }}", {"a": [{"b": 1}, {"b": 2}]}, "12"),
        ("{{ a | e }}", {"a": "<&>"}, "&lt;&amp;&gt;"),
        ("{{ a ~ '<' ~ 1 }}", {"a": "&"}, "&amp;&lt;1"),
        ("{{ 7 * 6 }} {{ 7 % 4 }} {{ 2 ** 8 }} {{ a / 2 }}", {"a": 3}, "42 3 256 1.5"),
        ("{% set t = a %}{{ t }}{% with u = 2 %}{{ u }}{% endwith %}", {"a": 1}, "12"),
    ],
)  # fmt: skip
def test_what_documents_need_works(source: str, data: dict[str, Any], result: str) -> None:
    assert forbidden(source) == []
    assert run(source, data) == result


def test_data_are_not_changed_by_a_template() -> None:
    with pytest.raises(sandbox.Forbidden):
        run("{{ a.pop }}", {"a": [1]})
