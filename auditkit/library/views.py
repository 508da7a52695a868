"""The library's pages, under `/o/<organisation>/library/`.

GET /                             what the library holds
GET /own                          what is the installation's or organisation's own, and how it differs
GET /standards/<edition>          an edition as a tree
GET /standards/<edition>/<node>   a clause, principle or annex
GET /crosswalks/<crosswalk>       two editions side by side
GET /checklists/<checklist>       a checklist
GET /words/<list>                 a list of words, such as problem categories
GET /matrices/<matrix>            the priority matrix
GET /time-limits/<limits>         the time limits of a framework
GET /indicators/<set>             indicators with formulas and pitfalls
GET /registers/<register>         what the entries of a register consist of
GET /records                      the kinds of operating record
GET /policies/<policy>            a policy text with its example answers
GET /scales/<scale>               an answer scale
"""

from functools import partial
from typing import Any

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

from auditkit.library import queries
from auditkit.library.here import here, library
from auditkit.library.saying import said
from auditkit.web.access import access
from auditkit.web.languages import LANGUAGES

bp = Blueprint("library", __name__, url_prefix="/library", template_folder="templates")

# HTML off: texts come from files that anybody may have written.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})

LABELS = {
    "methods": queries.METHODS,
    "strengths": queries.STRENGTHS,
    "sources": queries.SOURCES,
    "kinds": queries.KINDS,
    "natures": queries.NATURES,
    "statuses": queries.STATUSES,
    "uses": queries.USES,
    "relations": queries.RELATIONS,
    "stages": queries.STAGES,
    "starts": queries.STARTS,
    "better": queries.BETTER,
    "fields": queries.FIELDS,
    "changes": queries.CHANGES,
    "relation_tones": queries.RELATION_TONES,
}


@bp.get("/")
@access("content.read")
def index() -> str:
    """Standards, checklists, policy texts and answer scales."""
    return _page("library/index.html", editions=queries.editions(library()), checklists=queries.checklists(library()))


@bp.get("/own")
@access("content.read")
def own() -> str:
    """What is not as shipped, what is suspect, and the faults for which own files are not used."""
    return _page("library/own.html")


@bp.get("/standards/<edition_id>")
@access("content.read")
def standard(edition_id: str) -> str:
    """An edition as a tree."""
    edition = library().edition(edition_id)
    return _page(
        "library/standard.html",
        edition=edition,
        branches=queries.tree(library(), edition),
        crosswalks=library().crosswalks_of(edition_id),
        digest=here().library.edition(edition_id).digest,
    )


@bp.get("/standards/<edition_id>/<node_id>")
@access("content.read")
def clause(edition_id: str, node_id: str) -> str:
    """A clause with its questions, counterparts, records and the policy texts that cover it."""
    return _page("library/clause.html", page=queries.clause(library(), edition_id, node_id))


@bp.get("/crosswalks/<crosswalk_id>")
@access("content.read")
def crosswalk(crosswalk_id: str) -> str:
    """Two editions side by side, and what each has alone."""
    digest = here().library.crosswalk(crosswalk_id).digest
    return _page("library/crosswalk.html", crosswalk=library().crosswalk(crosswalk_id), digest=digest)


@bp.get("/checklists/<checklist_id>")
@access("content.read")
def checklist(checklist_id: str) -> str:
    """A checklist, section by section."""
    shown = library().checklist(checklist_id)
    return _page(
        "library/checklist.html",
        checklist=shown,
        edition=library().edition(shown.edition),
        base=library().checklist(shown.based_on) if shown.based_on else None,
        steps={step.id: step for step in shown.steps},
        digest=here().library.checklist(checklist_id).digest,
    )


@bp.get("/words/<list_id>")
@access("content.read")
def words(list_id: str) -> str:
    """A list of words that records choose from."""
    return _page("library/words.html", shown=library().value_list(list_id))


@bp.get("/matrices/<matrix_id>")
@access("content.read")
def matrix(matrix_id: str) -> str:
    """Severity and reach, and the priority they give."""
    shown = library().matrix(matrix_id)
    return _page("library/matrix.html", shown=shown, severities=library().value_list(shown.severities).values)


@bp.get("/time-limits/<limits_id>")
@access("content.read")
def time_limits(limits_id: str) -> str:
    """The time limits of a framework."""
    return _page("library/time_limits.html", shown=library().limits(limits_id))


@bp.get("/indicators/<set_id>")
@access("content.read")
def indicators(set_id: str) -> str:
    """Indicators with their formulas, and how they mislead."""
    return _page("library/indicators.html", shown=library().indicator_set(set_id))


@bp.get("/registers/<register_id>")
@access("content.read")
def register(register_id: str) -> str:
    """What the entries of a register consist of, with its examples."""
    return _page("library/register.html", shown=library().register(register_id))


@bp.get("/records")
@access("content.read")
def records() -> str:
    """The kinds of operating record that can answer questions."""
    return _page("library/records.html")


@bp.get("/policies/<policy_id>")
@access("content.read")
def policy(policy_id: str) -> str:
    """A policy text as it reads with the example answers."""
    return _page("library/policy.html", page=queries.policy(library(), policy_id))


@bp.get("/scales/<scale_id>")
@access("content.read")
def scale(scale_id: str) -> str:
    """An answer scale."""
    return _page("library/scale.html", scale=library().scale(scale_id))


def _page(template: str, **shown: Any) -> str:
    """A page with what its macros look up."""
    lib = library()
    return render_template(
        template,
        labels=LABELS,
        layered=here(),
        library=lib,
        languages={code: LANGUAGES.get(code, code) for code in lib.languages},
        nodes_of=partial(queries.nodes_of, lib),
        nodes_named=partial(queries.nodes_named, lib),
        record_of=partial(queries.record_of, lib),
        severities_of=partial(queries.severities_of, lib),
        amount_of=queries.amount_of,
        html=_html,
        said=said,
        **shown,
    )


def _html(markdown: str) -> Markup:
    """A policy's Markdown, in the language of its text."""
    made = Markup(_MARKDOWN.render(markdown))  # noqa: S704 - markdown-it escapes all HTML (`html: False`)
    return said(markdown, made, tag="div")
