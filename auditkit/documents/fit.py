"""Whether a template asks for what the data of its document have: fields, loops over lists, what it may not leave out.

Pure: compares the uses the child found (`fields.uses`) with the paths and types of a published schema.
Checked by tests/rules/test_documents_fit.py.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from auditkit.documents.faults import Fault, Place
from auditkit.documents.fields import LOOP, PRINT, SHOW

LIST, FIELDS, TEXT, PICTURE = "list", "fields", "text", "picture"


@dataclass(frozen=True)
class Use:
    """A field as a template uses it: `path` with `[]` for an entry of a list, `how` of `fields.py`, the first place."""

    path: str
    how: str
    place: Place


class Schema:
    """The paths a document's data have, each with its type: text, number, list; groups are `fields`."""

    def __init__(self, types: Mapping[str, str]) -> None:
        self.types = dict(types)
        for path in types:
            for prefix in _prefixes(path):
                self.types.setdefault(prefix, FIELDS)

    def kind(self, path: str) -> str | None:
        """What stands at a path, an entry of a list (`places[]`) included; None where there is nothing."""
        if path in self.types:
            return self.types[path]
        owner = path.removesuffix("[]")
        return TEXT if owner != path and self.types.get(owner) == LIST else None

    def list_above(self, path: str) -> str | None:
        """The list whose entries have this field, where a loop was forgotten: `findings.grade` -> `findings`."""
        for cut in range(len(path)):
            if path[cut] == "." and self.types.get(path[:cut]) == LIST and f"{path[:cut]}[]{path[cut:]}" in self.types:
                return path[:cut]
        return None

    def nearest(self, path: str) -> str | None:
        """The path that was probably meant: its last name elsewhere in the same group, else the likest whole path."""
        own = [one for one in self.types if self.types[one] != FIELDS and not one.endswith("[]")]
        near = get_close_matches(path, own, n=1)
        return near[0] if near else None


def _prefixes(path: str) -> Iterator[str]:
    for cut, character in enumerate(path):
        if character == ".":
            yield path[:cut]


def faults(uses: Iterable[Use], schema: Schema, required: Collection[str] = ()) -> list[Fault]:
    """Everything in which the template does not fit the data, in the order of the template."""
    known = list(uses)
    found = [fault for use in known for fault in _of(use, schema)]
    shown = {use.path.removesuffix("[]") for use in known}
    found += [Fault("required-missing", {"field": path}) for path in required if path not in shown]
    return found


def _of(use: Use, schema: Schema) -> Iterator[Fault]:
    kind = schema.kind(use.path)
    path = use.path.removesuffix("[]")
    if kind is None:
        yield _unknown(path, use.place, schema)
    elif use.how == LOOP and kind != LIST:
        yield Fault("loops-over-no-list", {"field": path}, use.place)
    elif use.how == SHOW and kind != PICTURE:
        yield Fault("shows-no-picture", {"field": path}, use.place)
    elif use.how == PRINT and kind == PICTURE:
        yield Fault("prints-picture", {"field": path}, use.place)
    elif use.how == PRINT and kind == LIST:
        yield Fault("prints-list", {}, use.place)
    elif use.how == PRINT and kind == FIELDS:
        yield Fault("prints-fields", {}, use.place)


def _unknown(path: str, place: Place, schema: Schema) -> Fault:
    above = schema.list_above(path)
    if above is not None:
        return Fault("not-looped", {"field": path, "list": above}, place)
    near = schema.nearest(path)
    if near is not None:
        return Fault("unknown-field-guess", {"field": path, "guess": near}, place)
    return Fault("unknown-field", {"field": path}, place)
