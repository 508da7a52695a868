"""What `auditkit content check` asks of the files that say what the clause matrix counts: code counts each probe."""

from collections.abc import Iterator

from auditkit.base.text import _
from auditkit.content.problems import Problem
from auditkit.content.reading import Kind, ReadFile
from auditkit.content.shapes import ProbesShape
from auditkit.readiness.probing import PROBES


def _check(file: ReadFile) -> Iterator[Problem]:
    """A problem for each probe that nothing counts."""
    assert isinstance(file.shape, ProbesShape)  # noqa: S101 - what KIND says; for the type checker
    for number, probe in enumerate(file.shape.probes):
        if probe.id not in PROBES:
            message = _(
                "auditkit has no probe `%(id)s`. Write one of: %(known)s", id=probe.id, known=", ".join(sorted(PROBES))
            )
            yield file.problem(("probes", number, "id"), message)


KIND = Kind(ProbesShape, _check)
