"""The language a template may speak: a small part of Jinja, over plain JSON values.

Tried attacks and why each line is here: dependencies.md, section 5. What is not on a list below does not exist for a
template: no call, no attribute of a Python object, no global, no macro, no include, no `*` or `%` on texts. Limits of
memory and time (`limits.py`) stand behind this, since a loop in a loop needs none of the forbidden things.
Checked by tests/rules/test_documents_sandbox.py.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from types import CodeType
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.runtime import LoopContext, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from auditkit.documents.fields import IN_PLACE
from auditkit.documents.tracing import Traced, TracedNumber

FILTERS = (
    "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int",
    "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace",
    "reverse", "round", "select", "selectattr", "slice", "sort", "string", "sum", "title", "trim", "truncate",
    "unique", "upper", "wordcount",
)  # fmt: skip
# `e` and `escape` stand in templates made for plain docxtpl; here everything is escaped once anyway. The third is what
# `pictures.mark` writes.
HARMLESS_FILTERS = ("e", "escape", IN_PLACE)
TESTS = (
    "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "float", "ge", "gt", "greaterthan",
    "in", "integer", "iterable", "le", "lessthan", "lower", "lt", "mapping", "ne", "none", "number", "odd",
    "sameas", "sequence", "string", "true", "undefined", "upper", "==", "!=", ">", ">=", "<", "<=",
)  # fmt: skip
LOOP_FIELDS = frozenset((
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0", "previtem",
    "nextitem",
))  # fmt: skip
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Assign, nodes.With, nodes.Name,
    nodes.Const, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.CondExpr, nodes.Filter,
    nodes.Test, nodes.Getitem, nodes.Getattr, nodes.Slice, nodes.Concat, nodes.Compare, nodes.Operand, nodes.BinExpr,
    nodes.UnaryExpr,
)  # fmt: skip
LARGEST_POWER = 64
# What XML 1.0 cannot hold, and lone surrogates, which UTF-8 cannot. Tab, line feed, bell and form feed stay: like
# docxtpl, `prepare.layout` turns them into a tab, a line break, a new paragraph and a new page.
_NOT_XML = re.compile("[\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile("[&<>\"'\r\x00-\x06\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class UnknownField(UndefinedError):
    """The data have no such field; `known` are the names that stand beside it."""

    def __init__(self, name: str, known: Iterable[str] | None) -> None:
        super().__init__(name)
        self.name = name
        self.known = None if known is None else list(known)

    def guess(self, known: Iterable[str] | None = None) -> str | None:
        """The nearest name there is."""
        names = self.known if self.known is not None else list(known or ())
        near = get_close_matches(self.name, names, n=1, cutoff=0.7)
        return near[0] if near else None


class NotText(SecurityError):
    """A value stands where a text is printed, and is none: a list, a group of fields, or nothing at all."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Forbidden(SecurityError):
    """The template wants something that is not on the lists of this module."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class MissingField(StrictUndefined):
    """What a missing field is until somebody uses it; `is defined` and `default` may."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> None:
        super().__init__(hint, obj, name, exc)
        # StrictUndefined raises what this makes, whichever of its forty operations is tried first.
        self._undefined_exception = self._explain  # type: ignore[assignment]  # a maker of errors where Jinja has their class

    def _explain(self, message: str) -> UndefinedError:
        if self._undefined_name is None:  # a filter that found nothing: `first` of an empty list
            return UnknownField("", None)
        owner = self._undefined_obj
        return UnknownField(str(self._undefined_name), list(owner) if isinstance(owner, dict) else None)

    def fail(self) -> NoReturn:
        """Say now that the field is missing."""
        raise self._explain("")


def field(owner: Any, name: str) -> Any:
    """`owner.name` in a template: a field of the data, never an attribute of a Python object."""
    if type(owner) is dict:
        try:
            return owner[name]
        except KeyError:
            return MissingField(obj=owner, name=name)
    if type(owner) is LoopContext and name in LOOP_FIELDS:
        return getattr(owner, name)
    if isinstance(owner, MissingField):
        owner.fail()
    raise Forbidden("no-fields", name=name, kind=kind_of(owner))


