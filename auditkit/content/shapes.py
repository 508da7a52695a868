"""The shapes of content files: what a standard, a checklist, an answer scale and a policy text consist of.

Pure pydantic, frozen, nothing extra allowed; `KINDS[kind].model_json_schema()` is what an editor checks against. The
same shapes are what the library hands out, with references written in full: `iso10002-2018:7.4` is clause 7.4 of that
edition. tests/slices/content/test_content_shapes.py holds the refusals.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from auditkit.base.text import N_
from auditkit.content.blanks import stray_braces

# Hand-given, for ever, in addresses and file names: nothing that needs quoting and no letters that differ by case.
Id = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$", max_length=64), Field(examples=["q18-7.4-1"])
]
NodeId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$", max_length=24),
    Field(examples=["7.4", "D.2"]),
]
NodeRef = Annotated[
    str,
    StringConstraints(pattern=r"^(?:[a-z0-9]+(?:[.-][a-z0-9]+)*:)?[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$", max_length=96),
    Field(description="A clause of the file's own edition, or `edition:clause`", examples=["7.4", "iso9001-2015:9.2"]),
]
PrincipleCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), Field(examples=["TIM"])]
BlankName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40), Field(examples=["decision_target"])
]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


class Source(StrEnum):
    """How well a fact is supported; anything but `published` is marked on screen."""

    PUBLISHED = "published"
    PRACTICE = "practice"
    INFERRED = "inferred"


class Strength(StrEnum):
    """How strong a criterion is: a requirement, guidance, a legal duty, or the organisation's own rule."""

    SHALL = "shall"
    SHOULD = "should"
    LAW = "law"
    OWN = "own"


class Method(StrEnum):
    """How an auditor finds out: documents, interview, observation, records, live test."""

    DOCUMENTS = "D"
    INTERVIEW = "I"
    OBSERVATION = "O"
    RECORDS = "R"
    TEST = "T"


class NodeKind(StrEnum):
    CLAUSE = "clause"
    PRINCIPLE = "principle"
    ANNEX = "annex"


class Shape(BaseModel):
    """Base of everything read from a content file. Also for other slices' files (see `reading.read_file`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def refuse(message: str, **params: str) -> PydanticCustomError:
    """An error for a shape's own check: a gettext message id that says what to write instead, with its parameters."""
    text = message % params if params else message
    return PydanticCustomError("content", "{text}", {"text": text, "message": message, "params": params})


def _unique_ids(things: tuple[Any, ...]) -> tuple[Any, ...]:
    seen: set[str] = set()
    for thing in things:
        if thing.id in seen:
            raise refuse(N_("Give each its own id; `%(id)s` is used twice"), id=thing.id)
        seen.add(thing.id)
    return things


