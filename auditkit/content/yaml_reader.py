"""Reads one YAML file into plain values and remembers the line of each.

Not `yaml.safe_load`: that keeps the last of two equal keys without a word, reads clause 4.10 as the number 4.1 and
`no` as false, and follows aliases and nesting until memory or the stack runs out. Here the parser's events are
turned into values by a loop, so that nothing is built before the limits are checked, and a plain scalar stays text:
the shape that receives it decides what it means. tests/slices/content/test_content_yaml_reader.py holds the traps.
"""

from typing import Any, NamedTuple

import yaml

from auditkit.base.errors import BadInput
from auditkit.base.text import N_

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 24
MAX_VALUES = 100_000

# libyaml's parser where PyYAML has it (every wheel does): ten times faster, and the same events.
_EventParser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))

Loc = tuple[str | int, ...]


class Place(NamedTuple):  # a tuple, because one is made for every value of every file
    """Line and column of a value in its file, both from 1."""

    line: int
    column: int


class Fields(dict[str, Any]):
    """A YAML mapping that knows where each of its keys stands."""

    __slots__ = ("place", "places")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: dict[str, Place] = {}


class Entries(list[Any]):
    """A YAML sequence that knows where each of its entries stands."""

    __slots__ = ("place", "places")

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        self.places: list[Place] = []


