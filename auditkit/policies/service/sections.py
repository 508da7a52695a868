"""Verbs over the sections of a draft: edit, add, move, remove."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.verbs import verb
from auditkit.content.blanks import blanks_in
from auditkit.content.library import Library, in_language
from auditkit.policies.drafts import draft, edited, tell
from auditkit.policies.models import Policy
from auditkit.policies.rules import EDITED, checked_section, sections


@dataclass(frozen=True)
class EditSection:
    """`revision` is that of the draft as the editor saw it; None: no matter. `clauses` None: as they are."""

    policy_id: int
    section_id: str
    title: str
    text: str
    revision: int | None = None
    clauses: str | None = None


@dataclass(frozen=True)
class AddSection:
    """`after`: id of the section it stands behind; empty: at the end."""

    policy_id: int
    title: str
    text: str
    revision: int | None = None
    clauses: str = ""
    after: str = ""


@dataclass(frozen=True)
class MoveSection:
    """`steps`: how many places down, negative for up."""

    policy_id: int
    section_id: str
    steps: int
    revision: int | None = None


@dataclass(frozen=True)
class RemoveSection:
    policy_id: int
    section_id: str
    revision: int | None = None


@verb("policies.edit", leaves=EDITED)
def edit_section(
    tx: Session, command: EditSection, now: datetime, actor: Actor, *, library: Library | None = None
) -> None:
    """Replace a section's heading, text and clauses in the draft; `library` has the blanks and clauses there are.

    Raises NotFound, NoSuchSection, DraftChanged, ClauseUnknown, and what `rules.checked_section` raises.
    """
    policy = draft(tx, command.policy_id, command.revision)
    title, text = _checked(policy, command.title, command.text, library)
    change: dict[str, Any] = {"title": title, "text": text}
    if command.clauses is not None and library is not None:
        change["clauses"] = sections.checked_clauses(command.clauses, policy.edition, library.nodes)
    policy.sections = sections.replaced(policy.sections, command.section_id, change)
    edited(policy, now, actor)
    text_digest = digest(text.encode())
    tell(tx, EDITED, policy.id, now, actor, revision=policy.revision, section=command.section_id, text=text_digest)


@verb("policies.edit", leaves=sections.SECTION_ADDED)
def add_section(
    tx: Session, command: AddSection, now: datetime, actor: Actor, *, library: Library | None = None
) -> str:
    """Add a section; its id. Raises as `edit_section`, and TooManySections."""
    policy = draft(tx, command.policy_id, command.revision)
    title, text = _checked(policy, command.title, command.text, library)
    clauses = sections.checked_clauses(command.clauses, policy.edition, library.nodes if library else ())
    ever = {one["id"] for version in policy.versions for one in version.sections}
    section_id = sections.new_id(policy.sections, ever)
    section = {"id": section_id, "title": title, "clauses": clauses, "text": text}
    policy.sections = sections.added(policy.sections, section, command.after)
    edited(policy, now, actor)
    tell(tx, sections.SECTION_ADDED, policy.id, now, actor, revision=policy.revision, section=section_id)
    return section_id


@verb("policies.edit", leaves=sections.SECTION_MOVED)
def move_section(tx: Session, command: MoveSection, now: datetime, actor: Actor) -> None:
    """Move a section. Raises NotFound, NoSuchSection, DraftChanged."""
    policy = draft(tx, command.policy_id, command.revision)
    policy.sections = sections.moved(policy.sections, command.section_id, command.steps)
    edited(policy, now, actor)
    tell(
        tx,
        sections.SECTION_MOVED,
        policy.id,
        now,
        actor,
        revision=policy.revision,
        section=command.section_id,
        steps=command.steps,
    )


@verb("policies.edit", leaves=sections.SECTION_REMOVED)
def remove_section(tx: Session, command: RemoveSection, now: datetime, actor: Actor) -> None:
    """Remove a section; versions keep theirs. Raises NotFound, NoSuchSection, DraftChanged, LastSection."""
    policy = draft(tx, command.policy_id, command.revision)
    policy.sections = sections.removed(policy.sections, command.section_id)
    edited(policy, now, actor)
    tell(tx, sections.SECTION_REMOVED, policy.id, now, actor, revision=policy.revision, section=command.section_id)


def _checked(policy: Policy, title: str, text: str, library: Library | None) -> tuple[str, str]:
    """Heading and text checked; the questions of blanks that the library knows join those of the document.

    They are asked in the document's language.
    """
    asked = {one["name"] for one in policy.questions}
    offered = {} if library is None else _offered(in_language(library, policy.language))
    title, text = checked_section(title, text, asked | offered.keys())
    new = [name for name in blanks_in(text) if name not in asked]
    policy.questions = [*policy.questions, *(offered[name].model_dump(mode="json") for name in new)]
    return title, text


def _offered(library: Library) -> dict[str, Any]:
    return {one.name: one for shape in library.policies.values() for one in shape.fields}
