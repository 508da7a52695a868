"""A cell merges as a table says it does, whatever the texts; and a row as its cells."""

from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits.rules import Change, Side, merge
from auditkit.audits.rules.merging import side

WORDS = st.sampled_from(["", "a", "b", "c"])


def reference(base: str, mine: str, theirs: str) -> Side:
    """The merge as a decision table: (did I change it, did they, did we agree)."""
    table = {
        (False, False, True): Side.MINE,
        (True, False, False): Side.MINE,
        (False, True, False): Side.THEIRS,
        (True, True, True): Side.MINE,
        (True, True, False): Side.BOTH,
    }
    return table[(mine != base, theirs != base, mine == theirs)]


@given(WORDS, WORDS, WORDS)
def test_a_cell_merges_as_the_table_says(base: str, mine: str, theirs: str) -> None:
    assert side(base, mine, theirs) is reference(base, mine, theirs)


@given(
    st.dictionaries(st.sampled_from(["answer", "note", "interviewee"]), st.tuples(WORDS, WORDS)),
    st.fixed_dictionaries({"answer": WORDS, "note": WORDS, "interviewee": WORDS}),
)
def test_a_row_merges_cell_by_cell(sent: dict[str, tuple[str, str]], mine: dict[str, str]) -> None:
    merged = merge(mine, {cell: Change(*pair) for cell, pair in sent.items()})
    assert merged.values.keys() == mine.keys()
    for cell, value in mine.items():
        base, theirs = sent.get(cell, (value, value))
        expected = reference(base, value, theirs)
        assert merged.values[cell] == (theirs if expected is Side.THEIRS else value)
        assert (cell in merged.changed) == (expected is Side.THEIRS)
        assert (cell in [one.cell for one in merged.clashes]) == (expected is Side.BOTH)
    again = merge(merged.values, {cell: Change(*pair) for cell, pair in sent.items()})
    assert again.values == merged.values
    assert not again.changed, "the same changes a second time change nothing"
