"""A pack as an RO-Crate 1.2: what each file is, in JSON-LD, for archives and research data catalogues."""

from typing import Any

from auditkit.packs.contents import Contents
from auditkit.packs.making import Made

FILE = "ro-crate-metadata.json"
PROFILE = "https://w3id.org/ro/crate/1.2"
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".py": "text/x-python",
    ".txt": "text/plain",
}


def crate(contents: Contents, own: list[Made], dated: str) -> dict[str, Any]:
    """The metadata document. `own`: files of this form alone; `dated`: the pack's own date (ISO 8601)."""
    draft = contents.draft
    held = sorted([one for one in contents.made.values() if isinstance(one, Made)] + own, key=lambda one: one.path)
    files = [_file(one) for one in held]
    return {
        "@context": f"{PROFILE}/context",
        "@graph": [
            {
                "@id": FILE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": PROFILE},
                "about": {"@id": "./"},
            },
            {
                "@id": "./",
                "@type": "Dataset",
                "name": f"{contents.hide(draft.title)}: {draft.organisation.name}",
                "description": " ".join(draft.definition.purpose.split()),
                "datePublished": dated,
                "temporalCoverage": f"{draft.start.isoformat()}/{draft.end.isoformat()}",
                "license": {"@id": "#terms"},
                "publisher": {"@id": "#organisation"},
                "hasPart": [{"@id": file["@id"]} for file in files],
            },
            {"@id": "#organisation", "@type": "Organization", "name": draft.organisation.name},
            {
                "@id": "#terms",
                "@type": "CreativeWork",
                "name": "Confidential",
                "description": "Handed over for the assessment of the organisation; no licence is given.",
            },
            *files,
        ],
    }


def _file(one: Made) -> dict[str, Any]:
    suffix = one.path[one.path.rfind(".") :].lower()
    file: dict[str, Any] = {
        "@id": one.path.replace(" ", "%20"),
        "@type": "File",
        "name": one.title,
        "contentSize": str(one.source.size),
        "sha256": one.source.sha256,
    }
    if suffix in _TYPES:
        file["encodingFormat"] = _TYPES[suffix]
    if one.date is not None:
        file["dateModified"] = one.date.isoformat()
    return file
