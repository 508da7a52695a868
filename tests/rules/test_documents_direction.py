"""Texts that run left to right within a document that runs right to left; pictures and marks are left alone."""

from dataclasses import dataclass

import pytest

from auditkit.base.text import translated_by
from auditkit.documents.contexts.facts import Organisation, Picture
from auditkit.documents.direction import clause_numbers, sided, unmarked
from auditkit.documents.markdown import blocks

MARK = "\u200e"


@dataclass(frozen=True)
class _Paper:
    house: Organisation
    lines: tuple[str, ...]
    count: int


PAPER = _Paper(Organisation("Acme", Picture("iVBORw0KGgo=")), ("72 months", "شکایت A-1", "", "۱۲"), 3)


def test_only_latin_texts_of_a_persian_document_are_marked_and_pictures_are_not() -> None:
    made = sided(PAPER, "fa")

    assert made.house == Organisation(f"{MARK}Acme{MARK}", Picture("iVBORw0KGgo="))
    assert made.lines == (f"{MARK}72 months{MARK}", "شکایت A-1", "", "۱۲")
    assert made.count == 3


@pytest.mark.parametrize("language", ["en", "ru", "ka"])
def test_what_runs_left_to_right_stays_as_it_is(language: str) -> None:
    assert sided(PAPER, language) is PAPER


def test_marking_twice_is_marking_once_and_can_be_undone() -> None:
    once = sided(PAPER, "fa")

    assert sided(once, "fa") == once
    assert unmarked(once.house.name) == "Acme"


def test_a_version_that_is_a_day_is_not_turned_round_by_the_words_before_it() -> None:
    assert sided(_Paper(PAPER.house, ("2026-11-22",), 1), "fa").lines == (f"{MARK}۲۰۲۶-۱۱-۲۲{MARK}",)


def test_clauses_keep_their_order_and_one_kind_of_digits() -> None:
    assert clause_numbers(["5.2", "H", "4.10"]) == "5.2, H, 4.10"
    with translated_by(str, "fa"):
        assert clause_numbers(["5.2", "H", "4.10"]) == "۵.۲\u200f، H\u200f، ۴.۱۰\u200f"


def test_words_that_templates_ask_for_stay_as_they_are() -> None:
    [block] = [sided(one, "fa") for one in blocks("1. Write **today**, not tomorrow.")]
    assert (block.style, [run.weight for run in block.runs]) == ("number", ["", "strong", ""])
