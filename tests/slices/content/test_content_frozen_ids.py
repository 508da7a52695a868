"""Ids are for ever: what a release shipped is in every later one. Retire a question, never renumber it.

`python -m tests.slices.content.test_content_frozen_ids` adds the ids that are new to frozen_ids.txt.
"""

from pathlib import Path

from auditkit.content import library

FILE = Path(__file__).with_name("frozen_ids.txt")


def ids_now() -> set[str]:
    """Every id of the shipped content, with its kind before it."""
    lib = library.shared()
    return {
        *(f"standard {name}" for name in lib.editions),
        *(f"clause {ref}" for ref in lib.nodes),
        *(f"principle {node.edition} {node.code}" for node in lib.nodes.values() if node.code),
        *(f"checklist {name}" for name in lib.checklists),
        *(f"section {one.id} {section.id}" for one in lib.checklists.values() for section in one.sections),
        *(f"question {name}" for name in lib.items),
        *(f"step {one.id} {step.id}" for one in lib.checklists.values() for step in one.steps),
        *(f"crosswalk {name}" for name in lib.crosswalks),
        *(f"values {name}" for name in lib.values),
        *(f"value {one.id} {value.id}" for one in lib.values.values() for value in one.values),
        *(f"matrix {name}" for name in lib.matrices),
        *(f"agenda {name}" for name in lib.agendas),
        *(f"agenda-item {one.id} {item.id}" for one in lib.agendas.values() for item in one.items),
        *(
            f"{part} {one.id} {value.id}"
            for one in lib.matrices.values()
            for part, values in (("reach", one.reaches), ("priority", one.priorities), ("override", one.overrides))
            for value in values
        ),
        *(f"time-limits {name}" for name in lib.time_limits),
        *(f"limit {one.id} {limit.id}" for one in lib.time_limits.values() for limit in one.limits),
        *(f"indicators {name}" for name in lib.indicator_sets),
        *(f"indicator {name}" for name in lib.indicators),
        *(f"record {name}" for name in lib.records),
        *(f"scale {name}" for name in lib.scales),
        *(f"answer {scale.id} {answer.id}" for scale in lib.scales.values() for answer in scale.answers),
        *(f"policy {name}" for name in lib.policies),
        *(f"section {one.id} {section.id}" for one in lib.policies.values() for section in one.sections),
        *(f"register {name}" for name in lib.registers),
        *(f"field {one.id} {field.id}" for one in lib.registers.values() for field in one.fields),
        *(
            f"choice {one.id} {field.id} {choice.id}"
            for one in lib.registers.values()
            for field in one.fields
            for choice in field.choices
        ),
        *(f"blank {one.id} {blank.name}" for one in lib.policies.values() for blank in one.fields),
    }


def frozen() -> set[str]:
    return set(FILE.read_text(encoding="utf-8").split("\n")) - {""}


def vanished(now: set[str]) -> list[str]:
    return sorted(frozen() - now)


def test_no_id_vanished() -> None:
    assert vanished(ids_now()) == []


def test_every_id_is_frozen() -> None:
    assert sorted(ids_now() - frozen()) == [], "run python -m tests.slices.content.test_content_frozen_ids"


def test_the_guard_sees_a_vanished_id() -> None:
    assert vanished(ids_now() - {"question q18-4.1-1"}) == ["question q18-4.1-1"]


def test_the_file_was_not_emptied() -> None:
    assert len(frozen()) > 400


if __name__ == "__main__":
    FILE.write_text("\n".join(sorted((frozen() if FILE.exists() else set()) | ids_now())) + "\n", encoding="utf-8")
