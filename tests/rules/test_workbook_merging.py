"""The merge of a workbook equals a merge written another way: by lists of who changed what."""

from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits.workbook.merging import merge_rows, same

WORDS = st.sampled_from(["", "a", "b", "a  b", "a b"])
CELLS = st.fixed_dictionaries({"answer": WORDS, "note": WORDS})
ROWS = st.dictionaries(st.integers(1, 6), st.tuples(CELLS, CELLS, CELLS), max_size=6)


def plain(text: str) -> str:
    return " ".join(text.split())


def reference(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """(what stands, whether it is a conflict), on texts whose white space is folded."""
    i_changed, they_changed = mine != base, theirs != base
    if not they_changed or mine == theirs:
        return mine, False
    return (mine, True) if i_changed else (theirs, False)


@given(ROWS, st.sets(st.integers(1, 6)))
def test_the_merge_equals_the_reference(rows: dict[int, tuple[dict[str, str], ...]], away: set[int]) -> None:
    base = {row: held[0] for row, held in rows.items()}
    mine = {row: held[1] for row, held in rows.items()}
    theirs = {row: held[2] for row, held in rows.items() if row not in away}
    plan = merge_rows(base, mine, theirs)
    for row in rows:
        for cell in ("answer", "note"):
            ends = plain(plan.takes.get(row, {}).get(cell, mine[row][cell]))
            clash = cell in [one.cell for one in plan.clashes.get(row, ())]
            if row in away:
                expected = (plain(mine[row][cell]), False)
            else:
                expected = reference(plain(base[row][cell]), plain(mine[row][cell]), plain(theirs[row][cell]))
            if mine[row][cell] != base[row][cell] and same(mine[row][cell], base[row][cell]):
                continue  # here somebody changed white space only: their side is never taken for granted
            assert (ends, clash) == expected


@given(ROWS)
def test_a_second_time_nothing_changes(rows: dict[int, tuple[dict[str, str], ...]]) -> None:
    base, mine, theirs = ({row: held[at] for row, held in rows.items()} for at in range(3))
    plan = merge_rows(base, mine, theirs)
    merged = {row: {**mine[row], **plan.takes.get(row, {})} for row in mine}
    again = merge_rows(base, merged, theirs)
    assert not again.takes
    assert again.clashes.keys() == plan.clashes.keys()


@given(ROWS)
def test_what_did_not_change_leaves_no_trace(rows: dict[int, tuple[dict[str, str], ...]]) -> None:
    base, mine = ({row: held[at] for row, held in rows.items()} for at in range(2))
    plan = merge_rows(base, mine, base)
    assert not plan.takes
    assert not plan.clashes
