"""Drawing: what is drawn again is what was drawn, from whatever order the population came in; the sizes of the rule."""

import ast
import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from auditkit.audits import sampling
from auditkit.audits.samples import redraw
from auditkit.audits.sampling import FEWEST, MOST, MOST_STRATA, Method, Population, Rule, Stratify

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


COUNTS = st.dictionaries(st.text(min_size=0, max_size=4), st.integers(1, 400), min_size=1, max_size=12)


@st.composite
def divided(draw: st.DrawFn) -> tuple[Population, str, int]:
    """A population in groups, a seed, and a size of at least one for each group."""
    references = draw(REFERENCES)
    names = st.sampled_from(["", "upheld", "rejected", "Тбилиси", "d"])
    strata = {one: draw(names) for one in sorted(references)}
    population = Population.closed(references, strata=strata)
    return population, draw(SEEDS), draw(st.integers(len(population.counts), len(references)))


@given(st.data(), COUNTS)
def test_groups_give_in_proportion_and_at_least_one(data: st.DataObject, counts: dict[str, int]) -> None:
    everybody = sum(counts.values())
    size = data.draw(st.integers(len(counts), everybody))
    sizes = sampling.allocated(counts, size)
    assert sum(sizes.values()) == size
    assert all(1 <= sizes[name] <= counts[name] for name in counts)
    assert list(sizes) == sorted(counts)
    more = [name for name in counts if sizes[name] > 1]
    for one in more:  # nobody with more members gives fewer, and shares differ from the quota by less than one
        assert all(sizes[one] >= sizes[other] for other in counts if counts[one] > counts[other])
        fair = sum(sizes[name] for name in more) * counts[one] / sum(counts[name] for name in more)
        assert sizes[one] < fair + 1 + len(counts)


def test_the_largest_remainders_get_what_is_left() -> None:
    """By hand: 10 of 47+16+158+8=229 is 2.05, 0.70, 6.90, 0.35; two give one, 8 of 205 is 1.83 and 6.17."""
    assert sampling.allocated({"north": 47, "south": 16, "web": 158, "post": 8}, 10) == {
        "north": 2,
        "post": 1,
        "south": 1,
        "web": 6,
    }
    assert sampling.allocated({"a": 10, "b": 10, "c": 10}, 5) == {"a": 2, "b": 2, "c": 1}, "equal: by name"
    with pytest.raises(ValueError, match="cannot be drawn"):
        sampling.allocated({"a": 3, "b": 3}, 1)
    with pytest.raises(ValueError, match="cannot be drawn"):
        sampling.allocated({"a": 3, "b": 3}, 7)


def described(population: Population, seed: str, size: int) -> dict[str, Any]:
    drawn = sampling.draw(population, seed, size)
    rule = Rule.CRITICAL_AND_ROOT if population.always else Rule.NUMBER
    record = sampling.described(population, seed, drawn, rule=rule, reason="", asked={"audit": "A-1", "sample": 1})
    return dict(json.loads(json.dumps(record)))


@given(divided())
def test_a_strangers_script_redraws_a_stratified_sample(case: tuple[Population, str, int]) -> None:
    population, seed, size = case
    record = described(population, seed, size)
    assert all(redraw.redraw(record).values())
    counted = {one["name"]: one["size"] for one in record["strata"]}
    groups = dict(zip(population.references, population.strata, strict=True))
    assert {name: sum(groups[one] == name for one in record["drawn"]) for name in counted} == counted
    assert [one.stratum for one in sampling.draw(population, seed, size)] == [groups[one] for one in record["drawn"]]
    if size < len(population.references):
        other = next(one for one in population.references if one not in record["drawn"])
        assert not redraw.redraw({**record, "drawn": [*record["drawn"][:-1], other]})["drawn"]


@given(draws())
def test_a_strangers_script_redraws_any_sample(case: tuple[list[str], list[str], str, int]) -> None:
    references, always, seed, size = case
    record = described(Population.closed(references, always), seed, size)
    assert all(redraw.redraw(record).values())
    assert not redraw.redraw({**record, "seed": seed[::-1] + "x"})["seed_sha256"]