def _no_repeats(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if values.count(value) > 1:
            raise refuse(N_("Name `%(value)s` once"), value=str(value))
    return values


Once = AfterValidator(_no_repeats)
UniqueIds = AfterValidator(_unique_ids)


# --- standards -------------------------------------------------------------------------------------------------


class NodeShape(Shape):
    """A clause, guiding principle or annex of an edition, with its subclauses."""

    id: NodeId
    """The number as printed, for ever: `7.4`, `D.2`, `B`."""
    title: Title
    kind: NodeKind = NodeKind.CLAUSE
    code: PrincipleCode | None = None
    """Three letters; principles have one and nothing else does."""
    strength: Strength | None = None
    """Only where it differs from the edition's."""
    auditable: bool = True
    """False for scope, definitions and headings that hold no criterion of their own."""
    source: Source | None = None
    """Only where it differs from the edition's."""
    note: Text | None = None
    children: tuple["NodeShape", ...] = ()

    @model_validator(mode="after")
    def principles_carry_codes(self) -> Self:
        """Refuse a principle without a code and a code without a principle."""
        if (self.kind is NodeKind.PRINCIPLE) != (self.code is not None):
            raise refuse(N_("Give a principle its three-letter `code`, and nothing else one"))
        return self


class EditionShape(Shape):
    """One edition of a standard, as a tree. Numbers and titles only: the sentences belong to the publisher."""

    kind: Literal["standard"]
    id: Id
    standard: Id
    number: Title
    """As people say it: `ISO 10002`."""
    edition: Title
    title: Title
    publisher: Title
    nature: Literal["guidance", "requirements", "specification", "law", "scheme"]
    strength: Strength
    """What a criterion of this edition is unless its node says otherwise."""
    status: Literal["current", "superseded", "draft"]
    replaces: Id | None = None
    source: Source
    """How well the numbers are supported."""
    titles: Source
    """How well the English titles are supported."""
    note: Text | None = None
    nodes: Annotated[tuple[NodeShape, ...], Field(min_length=1)]

    @property
    def name(self) -> str:
        """`ISO 10002:2018`."""
        return f"{self.number}:{self.edition}"


# --- answer scales ---------------------------------------------------------------------------------------------

Need = Literal["note", "evidence"]


class Answer(Shape):
    """One answer of a scale. The order in the file is the order of the keys 1 to 9."""

    id: Id
    label: Title
    meaning: Text
    state: Literal["answered", "excluded", "open"] = "answered"
    """`excluded` leaves the row out of the count (with a reason), `open` says that nobody looked yet."""
    conformity: Annotated[int, Field(ge=0, le=100)] | None = None
    """What the answer counts for, in percent; none for excluded and open answers."""
    needs: Annotated[tuple[Need, ...], Once] = ()
    finding: Literal["nonconformity", "opportunity", "observation"] | None = None
    """The kind of finding this answer offers to raise."""
    tone: Literal["neutral", "info", "good", "warn", "bad"]
    icon: Id

    @model_validator(mode="after")
    def only_answers_count(self) -> Self:
        """Refuse an answer that counts for nothing, and a count for what is no answer."""
        if (self.state == "answered") != (self.conformity is not None):
            raise refuse(N_("Give `conformity` (0 to 100) to answers that count, and to no other"))
        return self


class Scale(Shape):
    """The answers an auditor chooses from."""

    id: Id
    title: Title
    answers: Annotated[tuple[Answer, ...], Field(min_length=2, max_length=9), UniqueIds]
    initial: Id
    """The answer a row has before anybody looked at it."""

    @model_validator(mode="after")
    def starts_open(self) -> Self:
        """Refuse a scale whose untouched rows would count as answered."""
        if not any(answer.id == self.initial and answer.state == "open" for answer in self.answers):
            raise refuse(N_("Let `initial` name an answer with `state: open`; silence must not count as conformity"))
        return self

    def answer(self, answer_id: str) -> Answer | None:
        """The answer with this id, or None."""
        return next((answer for answer in self.answers if answer.id == answer_id), None)


class ScalesShape(Shape):
    """A file of answer scales."""

    kind: Literal["scales"]
    id: Id
    scales: Annotated[tuple[Scale, ...], Field(min_length=1), UniqueIds]


# --- checklists ------------------------------------------------------------------------------------------------


class Demands(Shape):
    """Answers (by id) that demand a note or evidence, beyond what the scale itself demands."""

    note: Annotated[tuple[Id, ...], Once] = ()
    evidence: Annotated[tuple[Id, ...], Once] = ()


class Item(Shape):
    """A question of a checklist. In the library every clause is written in full (`iso10002-2018:7.4`)."""

    id: Id
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    """The first is the one the answer is counted under."""
    principles: Annotated[tuple[PrincipleCode, ...], Once] = ()
    question: Text
    good: Text
    """What good looks like."""
    evidence: Text
    """What an auditor expects to be shown."""
    methods: Annotated[tuple[Method, ...], Field(min_length=1), Once]
    typical_nonconformities: tuple[Text, ...] = ()
    """The section's, unless the item has its own."""
    guidance: Text | None = None
    weight: Annotated[int, Field(ge=1, le=5)] = 1
    demands: Demands = Demands()
    source: Source = Source.PRACTICE
    """Questions are the project's own words; `published` where a public source asks the same."""

    def needs(self, answer: Answer) -> frozenset[str]:
        """What this answer to this question demands: `note`, `evidence`, both or nothing."""
        own = {need for need in ("note", "evidence") if answer.id in getattr(self.demands, need)}
        return frozenset(own | set(answer.needs))


class SectionShape(Shape):
    """A section of a checklist file: items of its own, items selected from other checklists, or both."""

    id: Id
    title: Title
    clauses: Annotated[tuple[NodeRef, ...], Once] = ()
    principles: Annotated[tuple[PrincipleCode, ...], Once] = ()
    documents: Text | None = None
    """Documented information the section's answers rest on."""
    typical_nonconformities: tuple[Text, ...] = ()
    select: Annotated[tuple[Id, ...], Once] = ()
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def not_empty(self) -> Self:
        """Refuse a section that asks nothing."""
        if not self.select and not self.items:
            raise refuse(N_("Write questions under `items:` or name some under `select:`"))
        return self


class ChecklistShape(Shape):
    """A checklist file."""

    kind: Literal["checklist"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    scale: Id
    sections: Annotated[tuple[SectionShape, ...], Field(min_length=1), UniqueIds]


# --- policies --------------------------------------------------------------------------------------------------


class Blank(Shape):
    """A fact of the organisation that a policy text needs, asked as a question."""

    name: BlankName
    question: Text
    example: Title
    help: Text | None = None
    type: Literal["text", "email", "telephone", "address"] = "text"
    """What the answer must look like; `address` is a web address."""
    required: bool = True
    source: Source | None = None
    """Where a number in the example or the help comes from, when it comes from somewhere."""


def _well_formed(text: str) -> str:
    stray = stray_braces(text)
    if stray:
        raise refuse(N_("Write a blank as {{name}}, in small letters: `%(near)s`"), near=stray)
    return text


class PolicySection(Shape):
    """A section of a policy or procedure: Markdown with blanks, tied to clauses."""

    id: Id
    title: Title
    clauses: Annotated[tuple[NodeRef, ...], Field(min_length=1), Once]
    text: Annotated[Text, AfterValidator(_well_formed)]


class PolicyShape(Shape):
    """A policy file."""

    kind: Literal["policy"]
    id: Id
    title: Title
    purpose: Text
    edition: Id
    public: bool = False
    """True for a text that is written to be published to customers."""
    fields: tuple[Blank, ...] = ()
    sections: Annotated[tuple[PolicySection, ...], Field(min_length=1), UniqueIds]

    @cached_property
    def required(self) -> frozenset[str]:
        """Names of the blanks that must be answered."""
        return frozenset(blank.name for blank in self.fields if blank.required)


FileShape = EditionShape | ChecklistShape | ScalesShape | PolicyShape
KINDS: dict[str, type[Shape]] = {
    "standard": EditionShape,
    "checklist": ChecklistShape,
    "scales": ScalesShape,
    "policy": PolicyShape,
}
