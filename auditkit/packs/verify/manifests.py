"""Reads a bag's own text files by RFC 8493: declaration, manifests, bag-info. Every fault names the file and line."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from auditkit.packs.verify.report import N_, Problem, problem

_DECLARATION = re.compile(r"BagIt-Version: (\d+\.\d+)(?:\r\n|\n|\r)Tag-File-Character-Encoding: (\S+)(?:\r\n|\n|\r)?")
_LINE_END = re.compile(r"\r\n|\n|\r")
_MANIFEST_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\S.*)")
_ESCAPED = re.compile(r"%(0[AaDd]|25)")
_LABEL = re.compile(r"([^:\s][^:]*?)\s*:[ \t]*(.*)")
_OXUM = re.compile(r"(\d{1,18})\.(\d{1,18})")

DIGEST_DIGITS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}


@dataclass(frozen=True)
class Accepted:
    """Which bags are taken. The defaults are a pack's; the tests widen them to run the BagIt conformance suite."""

    versions: frozenset[str] = frozenset({"1.0"})
    algorithms: frozenset[str] = frozenset({"sha256"})
    signed: bool = True


@dataclass
class Manifest:
    """One manifest: path in the bag -> digest in lower case."""

    file: str
    algorithm: str
    digests: dict[str, str] = field(default_factory=dict)


def decode(file: str, data: bytes, problems: list[Problem]) -> str | None:
    """The text of a tag file; None (and a problem) when it is not UTF-8 without a byte-order mark."""
    if data.startswith(b"\xef\xbb\xbf"):
        problems.append(
            problem("encoding", file, N_("This starts with a byte-order mark, which a bag's files never do"))
        )
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(problem("encoding", file, N_("This is not UTF-8 (byte %(byte)s)"), byte=error.start + 1))
        return None


def read_declaration(file: str, data: bytes, accepted: Accepted, problems: list[Problem]) -> None:
    """Check `bagit.txt`: two lines, a version and an encoding that are accepted."""
    text = decode(file, data, problems)
    if text is None:
        return
    match = _DECLARATION.fullmatch(text)
    if match is None:
        problems.append(
            problem(
                "declaration",
                file,
                N_("This must be two lines, BagIt-Version and Tag-File-Character-Encoding, and nothing else"),
            )
        )
    elif match[1] not in accepted.versions:
        problems.append(
            problem("declaration", file, N_("BagIt version %(version)s is not a pack's (1.0)"), version=match[1])
        )
    elif match[2].upper() != "UTF-8":
        problems.append(
            problem("declaration", file, N_("The encoding %(encoding)s is not a pack's (UTF-8)"), encoding=match[2])
        )


def read_manifest(file: str, data: bytes, algorithm: str, payload: bool, problems: list[Problem]) -> Manifest:
    """The manifest's entries; a line that is malformed, unsafe, doubled or of the wrong sort is a problem."""
    manifest = Manifest(file, algorithm)
    text = decode(file, data, problems)
    if text is None:
        return manifest
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    for number, line in enumerate(lines, 1):
        match = _MANIFEST_LINE.fullmatch(line)
        if match is None or len(match[1]) != DIGEST_DIGITS[algorithm]:
            problems.append(
                problem(
                    "manifest-line",
                    file,
                    N_("Line %(line)s is not a %(algorithm)s digest and a path"),
                    line=number,
                    algorithm=algorithm,
                )
            )
            continue
        path = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), match[2]).removeprefix("./")
        fault = _fault_of(path, payload)
        if fault is None and path in manifest.digests:
            fault = N_("Line %(line)s lists %(path)s a second time")
        if fault is not None:
            problems.append(problem("manifest-line", file, fault, line=number, path=path))
            continue
        manifest.digests[path] = match[1].lower()
    return manifest


def _fault_of(path: str, payload: bool) -> str | None:
    parts = path.split("/")
    if path.startswith(("/", "~", "*")) or "\\" in path or ":" in parts[0] or not {"", ".", ".."}.isdisjoint(parts):
        return N_("Line %(line)s lists %(path)s, which is not a plain path inside the bag")
    if payload and parts[0] != "data":
        return N_("Line %(line)s lists %(path)s, which does not lie in data/")
    if not payload and (parts[0] == "data" or parts[0].startswith("tagmanifest-")):
        return N_("Line %(line)s lists %(path)s, which a tag manifest cannot list")
    return None


def read_bag_info(file: str, data: bytes, problems: list[Problem]) -> dict[str, list[str]]:
    """bag-info.txt as label -> values, in order; a line that is no `Label: value` and no continuation is a problem."""
    text = decode(file, data, problems)
    info: dict[str, list[str]] = {}
    last: list[str] | None = None
    for number, line in enumerate(_LINE_END.split(text or ""), 1):
        match = _LABEL.fullmatch(line)
        if line[:1] in (" ", "\t") and last:
            last[-1] += " " + line.strip()
        elif match:
            last = info.setdefault(match[1], [])
            last.append(match[2].strip())
        elif line:
            problems.append(
                problem("bag-info-line", file, N_("Line %(line)s is not a label, a colon and a value"), line=number)
            )
    return info


def check_oxum(
    file: str, info: dict[str, list[str]], sizes: Iterable[int], required: bool, problems: list[Problem]
) -> bool:
    """Compare Payload-Oxum (bytes.files) with the payload's sizes in bytes; whether it was there and right."""
    told = [value for label, values in info.items() if label.lower() == "payload-oxum" for value in values]
    if not told:
        if required:
            problems.append(problem("oxum", file, N_("Payload-Oxum is missing")))
        return False
    match = _OXUM.fullmatch(told[0])
    if match is None or len(told) > 1:
        problems.append(problem("oxum", file, N_("There must be one Payload-Oxum, of the form bytes.files")))
        return False
    found = list(sizes)
    if (int(match[1]), int(match[2])) != (sum(found), len(found)):
        problems.append(
            problem(
                "oxum",
                file,
                N_("Payload-Oxum is %(told)s, but data/ holds %(bytes)s bytes in %(files)s files"),
                told=told[0],
                bytes=sum(found),
                files=len(found),
            )
        )
        return False
    return True
