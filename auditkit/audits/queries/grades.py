"""What this organisation calls the grades of findings: its own word where it has one, else the shipped one."""

from sqlalchemy import select

from auditkit.audits.models import GradeWord
from auditkit.audits.rules import GRADE_TITLES, Grade
from auditkit.base.db import Session
from auditkit.base.ids import digest
from auditkit.base.text import _


def own_words(tx: Session) -> dict[Grade, str]:
    """The organisation's own words, by grade; only those it chose."""
    found = tx.execute(select(GradeWord.grade, GradeWord.word)).all()
    return {Grade(row.grade): row.word for row in found}


def stamp(words: dict[Grade, str]) -> str:
    """Says whether two people looked at the same words."""
    return digest(repr(sorted(words.items())).encode())[:16]


def titles(tx: Session) -> dict[Grade, str]:
    """What each grade is called here, in the order of gravity; shipped words in the language of the screen."""
    own = own_words(tx)
    return {grade: own.get(grade) or _(title) for grade, title in GRADE_TITLES.items()}
