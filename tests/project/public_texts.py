"""The texts that a stranger can meet: whole files, and of files that members read too the named parts."""

import ast
from functools import cache
from io import BytesIO

from babel.messages.extract import extract
from bs4 import BeautifulSoup

from auditkit.web.catalogues import catalogue
from tests.project.catalogues import KEYWORDS, PACKAGE, texts

INTAKE = "complaints/intake/"
# A name is a file; one that ends in "/" is a folder.
PUBLIC = (
    *(
        f"{INTAKE}templates/{INTAKE}{page}.html"
        for page in ("_limit", "about", "key", "mine", "new", "receipt", "track")
    ),
    INTAKE + "public_views/",
    INTAKE + "rules/gate.py",
    "complaints/privacy/public_views.py",
    "complaints/privacy/templates/complaints/privacy/_own.html",
    INTAKE + "duedates.py",
    INTAKE + "promises.py",
    "complaints/survey/service.py",
    "complaints/survey/public_views.py",
    "complaints/survey/templates/complaints/survey/public.html",
    "policies/public_views.py",
    "policies/templates/policies/public.html",
    "web/errors.py",
    "web/forms.py",
    "web/preferences.py",
    *(f"web/templates/web/{page}.html" for page in ("_top", "base", "components", "error")),
    "base/errors.py",
    "evidence/fields.py",
    "evidence/inspection/",
    "evidence/kinds.py",
    # The way in: whoever stands before it is a stranger still.
    "accounts/signin_texts.py",
    *(f"accounts/templates/accounts/{page}.html" for page in ("forgot", "reset", "sign_in", "sign_in_link")),
    "accounts/templates/accounts/mail/",
)
# Of these only what is defined under these names: the rest is for members.
PUBLIC_PARTS: dict[str, tuple[str, ...]] = {
    INTAKE + "forms.py": (
        "NameWhenAnonymous",
        "NobodyNamed",
        "email_field",
        "PublicComplaintForm",
        "TrackForm",
        "ReplyForm",
        "AnswerForm",
        "WordsForm",
    ),
    INTAKE + "rules/words.py": (
        "PREFERENCE_TITLES",
        "STAGE_WORDS",
        "NoWayBack",
        "AuthorityMissing",
        "ConsentMissing",
        "TooManyFiles",
        "LineTooLong",
        "LineNotStorable",
    ),
    "complaints/privacy/rules.py": ("CONSENT_TITLES", "NO_DETRIMENT", "NeverGiven", "WithdrawnAlready"),
    "complaints/survey/forms.py": ("AnswerForm",),
    "complaints/survey/rules.py": (
        "ACCEPTED_TITLES",
        "SCORE_TITLES",
        "LinkUnusable",
        "ScoreMissing",
        "CommentTooLong",
    ),
    "accounts/rules.py": ("LinkSpent",),
    "complaints/rules/texts.py": ("TEXT_TITLES", "TextTooLong", "TextNotStorable"),
    "complaints/rules/words.py": ("CHANNEL_TITLES", "OUTCOME_TITLES"),
    "complaints/rules/stages.py": (
        "NoDecisionToAnswer",
        "AnsweredAlready",
        "ClosedAlready",
        "HappenedAfterReceipt",
        "SubjectMissing",
    ),
    "complaints/rules/escalating.py": ("AskedAlready", "TopReached"),
    "complaints/correspondence/rules.py": ("TextMissing", "TextNotStorable", "TextTooLong"),
    "evidence/rules.py": (
        "FileRefused",
        "FileEmpty",
        "FileTooLarge",
        "ProgramRefused",
        "KindRefused",
        "OtherArchive",
        "MacrosRefused",
        "DocumentLocked",
        "FileDamaged",
        "PictureTooLarge",
        "TwoInOne",
        "ArchiveDamaged",
        "MemberDamaged",
        "ArchiveLocked",
        "MemberMisplaced",
        "MemberIsLink",
        "MemberTwice",
        "MemberIsArchive",
        "MemberIsProgram",
        "MemberPackedOddly",
        "ArchiveTooMany",
        "ArchiveTooLarge",
        "ArchiveBomb",
        "UploadsRefused",
        "StorageFull",
        "StorageFailed",
        "StoredObjectDamaged",
    ),
}


@cache
def public_texts() -> dict[str | tuple[str, str], str]:
    """Each text of the public surface -> the file it stands in. A plural is a pair."""
    found: dict[str | tuple[str, str], str] = {}
    for message, files in texts().items():
        for file in files:
            if any(file == one or (one.endswith("/") and file.startswith(one)) for one in PUBLIC):
                found.setdefault(message, file)
    for file, names in PUBLIC_PARTS.items():
        for message in texts_of_parts(file, names):
            found.setdefault(message, file)
    return found


def english_in(page: BeautifulSoup, language: str) -> set[str]:
    """The pieces of text on a page that are a text of the source and none of the language's.

    What says itself to be in another language, such as the names in the menu of languages, is none.
    """
    own = set(catalogue(language).texts.values())
    pieces = {
        " ".join(str(piece).split())
        for piece in page.find_all(string=True)
        if (said := piece.find_parent(lang=True)) is None or said.name == "html"
    }
    return {piece for piece in pieces if piece in texts() and piece not in own}


def texts_of_parts(file: str, names: tuple[str, ...]) -> list[str | tuple[str, str]]:
    """The texts inside the definitions `names` at the top of a module. Raises KeyError for a name that is not there."""
    source = (PACKAGE / file).read_text(encoding="utf-8")
    parts = {name: part for node in ast.parse(source).body for name, part in _defined(node, source)}
    found: list[str | tuple[str, str]] = []
    for name in names:
        for _line, message, _comments, _context in extract("python", BytesIO(parts[name].encode()), KEYWORDS):
            found.append(message if isinstance(message, str) else (message[0], message[1]))
    return found


def _defined(node: ast.stmt, source: str) -> list[tuple[str, str]]:
    """(name, source) of what a statement defines."""
    segment = ast.get_source_segment(source, node) or ""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return [(node.name, segment)]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [(target.id, segment) for target in targets if isinstance(target, ast.Name)]
