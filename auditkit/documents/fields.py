"""Which fields of the data a parsed template uses, by full dotted path: `findings[].grade`, `organisation.name`.

Follows `for` and `set`, so that `{% for f in findings %}{{ f.grade }}` is `findings` and `findings[].grade`. What
cannot be followed (a value computed by a filter) is left out, never guessed.
Checked by tests/rules/test_documents_fields.py.
"""

from collections.abc import Iterator, Mapping

from jinja2 import nodes

# Filters whose result is a list of the same things, and those that pick one of them.
SAME_LIST = frozenset(("sort", "select", "selectattr", "reject", "rejectattr", "list", "reverse", "unique", "default",
                       "d", "slice", "batch"))  # fmt: skip
ONE_OF = frozenset(("first", "last", "min", "max"))
LOOP, PRINT, READ = "loop", "print", "read"
SHOW, IN_PLACE = "show", "shown_in_place"
"""A picture of a loop, and the filter that `pictures.mark` writes for it."""
Scope = Mapping[str, str | None]
Use = tuple[str, int, str]


def used(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Each (path, line) a template reads. A list that is looped over counts as read itself."""
    for path, line, _ in uses(tree):
        yield path.removesuffix("[]"), line


def uses(tree: nodes.Template) -> Iterator[Use]:
    """Each (path, line, use): LOOP, PRINT as it stands, SHOW as a picture, or READ otherwise.

    `list[]` is an entry of the list itself.
    """
    yield from _block(tree.body, {})


def _block(body: list[nodes.Node], scope: Scope) -> Iterator[Use]:
    scope = dict(scope)
    for node in body:
        if isinstance(node, nodes.For):
            yield from _loop(node, scope)
        elif isinstance(node, nodes.If):
            yield from _expression(node.test, scope)
            yield from _block(node.body, scope)
            for branch in node.elif_:
                yield from _block([branch], scope)
            yield from _block(node.else_, scope)
        elif isinstance(node, nodes.Assign):
            yield from _expression(node.node, scope)
            scope.update(_bind(node.target, path_of(node.node, scope)))
        elif isinstance(node, nodes.With):
            inner = dict(scope)
            for target, value in zip(node.targets, node.values, strict=True):
                yield from _expression(value, scope)
                inner.update(_bind(target, path_of(value, scope)))
            yield from _block(node.body, inner)
        elif isinstance(node, nodes.Output):
            yield from _output(node, scope)
        else:
            yield from _expression(node, scope)


def _output(node: nodes.Output, scope: Scope) -> Iterator[Use]:
    for child in node.nodes:
        if isinstance(child, nodes.Filter) and child.name == IN_PLACE:
            shown = path_of(child.node, scope)
            if shown is not None:
                yield shown, child.lineno, SHOW
            continue
        path = path_of(child, scope) if isinstance(child, (nodes.Name, nodes.Getattr, nodes.Getitem)) else None
        if path is not None:
            yield path, child.lineno, PRINT
        else:
            yield from _expression(child, scope)


def _loop(node: nodes.For, scope: Scope) -> Iterator[Use]:
    source = path_of(node.iter, scope)
    if source is not None:
        yield source, node.iter.lineno, LOOP
    yield from _expression(node.iter, scope)
    inner = {**scope, "loop": None, **_bind(node.target, f"{source}[]" if source else None)}
    if node.test is not None:
        yield from _expression(node.test, inner)
    yield from _block(node.body, inner)
    yield from _block(node.else_, scope)


def _bind(target: nodes.Node, path: str | None) -> dict[str, str | None]:
    if isinstance(target, nodes.Name):
        return {target.name: path}
    return {name.name: None for name in target.find_all(nodes.Name)}


def _expression(node: nodes.Node, scope: Scope) -> Iterator[Use]:
    """The longest paths inside an expression."""
    if isinstance(node, (nodes.Name, nodes.Getattr, nodes.Getitem)):
        path = path_of(node, scope)
        if path is not None:
            yield path, node.lineno, READ
            return
    yield from _by_attribute(node, scope)
    for child in node.iter_child_nodes():
        yield from _expression(child, scope)


def _by_attribute(node: nodes.Node, scope: Scope) -> Iterator[Use]:
    """Fields that a filter names by text: `map(attribute="title")`, `selectattr("grade", ...)`."""
    if not isinstance(node, nodes.Filter) or node.node is None:
        return
    source = path_of(node.node, scope)
    named = [pair.value for pair in node.kwargs if pair.key == "attribute"]
    if node.name in {"selectattr", "rejectattr", "groupby"}:
        named += node.args[:1]
    for value in named:
        if source is not None and isinstance(value, nodes.Const) and isinstance(value.value, str):
            yield f"{source}[].{value.value}", node.lineno, READ


def path_of(node: nodes.Node | None, scope: Scope) -> str | None:
    """The dotted path an expression stands for, or None where it is a computed value."""
    if isinstance(node, nodes.Name):
        return scope.get(node.name, node.name)
    if isinstance(node, nodes.Getattr):
        owner = path_of(node.node, scope)
        return f"{owner}.{node.attr}" if owner else None
    if isinstance(node, nodes.Getitem):
        owner = path_of(node.node, scope)
        if owner is None:
            return None
        if isinstance(node.arg, nodes.Slice):
            return owner
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return f"{owner}.{node.arg.value}"
        return f"{owner}[]"
    if isinstance(node, nodes.Filter):
        source = path_of(node.node, scope)
        if source and node.name in SAME_LIST:
            return source
        if source and node.name in ONE_OF:
            return f"{source}[]"
    return None
