"""Verb that makes a draft of what was read from a Word file."""

from dataclasses import dataclass
from datetime import datetime

from auditkit.base.actor import Actor
from auditkit.base.db import Session
from auditkit.base.verbs import verb
from auditkit.policies.drafts import LANGUAGE, make, tell
from auditkit.policies.models import PolicyImport
from auditkit.policies.rules import checked_heading
from auditkit.policies.rules.cards import document_language, kind_named
from auditkit.policies.rules.importing import IMPORTED, Taken


@dataclass(frozen=True)
class ImportWord:
    """`taken`: what `word.read` made of the file; `digest`: SHA-256 of its bytes. An empty title: that of the file."""

    file_name: str
    digest: str
    taken: Taken
    kind: str
    language: str = LANGUAGE
    title: str = ""
    edition: str = "iso10002-2018"


@verb("policies.edit", leaves=IMPORTED)
def import_word(tx: Session, command: ImportWord, now: datetime, actor: Actor) -> int:
    """Make a draft; its id. What the draft does not hold is kept with it. Raises KindUnknown, LanguageNotKnown."""
    taken = command.taken
    sections = [
        {"id": f"own-{number}", "title": title, "clauses": [], "text": text}
        for number, (title, text) in enumerate(taken.sections, 1)
    ]
    policy_id = make(
        tx,
        now,
        actor,
        kind_named(command.kind),
        title=checked_heading(command.title or taken.title),
        purpose="",
        edition=command.edition,
        language=document_language(command.language),
        sections=sections,
        content_digest=command.digest,
    )
    left_out = [dict(one) for one in taken.left_out]
    tx.add(
        PolicyImport(
            policy_id=policy_id,
            file_name=command.file_name[:200],
            digest=command.digest,
            left_out=left_out,
            imported_at=now,
            imported_by_id=actor.person_id,
        )
    )
    counts = {str(one["what"]): one["count"] for one in left_out}
    tell(tx, IMPORTED, policy_id, now, actor, digest=command.digest, sections=len(sections), left_out=counts)
    return policy_id
