"""What a verification says: problems that name a file, what was checked, and what could not be checked and why.

Texts are gettext message ids with parameters, so that the screens can translate them; on its own the verifier
speaks English, because it runs without the rest of auditkit.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.packs.verify.history import Head

MAX_SHOWN = 200


def N_(message: str) -> str:  # noqa: N802 - the name gettext's extractors know
    """Mark `message` for extraction."""
    return message


def shown(name: str, limit: int = MAX_SHOWN) -> str:
    """`name` as it may be printed: what cannot be seen (controls, writing-direction marks) becomes an escape."""
    text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in name)
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True)
class Remark:
    """A sentence: `message` is a message id with `%(name)s` placeholders for `params`."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True)
class Problem(Remark):
    """A reason to refuse. `member` is the file inside the ZIP (None: the ZIP as a whole); `code` is for machines."""

    code: str = ""
    member: str | None = None

    def __str__(self) -> str:
        text = super().__str__()
        return text if self.member is None else f"{shown(self.member)}: {text}"


def problem(code: str, member: str | None, message: str, **params: Any) -> Problem:
    """A Problem, with its parameters made fit to print."""
    safe = {key: shown(value) if isinstance(value, str) else value for key, value in params.items()}
    return Problem(message, safe, code, member)


class Unusable(Exception):
    """There is nothing to verify: no such file, not a ZIP at all, a key file that is none. Exit code 2."""

    def __init__(self, message: str, **params: Any) -> None:
        self.remark = Remark(message, params)
        super().__init__(str(self.remark))


@dataclass
class Report:
    """The answer for one file. It is good when nothing was found wrong; `not_checked` is never silent."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    checked: list[Remark] = field(default_factory=list)
    not_checked: list[Remark] = field(default_factory=list)
    pack: dict[str, Any] = field(default_factory=dict)
    head: "Head | None" = None
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.problems

    def did(self, message: str, **params: Any) -> None:
        """Note what was checked and found right."""
        self.checked.append(Remark(message, params))

    def left_out(self, message: str, **params: Any) -> None:
        """Note what was not checked, with the reason."""
        self.not_checked.append(Remark(message, params))

    def wrong(self, code: str, message: str, **params: Any) -> None:
        """Note a reason to refuse that lies in no single file."""
        self.problems.append(problem(code, None, message, **params))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values: file, verdict, problems, checked, not_checked, pack."""
        return {
            "file": self.file,
            "verdict": "good" if self.good else "refused",
            "problems": [{"code": one.code, "member": one.member, "text": str(one)} for one in self.problems],
            "checked": [str(one) for one in self.checked],
            "not_checked": [str(one) for one in self.not_checked],
            "pack": self.pack,
        }
