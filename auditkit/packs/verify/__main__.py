"""The verifier's own command line. Exit code 0: good; 1: refused; 2: nothing that could be checked."""

import argparse
import json
import sys
from pathlib import Path

from auditkit.packs.verify.check import verify
from auditkit.packs.verify.history import compare
from auditkit.packs.verify.keys import read_key_list
from auditkit.packs.verify.report import Report, Unusable
from auditkit.packs.verify.signature import read_public_key_file
from auditkit.packs.verify.stamp import read_certificates

GOOD, REFUSED, UNUSABLE = 0, 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Verify the file named in `arguments` (default: those of the process), print the report, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m auditkit.packs.verify",
        description="Check a pack: its ZIP, every file against the manifests, and the signature.",
        epilog="Exit code 0: good, 1: refused, 2: nothing that could be checked.",
    )
    parser.add_argument("file", type=Path, metavar="FILE.zip")
    parser.add_argument(
        "--public-key",
        type=Path,
        metavar="FILE.pem",
        help="the organisation's public key, got by another way than the pack",
    )
    parser.add_argument(
        "--earlier",
        type=Path,
        metavar="FILE.zip",
        help="an earlier pack of the same organisation: check that this one's journal begins with that one's",
    )
    parser.add_argument(
        "--keys",
        type=Path,
        metavar="FILE.json",
        help="the organisation's list of keys (/.well-known/auditkit-keys.json), got by another way than the pack",
    )
    parser.add_argument(
        "--tsa-certificate",
        type=Path,
        metavar="FILE.pem",
        help="root certificate of the authority that made the time stamp",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    given = parser.parse_args(arguments)
    return run(given.file, given.public_key, given.json, given.earlier, given.keys, given.tsa_certificate)


def run(
    file: Path,
    public_key: Path | None,
    as_json: bool,
    earlier: Path | None = None,
    keys: Path | None = None,
    certificate: Path | None = None,
) -> int:
    """Verify `file`, and its journal against the `earlier` pack's, and print the report; returns the exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # a console without the letters of a file name still shows it
    culprit = public_key or file
    try:
        key = read_public_key_file(public_key) if public_key is not None else None
        culprit = keys or culprit
        listed = read_key_list(keys) if keys is not None else None
        culprit = certificate or culprit
        roots = read_certificates(certificate) if certificate is not None else ()
        culprit = file
        report = verify(file, key, keys=listed, roots=roots)
        if earlier is not None:
            culprit = earlier
            compare(report, verify(earlier, key))
    except Unusable as unusable:
        if as_json:
            answer = {"file": str(culprit), "verdict": "unusable", "reason": str(unusable)}
            sys.stdout.write(json.dumps(answer, indent=2) + "\n")
        else:
            sys.stderr.write(f"{culprit}: {unusable}\n")
        return UNUSABLE
    sys.stdout.write((json.dumps(report.as_json(), indent=2) if as_json else as_text(report)) + "\n")
    return GOOD if report.good else REFUSED


def as_text(report: Report) -> str:
    """The report for people: verdict, what the pack says it is, problems, what was checked and what was not."""
    lines = [f"{report.file}: {'GOOD' if report.good else 'REFUSED'}"]
    lines += [f"  {key.replace('_', ' ')}: {value}" for key, value in report.pack.items()]
    for title, remarks in (
        ("Problems", report.problems),
        ("Checked and found right", report.checked),
        ("Not checked", report.not_checked),
    ):
        if remarks:
            lines += ["", f"{title}:", *(f"  - {remark}" for remark in remarks)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
