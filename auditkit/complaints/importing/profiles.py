"""Mapping profiles: what each column of a file means, as YAML that people can read and change.

A profile names columns (by name, folded, so that "Date received" is "date_received"; or by position), says how dates
are written and what the file's words for channels and states mean in ours. Shipped profiles lie in
`auditkit/complaints/profiles/`; one is chosen by its `recognise` names, and that is announced.
Checked by tests/rules/test_importing_profiles.py.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from auditkit.base.errors import BadInput
from auditkit.base.ids import digest
from auditkit.base.text import N_, Points
from auditkit.complaints.importing.fields import DATES
from auditkit.complaints.importing.guessing import name_key
from auditkit.complaints.importing.reading import Hints
from auditkit.complaints.rules import IMPORTED_STAGES, Kind, Outcome, Severity
from auditkit.content.locate import Found
from auditkit.content.reading import read_file
from auditkit.web.languages import listed

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
ProfileId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=40)]
FieldName = Literal[
    "reference", "received", "happened", "acknowledged", "decided", "closed", "kind", "status", "outcome", "channel",
    "severity", "subject", "description", "product", "category", "site", "wanted_remedy", "decision", "remedy",
    "complainant", "email", "phone", "street", "postcode", "city", "region", "country",
]  # fmt: skip
DateFormat = Literal[
    "auto", "iso", "YYYY/MM/DD", "YYYY.MM.DD", "YYYYMMDD", "DD.MM.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY",
    "MM-DD-YYYY", "DD.MM.YY", "DD/MM/YY", "MM/DD/YY", "jalali", "epoch", "epoch-ms", "excel",
]  # fmt: skip


_MEANINGS: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "status": IMPORTED_STAGES,
    "outcome": tuple(Outcome),
    "severity": tuple(Severity),
}


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileShape(_Shape):
    """How the file is to be read, each instead of a guess. `header` is the line of the column names, or `none`.

    `guarded`: auditkit wrote the file, so apostrophes before texts that a spreadsheet would run are taken off again.
    """

    encoding: Text | None = None
    delimiter: Literal[",", ";", "\t", "|", "comma", "semicolon", "tab", "bar"] | None = None
    header: Annotated[int, Field(ge=1)] | Literal["none"] | None = None
    sheet: Text | None = None
    guarded: bool = False

    def hints(self) -> Hints:
        """The same for `reading.open_table`."""
        words = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
        delimiter = words.get(self.delimiter, self.delimiter) if self.delimiter else None
        return Hints(self.encoding, delimiter, self.header, self.sheet, self.guarded)


class ColumnShape(_Shape):
    """Where a field comes from: a column by its name, by one of several names, by position (from 1), or a constant.

    `format` is for dates; `values` says what the file's words mean in ours (a word may end in * for any ending),
    `otherwise` what any other word means. Without it, another word for a kind, a status, an outcome or a severity is
    refused row by row, and any other text is kept as the file says it. `empty` lists words that mean nothing.
    """

    column: Text | None = None
    any_of: tuple[Text, ...] = ()
    position: Annotated[int, Field(ge=1)] | None = None
    constant: Text | None = None
    join: tuple[Text, ...] = ()
    separator: str = " / "
    optional: bool = False
    format: DateFormat | None = None
    values: dict[Text, Text] = {}
    otherwise: Text | None = None
    empty: tuple[Text, ...] = ()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [bool(self.column), bool(self.any_of), self.position is not None, bool(self.constant), bool(self.join)]
        if sum(given) != 1:
            raise ValueError("Name exactly one of column, any_of, position, join or constant")
        return self


class ProfileShape(_Shape):
    """One mapping profile. `recognise`: the file is this profile's when it has all of these columns.

    `source` keeps references of different files apart: the same number from two sources is two complaints.
    `closed_without_date` says what becomes of a row that is closed and has no date of closing: refused, or kept as
    closed with the date unknown; `open_with_closing_date` of one whose status is open though it has such a date:
    refused, or taken as closed (the file's own word for its status is kept either way).
    """

    kind: Literal["import-profile"] = "import-profile"
    id: ProfileId
    title: Text
    source: Text | None = None
    recognise: tuple[Text, ...] = ()
    file: FileShape = FileShape()
    empty: tuple[Text, ...] = ()
    fields: dict[FieldName, ColumnShape]
    closed_without_date: Literal["refuse", "unknown"] = "refuse"
    open_with_closing_date: Literal["refuse", "closed"] = "refuse"

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for name, use in self.fields.items():
            if name in DATES and (use.join or use.constant):
                raise ValueError(f"{name} is a date: take it from one column")
            if name not in DATES and use.format is not None:
                raise ValueError(f"{name} is no date: take out its format")
            known = _MEANINGS.get(name)
            for meaning in [*use.values.values(), *([use.otherwise] if use.otherwise else [])] if known else []:
                if meaning not in known:  # type: ignore[operator]  # known is not None here
                    raise ValueError(f"{name}: {meaning!r} is none of {', '.join(known or ())}")
        return self

    @property
    def source_name(self) -> str:
        """What keeps this profile's references apart from those of other sources."""
        return self.source or self.id

    def recognises(self, columns: Sequence[str]) -> bool:
        """Whether the table has every column this profile is known by."""
        have = {name_key(name) for name in columns}
        return bool(self.recognise) and all(name_key(name) in have for name in self.recognise)


def profile_digest(profile: ProfileShape) -> str:
    """SHA-256 (hex) over the profile as JSON: two profiles that say the same have the same."""
    return digest(profile.model_dump_json().encode())


def as_yaml(profile: ProfileShape) -> str:
    """The profile as the YAML that `load_profile` reads, for the command line and for people."""
    import yaml  # heavy, and only a download needs it

    said = profile.model_dump(mode="json", exclude_defaults=True)
    return str(yaml.safe_dump({"kind": profile.kind, **said}, allow_unicode=True, sort_keys=False, width=110))


class ProfileUnusable(BadInput):
    """`problems` are told with their places."""

    message = N_("The profile cannot be used: %(problems)s")


def load_profile(found: Found) -> ProfileShape:
    """Read a profile. Raises ProfileUnusable with file and line of every fault."""
    _document, shape, problems = read_file(found, ProfileShape)
    if shape is None:
        raise ProfileUnusable(problems=Points(str(problem) for problem in problems))
    if "received" not in shape.fields:
        raise ProfileUnusable(
            N_("The profile does not say where the date of receipt comes from. Add fields: received: {column: …}"),
            place=found.name,
        )
    return shape


def shipped_profiles() -> list[ProfileShape]:
    """Every profile that comes with auditkit, by id."""
    folder = files("auditkit.complaints") / "profiles"
    found = [Found(entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return sorted((load_profile(one) for one in found), key=lambda profile: profile.id)


def named_profile(name: str, own: Sequence[str] = ()) -> ProfileShape:
    """A shipped profile by its id, or one from a YAML file. Raises BadInput naming what there is, `own` among it."""
    if name.lower().endswith((".yaml", ".yml")):
        return load_profile(Found(Path(name).name, Path(name)))
    known = shipped_profiles()
    for profile in known:
        if profile.id == name:
            return profile
    raise BadInput(
        N_("There is no profile %(name)s. There are %(known)s; or name a .yaml file"),
        name=name,
        known=listed([*own, *(profile.id for profile in known)]),
    )
