"""The library's pages, under `/o/<organisation>/library/`.

GET /                             what the library holds
GET /standards/<edition>          an edition as a tree
GET /standards/<edition>/<node>   a clause, principle or annex
GET /crosswalks/<crosswalk>       two editions side by side
GET /checklists/<checklist>       a checklist
GET /words/<list>                 a list of words, such as problem categories
GET /matrices/<matrix>            the priority matrix
GET /time-limits/<limits>         the time limits of a framework
GET /indicators/<set>             indicators with formulas and pitfalls
GET /records                      the kinds of operating record
GET /policies/<policy>            a policy text with its example answers
GET /scales/<scale>               an answer scale
"""

from flask import Blueprint, abort, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

from auditkit.library import queries
from auditkit.web.access import access

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
    "relation_tones": queries.RELATION_TONES,
}

# What the macro that shows a question looks up.
ASKING = {"nodes_of": queries.nodes_of, "record_of": queries.record_of}


@bp.get("/")
@access("content.read")
def index() -> str:
    """Standards, checklists, policy texts and answer scales."""
    return render_template(
        "library/index.html", labels=LABELS, editions=queries.editions(), library=queries.everything()
    )


@bp.get("/standards/<edition_id>")
@access("content.read")
def standard(edition_id: str) -> str:
    """An edition as a tree."""
    edition = queries.edition(edition_id)
    return render_template(
        "library/standard.html",
        labels=LABELS,
        edition=edition,
        branches=queries.tree(edition),
        crosswalks=queries.crosswalks_of(edition_id),
    )


@bp.get("/standards/<edition_id>/<node_id>")
@access("content.read")
def clause(edition_id: str, node_id: str) -> str:
    """A clause with its questions and the policy texts that cover it."""
    page = queries.clause(edition_id, node_id)
    return render_template("library/clause.html", labels=LABELS, page=page, **ASKING)


@bp.get("/crosswalks/<crosswalk_id>")
@access("content.read")
def crosswalk(crosswalk_id: str) -> str:
    """Two editions side by side, and what each has alone."""
    return render_template("library/crosswalk.html", labels=LABELS, crosswalk=queries.crosswalk(crosswalk_id))


@bp.get("/checklists/<checklist_id>")
@access("content.read")
def checklist(checklist_id: str) -> str:
    """A checklist, section by section."""
    shown = queries.checklist(checklist_id)
    return render_template(
        "library/checklist.html",
        labels=LABELS,
        checklist=shown,
        edition=queries.edition(shown.edition),
        base=queries.checklist(shown.based_on) if shown.based_on else None,
        steps={step.id: step for step in shown.steps},
        policies=queries.everything().policies,
        **ASKING,
    )


@bp.get("/words/<list_id>")
@access("content.read")
def words(list_id: str) -> str:
    """A list of words that records choose from."""
    return _preset("library/words.html", queries.value_list(list_id))


@bp.get("/matrices/<matrix_id>")
@access("content.read")
def matrix(matrix_id: str) -> str:
    """Severity and reach, and the priority they give."""
    shown = queries.matrix(matrix_id)
    return _preset("library/matrix.html", shown, severities=queries.value_list(shown.severities).values)


@bp.get("/time-limits/<limits_id>")
@access("content.read")
def time_limits(limits_id: str) -> str:
    """The time limits of a framework."""
    return _preset("library/time_limits.html", queries.time_limits(limits_id))


@bp.get("/indicators/<set_id>")
@access("content.read")
def indicators(set_id: str) -> str:
    """Indicators with their formulas, and how they mislead."""
    return _preset("library/indicators.html", queries.indicators(set_id), records=queries.everything().records)


@bp.get("/records")
@access("content.read")
def records() -> str:
    """The kinds of operating record that can answer questions."""
    return render_template(
        "library/records.html", labels=LABELS, records=queries.everything().records, nodes_of=queries.nodes_of
    )


@bp.get("/policies/<policy_id>")
@access("content.read")
def policy(policy_id: str) -> str:
    """A policy text as it reads with the example answers."""
    page = queries.policy(policy_id)
    return render_template("library/policy.html", page=page, html=_html)


@bp.get("/scales/<scale_id>")
@access("content.read")
def scale(scale_id: str) -> str:
    """An answer scale."""
    found = queries.scale(scale_id)
    if found is None:
        abort(404)
    return render_template("library/scale.html", scale=found)


def _preset(template: str, shown: object, **more: object) -> str:
    return render_template(
        template,
        labels=LABELS,
        shown=shown,
        nodes_named=queries.nodes_named,
        amount_of=queries.amount_of,
        severities_of=queries.severities_of,
        **more,
    )


def _html(markdown: str) -> Markup:
    return Markup(_MARKDOWN.render(markdown))  # noqa: S704 - markdown-it escapes all HTML (`html: False`)
