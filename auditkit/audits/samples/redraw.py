"""Draws a sample again: python redraw.py A-2026-001-S1.json. Needs Python 3 only; ends with 0 if all agrees."""

# mypy: ignore-errors
# ruff: noqa: D103, E731, PTH123, T201 - a script for strangers: nothing but Python, on one page
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def redraw(record):
    seed, population = record["seed"], record["population"]
    order = lambda references: sorted(references, key=lambda one: sha256(seed + "\0" + one))
    strata, always, groups = population.get("strata"), set(population["always"]), {}
    for place, reference in enumerate(population["references"]):
        if reference not in always:
            groups.setdefault(strata[place] if strata else "", []).append(reference)
    left = record["size"] - len(always)
    share, size = {name: len(groups[name]) for name in sorted(groups)}, dict.fromkeys(groups, 1)
    while small := [name for name in share if left * share[name] < sum(share.values())] if strata else []:
        share, left = {name: count for name, count in share.items() if name not in small}, left - len(small)
    total = sum(share.values()) or 1
    size.update({name: left * count // total for name, count in share.items()})
    rest = sorted(share, key=lambda name: (-(left * share[name] % total), name))
    for name in rest[: record["size"] - len(always) - sum(size.values())]:
        size[name] += 1  # the largest remainders
    drawn = order(always) + [one for name in sorted(groups) for one in order(groups[name])[: size[name]]]
    canonical = json.dumps(population, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return {
        "the seed": sha256(seed) == record["seed_sha256"],
        "the population": sha256(canonical) == record["population_sha256"],
        "the sample": drawn == record["drawn"],
    }


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        found = redraw(json.load(file)["record"])
    print("\n".join(f"{what}: {'agrees' if good else 'DOES NOT AGREE'}" for what, good in found.items()))
    sys.exit(0 if all(found.values()) else 1)