class YamlRefused(BadInput):
    """A file that cannot be read, or that uses YAML in a way content files may not. `line` counts from 1."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None, **params: Any) -> None:
        super().__init__(message, None, **params)
        self.line = line
        self.column = column


def read_yaml(data: bytes) -> Fields:
    """The one mapping a content file consists of; values are texts, None for an empty value, `Fields` and `Entries`.

    Raises YamlRefused with line and column for anything that is not plain, small, single-document UTF-8 YAML.
    """
    if len(data) > MAX_BYTES:
        raise YamlRefused(N_("The file is larger than %(limit)s bytes. Split it"), limit=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise YamlRefused(N_("This line is not UTF-8. Save the file as UTF-8"), line) from error
    value = _Builder().build(text)
    if not isinstance(value, Fields):
        line = value.place.line if isinstance(value, Entries) else 1
        raise YamlRefused(N_("Start the file with `kind:` and `id:`; it must be a list of `name: value` lines"), line)
    return value


def place_of(document: Fields, loc: Loc) -> Place:
    """Where the value at `loc` stands; where it is missing, where the deepest part of `loc` that exists stands."""
    here: Any = document
    place = document.place
    for step in loc:
        found = _child(here, step)
        if found is not None:  # other steps are names of pydantic's own, such as a union's branch or "[key]"
            here, place = found
    return place


def _child(parent: Any, step: str | int) -> tuple[Any, Place] | None:
    if isinstance(parent, Fields):
        return (parent[step], parent.places[step]) if isinstance(step, str) and step in parent else None
    if isinstance(parent, Entries) and isinstance(step, int) and step < len(parent):
        return parent[step], parent.places[step]
    return None


class _Builder:
    """Turns parser events into values with a stack of its own, so that depth costs a check and not a recursion."""

    def __init__(self) -> None:
        self.open: list[Fields | Entries] = []
        self.keys: list[str | None] = []
        self.key_place = Place(1, 1)
        self.documents = 0
        self.count = 0
        self.root: Any = None

    def build(self, text: str) -> Any:
        parser = None
        try:
            parser = _EventParser(text)
            take, get_event, check_event = self.take, parser.get_event, parser.check_event
            while check_event():
                take(get_event())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise YamlRefused(
                _explain(error.problem or error.context or ""),
                mark.line + 1 if mark else None,
                mark.column + 1 if mark else None,
                problem=error.problem or error.context,
            ) from error
        except yaml.reader.ReaderError as error:
            raise YamlRefused(
                N_("Take out the control character %(code)s"),
                text.count("\n", 0, error.position) + 1,
                code=f"U+{ord(error.character) if isinstance(error.character, str) else error.character:04X}",
            ) from error
        finally:
            if parser is not None:
                parser.dispose()
        if self.documents == 0:
            raise YamlRefused(N_("The file is empty. Write its content or delete it"), 1)
        return self.root

    def take(self, event: yaml.Event) -> None:
        if type(event) is yaml.ScalarEvent:  # eight in ten
            if event.anchor is not None or event.tag is not None or self.count >= MAX_VALUES:
                self.refuse_decorations(event)
            self.count += 1
            self.scalar(event)
            return
        match event:
            case yaml.MappingStartEvent():
                self.refuse_decorations(event)
                self.start(Fields(_place(event)), event)
            case yaml.SequenceStartEvent():
                self.refuse_decorations(event)
                self.start(Entries(_place(event)), event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.open.pop()
                self.keys.pop()
            case yaml.AliasEvent():
                raise _refused(N_("Take out the alias *%(name)s and write the value itself"), event, name=event.anchor)
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise _refused(
                        N_("A second document starts here (`---`). Put each document into a file of its own"), event
                    )

    def refuse_decorations(self, event: Any) -> None:
        if event.anchor is not None:
            raise _refused(
                N_("Take out the anchor &%(name)s; write the value where it is needed"), event, name=event.anchor
            )
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise _refused(N_("Take out the tag %(tag)s; content files hold plain values"), event, tag=tag)
        self.count += 1
        if self.count > MAX_VALUES:
            raise _refused(N_("The file has more than %(limit)s values. Split it"), event, limit=MAX_VALUES)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        parent = self.open[-1] if self.open else None
        if isinstance(parent, Fields) and self.keys[-1] is None:
            self.key(parent, event)
            return
        plain = event.style in (None, "")
        self.put(None if plain and event.value in _NULLS else event.value, _place(event))

    def key(self, parent: Fields, event: yaml.ScalarEvent) -> None:
        name = event.value
        if name in parent:
            raise _refused(
                N_("`%(key)s` is here a second time (first in line %(first)s). Keep one of them"),
                event,
                key=name,
                first=parent.places[name].line,
            )
        if name == "<<":
            raise _refused(N_("Take out the merge key `<<` and write the values themselves"), event)
        self.keys[-1] = name
        self.key_place = _place(event)

    def start(self, value: Fields | Entries, event: yaml.Event) -> None:
        parent = self.open[-1] if self.open else None
        if isinstance(parent, Fields) and self.keys[-1] is None:
            raise _refused(N_("A name must be a plain text here, not a list or a mapping"), event)
        if len(self.open) >= MAX_DEPTH:
            raise _refused(N_("More than %(limit)s levels are nested here. Write it flatter"), event, limit=MAX_DEPTH)
        self.put(value, value.place)
        self.open.append(value)
        self.keys.append(None)

    def put(self, value: Any, place: Place) -> None:
        if not self.open:
            self.root = value
            return
        parent = self.open[-1]
        if isinstance(parent, Entries):
            parent.append(value)
            parent.places.append(place)
            return
        key = self.keys[-1]
        assert key is not None  # noqa: S101 - scalar() and start() see to it
        parent[key] = value
        # The key's line, not the value's: for a folded text the value "starts" at the `>` or a line below.
        parent.places[key] = self.key_place
        self.keys[-1] = None


def _place(event: Any) -> Place:
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1)


def _refused(message: str, event: Any, **params: Any) -> YamlRefused:
    place = _place(event)
    return YamlRefused(message, place.line, place.column, **params)


def _explain(problem: str) -> str:
    """A message id for a parser's own complaint; `%(problem)s` is filled with its words."""
    if "cannot start any token" in problem:
        return N_("Indent with spaces: a tab or a reserved character (@ or `) stands at the start of a value")
    if "mapping values are not allowed" in problem:
        return N_("Put the text into quotes: it holds a colon and a space, which YAML takes for a new field")
    if "could not find expected ':'" in problem:
        return N_("Write `name: value` here: the colon is missing, or the text above needs quotes")
    if "unexpected end of stream" in problem:
        return N_("Close the quote or bracket that was opened further up; the file ends inside it")
    if "did not find expected" in problem:
        return N_("Check indentation, brackets and quotes here and in the lines above (%(problem)s)")
    return N_("This is not YAML: %(problem)s")