def show(value: Any) -> str:
    """The text of a value for XML: escaped, without the characters XML has no place for."""
    text: str = value
    if type(value) is not str:
        if isinstance(value, MissingField):
            value.fail()
        if isinstance(value, (Traced, TracedNumber)):
            return show(str(value)[:]) + value.mark
        if type(value) is Undefined:  # `{{ a if b }}` where b does not hold: Jinja prints nothing
            return ""
        if value is None or not isinstance(value, (str, int, float)):
            raise NotText(kind_of(value))
        text = str(value)
    if _SPECIAL.search(text) is None:
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NOT_XML.sub("", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&#34;").replace("'", "&#39;")


def kind_of(value: Any) -> str:
    """What a value is called in a message; also the word the messages' parameter carries."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes-no"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, dict):
        return "fields"
    return "list"


class _Generator(CodeGenerator):
    """Writes calls of `show` and `field` where Jinja writes its own, slower and more liberal ones."""

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write("show(")

    def _output_child_post(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        self.write(")")

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        # Constants are computed when they are printed, under the limits of a job, never while compiling.
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible()
        return node.data

    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:  # noqa: N802 - Jinja's name
        self.write("field(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")


class TemplateEnvironment(ImmutableSandboxedEnvironment):
    """Jinja's immutable sandbox with everything taken out that a document does not need."""

    code_generator_class = _Generator
    intercepted_binops = frozenset(["*", "%", "**"])

    def __init__(self) -> None:
        super().__init__(undefined=MissingField, autoescape=True, optimized=False, auto_reload=False, cache_size=0)
        self.globals = {}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters.update(dict.fromkeys(HARMLESS_FILTERS, _as_it_is))
        self.tests = {name: self.tests[name] for name in TESTS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """No attribute of any Python object is."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        """Nothing is."""
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of the data."""
        return field(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`x[0]` of a list, `x["name"]` of fields; filters reach their attributes through here too."""
        if isinstance(argument, int) and isinstance(obj, (list, tuple, str)):
            try:
                return obj[argument]
            except IndexError:
                return MissingField(obj=obj)  # no name: the list is too short
        if isinstance(argument, str):
            return field(obj, argument)
        raise Forbidden("no-fields", name=str(argument), kind=kind_of(obj))

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse; `forbidden_nodes` has refused before, with the name."""
        raise Forbidden("no-call")

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """`*`, `%` and `**` for numbers only: on texts they are a memory bomb in four characters."""
        for value in (left, right):
            if isinstance(value, MissingField):
                value.fail()
            if not isinstance(value, (int, float)):
                raise Forbidden("no-operator", operator=operator)
        if operator == "**" and abs(right) > LARGEST_POWER:
            raise Forbidden("no-operator", operator=operator)
        return super().call_binop(context, operator, left, right)

    def load(self, code: CodeType) -> "Loaded":
        """Make compiled code ready to run."""
        namespace: dict[str, Any] = {"environment": self, "show": show, "field": field}
        exec(code, namespace)  # noqa: S102 - code that Jinja made of checked nodes, in the limited child
        pairs = [pair.split("=") for pair in namespace["debug_info"].split("&") if pair]
        return Loaded(namespace["root"], [(int(code_line), int(line)) for line, code_line in pairs])


@dataclass(frozen=True)
class Loaded:
    """A compiled template: `root` takes a Jinja context and gives pieces of text."""

    root: Callable[[Any], Iterable[str]]
    lines: list[tuple[int, int]]

    def line_of(self, code_line: int) -> int:
        """The template's line that a line of its compiled code came from."""
        best = 1
        for written, line in self.lines:
            if written > code_line:
                break
            best = line
        return best


NOTHING = Loaded(lambda _: (), [])


def forbidden_nodes(tree: nodes.Template) -> Iterable[tuple[int, Forbidden]]:
    """What stands in a parsed template and is not on the lists, with its line."""
    stack: list[nodes.Node] = [tree]
    while stack:
        node = stack.pop()
        stack.extend(node.iter_child_nodes())
        if isinstance(node, nodes.Call):
            yield node.lineno, Forbidden("no-call-of", name=_called(node))
        elif isinstance(node, nodes.Name) and node.name == "self":
            yield node.lineno, Forbidden("no-self")
        elif (hidden := _hidden_name(node)) is not None:
            yield node.lineno, Forbidden("no-underscore", name=hidden)
        elif isinstance(node, (nodes.Mul, nodes.Mod, nodes.Pow)) and any(map(_is_text, (node.left, node.right))):
            yield node.lineno, Forbidden("no-operator", operator=node.operator)
        elif isinstance(node, nodes.For) and node.recursive:
            yield node.lineno, Forbidden("no-node", kind="recursive")
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS and node.name not in HARMLESS_FILTERS:
            yield node.lineno, _unknown("no-filter", node.name, FILTERS)
        elif isinstance(node, nodes.Test) and node.name not in TESTS:
            yield node.lineno, _unknown("no-test", node.name, TESTS)
        elif not isinstance(node, ALLOWED):
            yield node.lineno, Forbidden("no-node", kind=type(node).__name__)


def _hidden_name(node: nodes.Node) -> str | None:
    """A name that begins with an underscore: no field of the data does, every door of Python's does."""
    name: object = None
    if isinstance(node, nodes.Name):
        name = node.name
    elif isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        name = node.arg.value
    return name if isinstance(name, str) and name.startswith("_") else None


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _unknown(code: str, name: str, known: Iterable[str]) -> Forbidden:
    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return Forbidden(f"{code}-guess", name=name, guess=near[0]) if near else Forbidden(code, name=name)


def _called(node: nodes.Call) -> str:
    target = node.node
    if isinstance(target, nodes.Name):
        return target.name
    if isinstance(target, nodes.Getattr):
        return target.attr
    return "…"


def _as_it_is(value: Any) -> Any:
    return value
