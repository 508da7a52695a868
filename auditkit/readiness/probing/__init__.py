"""The probes: code that counts what `checklists/presets/probes-*.yaml` names.

tests/slices/readiness/test_probes.py holds both ways: every probe that content names is counted here, and every probe
counted here is named by content. `auditkit content check` says the first to whoever writes content.
"""

from auditkit.readiness.probing import complaints, house, improvement, registers
from auditkit.readiness.probing.reads import Named, Probe, Reads

PROBES: dict[str, Probe] = {**complaints.PROBES, **house.PROBES, **registers.PROBES, **improvement.PROBES}

__all__ = ["PROBES", "Named", "Probe", "Reads"]
