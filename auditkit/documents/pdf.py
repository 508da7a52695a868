"""Word to PDF through LibreOffice, where the machine has it: one process at a time, bounded, and gone afterwards.

The process gets a folder of its own for input, output and profile, an environment with nothing of ours in it, no
network where the kernel lets us take it away (a network namespace of its own), limits of memory and processor time, and
a clock; when that runs out, its whole process group is killed. What goes in is a document that this package rendered,
or anybody's: a document that fetches contents from elsewhere finds nothing.
Checked by tests/slices/documents/test_documents_pdf.py.
"""

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from auditkit.base.errors import AuditkitError, RuleBroken
from auditkit.base.text import N_, _
from auditkit.documents.limits import lower

try:
    import resource
except ImportError:  # Windows has no such module: there the clock stands alone
    resource = None  # type: ignore[assignment]  # no module is told by None

PROGRAMS = ("soffice", "libreoffice")
VARIABLE = "AUDITKIT_SOFFICE"
MEBIBYTE = 1024 * 1024
_ONE_AT_A_TIME = threading.Lock()
_SMALLEST = 100
EACH_SECONDS = 20.0
TOLD_EVERY = 0.5


@dataclass(frozen=True)
class Limits:
    """`memory_bytes` is the address space of the process, which LibreOffice reserves generously."""

    wall_seconds: float = 90.0
    cpu_seconds: int = 80
    memory_bytes: int = 6 * 1024 * MEBIBYTE
    file_bytes: int = 200 * MEBIBYTE


class PdfUnavailable(RuleBroken):
    message = N_(
        "A PDF is made by LibreOffice, and this machine has none. Take the Word file, or ask the operator to install "
        "LibreOffice Writer"
    )


class PdfFailed(AuditkitError):
    message = N_("LibreOffice made no PDF of this document: %(reason)s. The Word file is not concerned")


def program() -> str | None:
    """The LibreOffice of this machine, or None: `AUDITKIT_SOFFICE` when it is set, else what the path finds."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return shutil.which(named)
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def available() -> bool:
    """Whether a PDF can be made here."""
    return program() is not None


def convert(document: bytes, limits: Limits | None = None) -> bytes:
    """The pages of a Word document as PDF. Raises PdfUnavailable, and PdfFailed where the process made none in time."""
    command = program()
    if command is None:
        raise PdfUnavailable()
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="auditkit-pdf-", ignore_cleanup_errors=True) as place:
        return _converted(command, document, Path(place), limits or Limits())


def convert_all(
    documents: Sequence[bytes], on_progress: Callable[[float], None] | None = None, limits: Limits | None = None
) -> list[bytes]:
    """Several documents by one process, in their order; `on_progress` hears the share that is done.

    The clock runs for each document anew, so a large batch has its time and one that hangs is stopped all the same.
    Raises PdfUnavailable, and PdfFailed where one of them was not made: then none is handed out.
    """
    command = program()
    if command is None:
        raise PdfUnavailable()
    if not documents:
        return []
    limits = limits or Limits()
    whole = replace(
        limits,
        wall_seconds=limits.wall_seconds + EACH_SECONDS * len(documents),
        cpu_seconds=limits.cpu_seconds + int(EACH_SECONDS) * len(documents),
    )
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="auditkit-pdf-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        sources = [place / f"{number:05}.docx" for number in range(len(documents))]
        for source, content in zip(sources, documents, strict=True):
            source.write_bytes(with_page_numbers(content))
        targets = [place / "out" / f"{source.stem}.pdf" for source in sources]
        said = _run(_arguments(command, place, sources), place, whole, _telling(targets, on_progress))
        for number, target in enumerate(targets, start=1):
            if not target.is_file() or target.stat().st_size < _SMALLEST:
                raise PdfFailed(reason=_("document %(number)s: %(reason)s", number=number, reason=said or "-"))
        return [target.read_bytes() for target in targets]


_CONTENTS = re.compile(rb"(<w:instrText[^>]*>)\s*TOC\s[^<]*(?=</w:instrText>)")
_MAIN = "word/document.xml"
_LARGEST_TEXT = 64 * MEBIBYTE


def with_page_numbers(document: bytes) -> bytes:
    """The same document with its table of contents as plain references to pages.

    LibreOffice shows a table of contents as it was saved, and one that was just made has no numbers in it yet; of
    plain references it works the numbers out. What is no Word file comes back as it is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(document)) as archive:
            if archive.getinfo(_MAIN).file_size > _LARGEST_TEXT:
                return document
            text = archive.read(_MAIN)
            plain = _CONTENTS.sub(rb"\1 ", text)
            if plain == text:
                return document
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as changed:
                for member in archive.infolist():
                    changed.writestr(member.filename, plain if member.filename == _MAIN else archive.read(member))
            return out.getvalue()
    except (zipfile.BadZipFile, KeyError):
        return document


