"""Drawing: what is drawn again is what was drawn, from whatever order the population came in; the sizes of the rule."""

import hashlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits import sampling
from auditkit.audits.sampling import FEWEST, MOST, Population

REFERENCES = st.sets(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12), min_size=1, max_size=60
)
SEEDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", min_size=43, max_size=43)


@st.composite
def draws(draw: st.DrawFn) -> tuple[list[str], list[str], str, int]:
    """References in some order, those taken in any case, a seed, a size that fits."""
    references = draw(st.permutations(sorted(draw(REFERENCES))))
    always = draw(st.lists(st.sampled_from(references), unique=True))
    return references, always, draw(SEEDS), draw(st.integers(max(1, len(always)), len(references)))


@given(draws())
def test_a_redraw_equals_the_draw(case: tuple[list[str], list[str], str, int]) -> None:
    references, always, seed, size = case
    population = Population.closed(references, always)
    drawn = sampling.draw(population, seed, size)
    kept = json.loads(json.dumps(population.plain()))
    again = sampling.draw(Population(tuple(kept["references"]), tuple(kept["always"])), seed, size)
    assert again == drawn
    assert len({one.reference for one in drawn}) == len(drawn) == size
    assert {one.reference for one in drawn if one.always} == set(always)
    assert {one.reference for one in drawn} <= set(references)


@given(draws(), st.randoms())
def test_the_order_in_which_members_come_does_not_matter(
    case: tuple[list[str], list[str], str, int], random: object
) -> None:
    references, always, seed, size = case
    before = Population.closed(references, always)
    random.shuffle(references)  # type: ignore[attr-defined]
    after = Population.closed(references, reversed(always))
    assert before == after
    assert before.digest == after.digest
    assert sampling.draw(before, seed, size) == sampling.draw(after, seed, size)


@given(draws())
def test_the_digest_changes_when_a_reference_or_its_weight_changes(
    case: tuple[list[str], list[str], str, int],
) -> None:
    references, always, _seed, _size = case
    digest = Population.closed(references, always).digest
    first, others = references[0], references[1:]
    certain = [one for one in always if one != first]
    assert Population.closed([*others, first + "x" * 13], certain).digest != digest
    assert Population.closed(others, certain).digest != digest
    assert Population.closed(references, certain if first in always else [*always, first]).digest != digest


def test_the_order_is_that_of_sha256_over_seed_zero_byte_reference() -> None:
    references = [f"C-2026-{number:06d}" for number in range(1, 41)]
    by_hand = sorted(references, key=lambda one: hashlib.sha256(b"a seed\x00" + one.encode()).hexdigest())
    drawn = sampling.draw(Population.closed(references), "a seed", 12)
    assert [one.reference for one in drawn] == by_hand[:12]
    assert sampling.commitment("a seed") == hashlib.sha256(b"a seed").hexdigest()


def test_another_seed_draws_another_sample() -> None:
    population = Population.closed(f"C-{number}" for number in range(200))
    assert sampling.draw(population, "one", 20) != sampling.draw(population, "two", 20)


def test_every_member_is_drawn_about_as_often() -> None:
    """2,000 draws of 5 from 20: each member about 500 times; six standard deviations are 116."""
    population = Population.closed(f"C-{number}" for number in range(20))
    times = dict.fromkeys(population.references, 0)
    for number in range(2_000):
        for one in sampling.draw(population, f"seed {number}", 5):
            times[one.reference] += 1
    assert all(384 <= count <= 616 for count in times.values()), times


@pytest.mark.parametrize(
    ("critical", "others", "size"),
    [
        (0, 1, 1),
        (0, 9, 9),
        (0, 10, 10),
        (0, 100, 10),
        (0, 101, 11),
        (3, 400, 23),
        (3, 401, 24),
        (12, 0, 12),
        (4, 3, 7),
        (2, 20, 10),
        (0, 215_781, 465),
    ],
)
def test_all_critical_and_the_root_of_the_others(critical: int, others: int, size: int) -> None:
    assert sampling.critical_and_root(critical, others) == size


@given(st.integers(0, 5_000), st.integers(0, 300_000))
def test_the_rule_never_takes_less_than_it_says(critical: int, others: int) -> None:
    size = sampling.critical_and_root(critical, others)
    assert min(FEWEST, critical + others) <= size <= critical + others
    assert size >= critical
    assert size == critical + others or (size - critical) ** 2 >= others


def test_a_number_of_ones_own_takes_all_where_there_are_fewer() -> None:
    population = Population.closed(["a", "b", "c"])
    assert sampling.size_of(population, 2) == 2
    assert sampling.size_of(population, 50) == 3


def test_too_many_are_not_drawn_at_once() -> None:
    population = Population.closed(f"C-{number}" for number in range(MOST + 1))
    assert sampling.size_of(population, MOST) == MOST
    with pytest.raises(sampling.SampleTooLarge, match="1001 complaints"):
        sampling.size_of(population, MOST + 1)
    with pytest.raises(sampling.SampleTooLarge):
        sampling.size_of(Population.closed(population.references, population.references), None)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ((date(2026, 2, 1), date(2026, 1, 31), None, ""), sampling.SamplePeriodReversed),
        ((date(2026, 2, 1), date(2026, 2, 1), 0, "few"), sampling.SampleNumberTooSmall),
        ((date(2026, 2, 1), date(2026, 2, 1), -3, "few"), sampling.SampleNumberTooSmall),
        ((date(2026, 2, 1), date(2026, 2, 1), 5, " "), sampling.SampleReasonMissing),
        ((date(2026, 2, 1), date(2026, 2, 1), 5, "pilot"), None),
        ((date(2026, 2, 1), date(2026, 2, 1), None, ""), None),
    ],
)
def test_a_wish_is_complete(wish: tuple[date, date, int | None, str], refusal: type[Exception] | None) -> None:
    if refusal is None:
        sampling.check_wish(*wish)
        return
    with pytest.raises(refusal):
        sampling.check_wish(*wish)


def test_impossible_draws_are_defects() -> None:
    with pytest.raises(ValueError, match="not in the population"):
        Population.closed(["a"], ["b"])
    population = Population.closed(["a", "b"], ["a", "b"])
    for size in (1, 3):
        with pytest.raises(ValueError, match="cannot be drawn"):
            sampling.draw(population, "seed", size)
    with pytest.raises(sampling.SampleNotRunning):
        sampling.check_running(running=False)
