"""Small content files for tests: a standard of three clauses with a checklist, scale and policy that fit together."""

from pathlib import Path

STANDARD = """\
kind: standard
id: tiny-2026
standard: tiny
number: TINY
edition: "2026"
title: A tiny standard
publisher: Nobody
nature: guidance
strength: should
status: current
source: practice
titles: practice
nodes:
  - id: "1"
    title: Principles
    auditable: false
    children:
      - id: "1.1"
        title: Fairness
        kind: principle
        code: FAI
  - id: "2"
    title: Handling
    auditable: false
    children:
      - id: "2.1"
        title: Receipt
      - id: "2.10"
        title: Closing
"""
CHECKLIST = """\
kind: checklist
id: tiny-audit
title: Tiny audit
purpose: To try the checks.
edition: tiny-2026
scale: tiny-scale
sections:
  - id: all
    title: All
    typical_nonconformities: [Nothing is written down.]
    items:
      - id: t-1
        clauses: ["1.1"]
        principles: [FAI]
        question: Is it fair?
        good: Yes, and shown
        evidence: Files
        methods: [R]
      - id: t-2
        clauses: ["2.1"]
        question: Is it received?
        good: On the day
        evidence: Register
        methods: [D, R]
        demands: {evidence: ["yes"]}
      - id: t-3
        clauses: [2.10]
        question: Is it closed?
        good: With acceptance
        evidence: Letters
        methods: [R]
        weight: 3
"""
SCALES = """\
kind: scales
id: tiny-scales
scales:
  - id: tiny-scale
    title: Yes or no
    initial: open
    answers:
      - {id: "yes", label: "Yes", meaning: It is so, conformity: 100, tone: good, icon: check-circle}
      - {id: "no", label: "No", meaning: It is not so, conformity: 0, needs: [note], tone: bad, icon: x-circle}
      - {id: open, label: Open, meaning: Nobody looked, state: open, tone: neutral, icon: circle}
"""
POLICY = """\
kind: policy
id: tiny-policy
title: Tiny policy
purpose: To try the checks.
edition: tiny-2026
fields:
  - {name: organisation, question: Who?, example: Acme}
sections:
  - id: promise
    title: Promise
    clauses: ["2.1"]
    text: We are {{organisation}}.
"""
FILES = {"standard.yaml": STANDARD, "checklist.yaml": CHECKLIST, "scales.yaml": SCALES, "policy.yaml": POLICY}


def write(folder: Path, **changed: str | None) -> Path:
    """Write the four files into `folder`; `checklist=text` replaces one, `policy=None` leaves one out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        wanted = changed.pop(name.removesuffix(".yaml"), text)
        if wanted is not None:
            (folder / name).write_text(wanted, encoding="utf-8")
    for name, extra in changed.items():
        assert extra is not None
        (folder / f"{name}.yaml").write_text(extra, encoding="utf-8")
    return folder