def _telling(targets: list[Path], on_progress: Callable[[float], None] | None) -> Callable[[], None]:
    def tell() -> None:
        if on_progress is not None:
            on_progress(sum(target.exists() for target in targets) / len(targets))

    return tell


def _converted(command: str, document: bytes, place: Path, limits: Limits) -> bytes:
    source, target = place / "document.docx", place / "out" / "document.pdf"
    source.write_bytes(with_page_numbers(document))
    said = _run(_arguments(command, place, [source]), place, limits)
    if not target.is_file() or target.stat().st_size < _SMALLEST:
        raise PdfFailed(reason=said or "-")
    return target.read_bytes()


def _arguments(command: str, place: Path, sources: Sequence[Path]) -> list[str]:
    return [
        *_without_network(),
        command,
        f"-env:UserInstallation={(place / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--convert-to",
        "pdf",
        "--outdir",
        str(place / "out"),
        *map(str, sources),
    ]


# Numbers that LibreOffice writes itself, such as those of pages, in the digits of the text they stand in; Word does the
# same where its option "Numeral" is "Context". It asks for this in its profile, no document can; the shipped Persian
# templates hold a font for their page numbers besides (doc_templates/README.md), but an organisation's own may not.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/I18N/CTL">\
<prop oor:name="CTLTextNumerals" oor:op="fuse"><value>3</value></prop></item>
</oor:items>
"""


def _make_profile(place: Path) -> None:
    user = place / "profile" / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")


def _run(arguments: list[str], place: Path, limits: Limits, tell: Callable[[], None] | None = None) -> str:
    """Run in a process group of its own and return the last line it said. Raises PdfFailed when the clock ran out."""
    _make_profile(place)
    environment = {
        "HOME": str(place),
        "TMPDIR": str(place),
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
    }
    with (place / "said").open("w+b") as said:
        try:
            process = subprocess.Popen(  # noqa: S603 - the program the operator installed, no shell
                arguments,
                cwd=place,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=_confinement(limits),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PdfFailed(reason=getattr(error, "strerror", None) or str(error)) from error
        try:
            _wait(process, limits.wall_seconds, tell)
        except subprocess.TimeoutExpired as error:
            raise PdfFailed(reason=f"> {limits.wall_seconds:g} s") from error
        finally:
            _end(process)
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:200] if lines else ""


def _wait(process: "subprocess.Popen[bytes]", seconds: float, tell: Callable[[], None] | None) -> None:
    """Wait for the end, telling how far it is every half second. Raises subprocess.TimeoutExpired."""
    ends = time.monotonic() + seconds
    while tell is not None:
        try:
            process.wait(min(TOLD_EVERY, max(0.0, ends - time.monotonic())))
        except subprocess.TimeoutExpired:
            tell()
            if time.monotonic() >= ends:
                raise
        else:
            tell()
            return
    process.wait(seconds)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the whole group: LibreOffice starts children of its own."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _confinement(limits: Limits) -> Callable[[], None] | None:
    if resource is None:
        return None

    def confine() -> None:
        lower(resource.RLIMIT_CPU, limits.cpu_seconds)
        lower(resource.RLIMIT_AS, limits.memory_bytes)
        lower(resource.RLIMIT_FSIZE, limits.file_bytes)
        lower(resource.RLIMIT_CORE, 0)

    return confine


@lru_cache(maxsize=1)
def _without_network() -> tuple[str, ...]:
    """What puts a process into an empty network, where this machine lets us; nothing otherwise."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    command = (unshare, "--user", "--map-root-user", "--net")
    tried = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)  # noqa: S603 - a program of the system, no shell
    return command if tried.returncode == 0 else ()
