"""The demo's registers: examples made its own, a risk through two reviews, an objective that is measured."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from auditkit.instance.demo.story import Story
from auditkit.registers import service as registers

OWN: dict[str, tuple[dict[str, str], ...]] = {
    "competence": (
        {"competence": "Listening and recording", "person": "sofia", "role": "contact", "reached": "training",
         "from": "2025-11-03", "evaluation": "Three calls listened to", "result": "met"},
        {"competence": "Auditing under ISO 19011", "person": "ivan", "role": "auditor", "reached": "training",
         "details": "Course of three days, with a test", "from": "2025-05-12", "result": "met"},
    ),
    "roles": (
        {"task": "Decide on remedies up to 500 GBP", "answers": "quentin", "does": "hana", "deputy": "maya",
         "limit": "500 GBP", "appointed": "2025-09-01"},
        {"task": "Represent the process to top management", "answers": "maya", "does": "quentin",
         "informed": "All staff"},
    ),
    "legal-duties": (
        {"duty": "Tell where to turn when no agreement is reached", "basis": "Alternative dispute resolution rules",
         "kind": "law", "limit": "With the final answer", "responsible": "hana",
         "met": "Closing letter, public page and leaflet"},
    ),
}  # fmt: skip


def tell_registers(story: Story) -> None:
    """Quentin starts from the examples of the library, then looks at what has changed since."""
    for shape in story.library.registers.values():
        for example in shape.examples:
            _write(story, shape.id, example.values, 112)
    for register, entries in OWN.items():
        for values in entries:
            _write(story, register, values, 110)
    _expiring(story)
    _review(story, "RISK-001", 60, "Twelve calls recorded in four weeks; before, hardly any",
            {"likelihood-after": "possible", "impact-after": "serious"})  # fmt: skip
    _review(story, "RISK-001", 6, "Recorded calls now match the visits counted at the counter",
            {"likelihood-after": "unlikely", "effect": "Calls and visits, counted each month"})  # fmt: skip
    for days, value in ((90, "78"), (60, "86.5"), (30, "93"), (2, "96")):
        _measure(story, "OBJ-001", days, value)
    reason = registers.RetireEntry("changes", "CHG-001", "The lease for the second branch fell through")
    story.tell("maya", lambda tx, actor: registers.retire(tx, reason, story.at(20), actor))


def _write(story: Story, register: str, values: Mapping[str, Any], days: float) -> str:
    shape = story.library.register(register)
    told = {name: story.person(value) if value in story.cast else value for name, value in values.items()}
    for field in shape.fields:
        if field.required and field.kind.value == "person" and field.id not in told:
            told[field.id] = story.person("quentin")
    command = registers.WriteEntry(shape, told)
    return story.tell("quentin", lambda tx, actor: registers.write(tx, command, story.at(days), actor))


def _expiring(story: Story) -> None:
    """A partner whose agreement ends soon, and a competence that ended."""
    soon, past = (story.today + timedelta(days=20)).date(), (story.today - timedelta(days=9)).date()
    partner = {"partner": "Harbour Repairs", "kind": "service", "task": "Repairs at the customer's home",
               "agreed": "Complaints passed on the same day; audited once a year", "contract": "Of 2024",
               "until": soon.isoformat()}  # fmt: skip
    _write(story, "outsourced", partner, 100)
    ended = {"competence": "Investigating", "person": "hana", "role": "investigator", "reached": "training",
             "from": "2024-01-15", "until": past.isoformat(), "result": "met"}  # fmt: skip
    _write(story, "competence", ended, 100)


def _review(story: Story, number: str, days: float, outcome: str, changes: Mapping[str, str]) -> None:
    shape, at = story.library.register("risks"), story.at(days)

    def look(tx: Any, actor: Any) -> None:
        entry = registers.queries.entry(tx, "risks", number, at.date())
        command = registers.ReviewEntry(
            shape, number, entry.version, outcome, {**entry.values, **changes}, at.date() + timedelta(days=90)
        )
        registers.review(tx, command, at, actor)

    story.tell("quentin", look)


def _measure(story: Story, number: str, days: float, value: str) -> None:
    at = story.at(days)
    on: date = at.date()
    command = registers.MeasureEntry(story.library.register("objectives"), number, on, Decimal(value))
    story.tell("quentin", lambda tx, actor: registers.measure(tx, command, at, actor))