def test_the_script_runs_alone(tmp_path: Path) -> None:
    """Outside of auditkit, with nothing but Python: copied away and run without the site's packages."""
    script = tmp_path / "redraw.py"
    script.write_bytes(Path(redraw.__file__).read_bytes())
    strata = {f"C-{number}": "north" if number % 3 else "south" for number in range(40)}
    record = described(Population.closed(strata, strata=strata), "seed" * 11, 9)
    for change, code in (({}, 0), ({"drawn": record["drawn"][::-1]}, 1)):
        (tmp_path / "S1.json").write_text(json.dumps({"record": {**record, **change}}), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(script), str(tmp_path / "S1.json")], capture_output=True, text=True
        )
        assert done.returncode == code, done.stderr
        assert done.stdout.splitlines()[0] == "seed_sha256: agrees"
    drawing = [node for node in ast.parse(script.read_text()).body if isinstance(node, ast.FunctionDef)]
    lines = {line for node in drawing for each in ast.walk(node) if hasattr(each, "lineno") for line in (each.lineno,)}
    assert len(lines) <= 20, "it must stay short enough to be read before it is run"


@given(st.dictionaries(st.sampled_from(["always", "references", "strata"]), st.lists(st.text(), max_size=8)))
def test_the_quick_writer_writes_canonical_json(plain: dict[str, list[str]]) -> None:
    try:
        wanted = rfc8785.dumps(plain)
    except rfc8785.CanonicalizationError:  # half a surrogate pair, which no database keeps
        return
    assert sampling.canonical(plain) == wanted


def test_groups_must_be_few_enough_for_the_number() -> None:
    strata = {f"C-{number}": str(number) for number in range(MOST_STRATA + 1)}
    many = Population.closed(strata, strata=strata)
    with pytest.raises(sampling.TooManyStrata, match="61 groups"):
        sampling.size_of(many, 61, Method.STRATIFIED)
    few = Population.closed(["a", "b", "c"], strata={"a": "x", "b": "y", "c": "y"})
    with pytest.raises(sampling.TooFewForStrata, match="at least 2"):
        sampling.size_of(few, 1, Method.STRATIFIED)
    assert sampling.size_of(few, 2, Method.STRATIFIED) == 2
    assert sampling.size_of(few, None, Method.ALL) == 3
    with pytest.raises(ValueError, match="in no group"):
        Population.closed(["a", "b"], strata={"a": "x"})


@given(draws(), st.randoms())
def test_the_order_in_which_members_come_does_not_matter(
    case: tuple[list[str], list[str], str, int], random: Random
) -> None:
    references, always, seed, size = case
    before = Population.closed(references, always)
    random.shuffle(references)
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
        ((date(2026, 2, 1), date(2026, 2, 1), 5, " ", Method.RANDOM), sampling.SampleReasonMissing),
        ((date(2026, 2, 1), date(2026, 2, 1), None, "few", Method.RANDOM), sampling.SampleNumberMissing),
        ((date(2026, 2, 1), date(2026, 2, 1), 5, "few", Method.STRATIFIED), sampling.StrataMissing),
        (
            (date(2026, 2, 1), date(2026, 2, 1), None, "few", Method.STRATIFIED, Stratify.SITE),
            sampling.SampleNumberMissing,
        ),
        ((date(2026, 2, 1), date(2026, 2, 1), 5, "", Method.STRATIFIED, Stratify.SITE), sampling.SampleReasonMissing),
        ((date(2026, 2, 1), date(2026, 2, 1), 5, "few", Method.STRATIFIED, Stratify.SITE), None),
        ((date(2026, 2, 1), date(2026, 2, 1), 5, "pilot", Method.RANDOM), None),
        ((date(2026, 2, 1), date(2026, 2, 1), None, "", Method.ALL), None),
        ((date(2026, 2, 1), date(2026, 2, 1), None, ""), None),
    ],
)
def test_a_wish_is_complete(wish: tuple[Any, ...], refusal: type[Exception] | None) -> None:
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
