"""Draws a sample again: python redraw.py A-2026-001-S1.json. Needs Python 3 only; ends with 0 if all agrees."""

# mypy: ignore-errors
# ruff: noqa: D103, E731, PTH123, T201 - a script for strangers: nothing but Python, twenty lines that draw
import hashlib
import json
import sys


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def redraw(record):
    seed, population, groups = record["seed"], record["population"], {}
    strata, always, left = population.get("strata"), population["always"], record["size"] - len(population["always"])
    order = lambda references: sorted(references, key=lambda one: sha256(seed + "\0" + one))
    for place, one in enumerate(population["references"]):
        if one not in always:
            groups.setdefault(strata[place] if strata else "", []).append(one)
    share, size = {one: len(groups[one]) for one in groups}, dict.fromkeys(groups, 1)
    while small := [one for one in share if strata and left * share[one] < sum(share.values())]:
        share, left = {one: share[one] for one in share if one not in small}, left - len(small)
    parts = {one: divmod(left * share[one], sum(share.values())) for one in share}
    more = left - sum(whole for whole, _ in parts.values())  # for the largest remainders
    for place, one in enumerate(sorted(parts, key=lambda one: (-parts[one][1], one))):
        size[one] = parts[one][0] + (place < more)
    drawn = order(always) + [one for name in sorted(groups) for one in order(groups[name])[: size[name]]]
    closed = json.dumps(population, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    found = {"seed_sha256": sha256(seed), "population_sha256": sha256(closed), "drawn": drawn}
    return {what: found[what] == record[what] for what in found}


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        said = redraw(json.load(file)["record"])
    print("\n".join(f"{what}: {'agrees' if good else 'DOES NOT AGREE'}" for what, good in said.items()))
    sys.exit(0 if all(said.values()) else 1)
