"""Answer scales: what an auditor chooses from, and what each choice counts for and demands."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from auditkit.base.text import N_
from auditkit.content.shapes.basics import FileShape, Id, Once, Shape, Text, Title, UniqueIds, refuse

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


class ScalesShape(FileShape):
    """A file of answer scales."""

    kind: Literal["scales"]
    id: Id
    scales: Annotated[tuple[Scale, ...], Field(min_length=1), UniqueIds]
