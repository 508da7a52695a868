"""What a job in the child process may use, and how the child takes these limits upon itself.

Checked by tests/slices/documents/test_documents_worker.py, which plants a loop bomb and a memory bomb.
"""

from dataclasses import dataclass

try:
    import resource
except ImportError:  # Windows has no such module: there the parent's time limit stands alone
    resource = None  # type: ignore[assignment]  # no module is told by None

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one worker process.

    `memory_bytes` is the address space of the whole child (not on Windows), `cpu_seconds` the processor time of one
    job (not on Windows), `wall_seconds` the time the parent waits before it kills the child, `template_bytes` the
    largest template file that is sent there.
    """

    memory_bytes: int = 512 * MEBIBYTE
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    template_bytes: int = 25 * MEBIBYTE


def confine(limits: Limits) -> None:
    """Set what holds for the life of the child: memory, no new files, no dumps."""
    if resource is None:
        return
    lower(resource.RLIMIT_AS, limits.memory_bytes)
    lower(resource.RLIMIT_FSIZE, 0)
    lower(resource.RLIMIT_CORE, 0)


def allow_cpu(limits: Limits) -> None:
    """Give the job that starts now its processor time; the kernel kills the child that uses more."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    wanted = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))


def lower(kind: int, wanted: int) -> None:
    """Set a limit of this process, no higher than it may."""
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(kind, (wanted, wanted))
