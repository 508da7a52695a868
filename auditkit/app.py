"""create_app(): the only place that knows every slice.

Surfaces can be served alone (decision 4): `public` is what strangers see, `staff` what members work with.
"""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from auditkit.accounts import signin
from auditkit.accounts import views as accounts
from auditkit.actions import views as actions
from auditkit.api import routes as api
from auditkit.api import views as api_tokens
from auditkit.audits import views as audits
from auditkit.audits.agenda import public_views as feeds
from auditkit.audits.agenda import views as agenda
from auditkit.audits.checking import views as audits_checking
from auditkit.audits.filetest import views as audits_filetest
from auditkit.audits.findings import views as audit_findings
from auditkit.audits.identity import views as audits_identity
from auditkit.audits.independence import views as independence
from auditkit.audits.issuing import views as audit_issuing
from auditkit.audits.machinetest import views as audits_machinetest
from auditkit.audits.offline import views as audits_offline
from auditkit.audits.outside import views as outside_audits
from auditkit.audits.programme import views as audit_programme
from auditkit.audits.reconciling import views as audits_reconciling
from auditkit.audits.recounting import views as audits_recounting
from auditkit.audits.samples import views as audits_samples
from auditkit.audits.scoring import views as audits_scoring
from auditkit.audits.signing import views as audit_signing
from auditkit.audits.tailoring import views as audits_tailoring
from auditkit.audits.workbook import views as audits_workbook
from auditkit.base import db
from auditkit.base.settings import Settings
from auditkit.base.text import N_
from auditkit.complaints import stated as complaints_stated
from auditkit.complaints import views as complaints
from auditkit.complaints.assigning import views as assigning
from auditkit.complaints.clock import views as complaints_due
from auditkit.complaints.correspondence import views as correspondence
from auditkit.complaints.exporting import views as case_files
from auditkit.complaints.importing import views as complaints_import
from auditkit.complaints.improving import views as improving
from auditkit.complaints.intake import public_views as public_complaints
from auditkit.complaints.intake import views as complaints_intake
from auditkit.complaints.privacy import public_views as public_privacy
from auditkit.complaints.privacy import views as privacy
from auditkit.complaints.register import views as complaints_register
from auditkit.complaints.setting_up import views as complaint_settings
from auditkit.complaints.survey import public_views as public_survey
from auditkit.complaints.survey import views as survey
from auditkit.documents.own import views as templates
from auditkit.evidence import views as evidence
from auditkit.evidence.logos import public_views as public_logo
from auditkit.evidence.logos import views as logos
from auditkit.home import register_statements
from auditkit.home import views as home
from auditkit.home.stage1 import views as stage1
from auditkit.insights.auditing import views as auditing
from auditkit.insights.dashboards import public_views as public_figures
from auditkit.insights.dashboards import views as dashboards
from auditkit.insights.freezing import views as frozen_figures
from auditkit.insights.indicators import views as indicators
from auditkit.insights.objectives import views as objectives
from auditkit.insights.sending import views as sending
from auditkit.insights.signals import views as signals
from auditkit.insights.statistics import views as statistics
from auditkit.insights.volumes import views as volumes
from auditkit.insights.whatif import views as whatif
from auditkit.journal import views as journal
from auditkit.library import views as library
from auditkit.packs import public_views as pack_schema
from auditkit.packs import views as packs
from auditkit.packs.rooms import public_views as public_room
from auditkit.packs.rooms import reviewing_views as reviewing
from auditkit.packs.rooms import views as rooms
from auditkit.papers import views as papers
from auditkit.policies import public_views as public_policy
from auditkit.policies import views as policies
from auditkit.readiness import views as readiness
from auditkit.readiness.planning import views as readiness_planning
from auditkit.readiness.transition import views as readiness_transition
from auditkit.readiness.visits import views as readiness_visits
from auditkit.registers import views as registers
from auditkit.reviews import views as reviews
from auditkit.web import (
    access,
    assets,
    charts,
    components,
    errors,
    jobs_page,
    languages,
    navigation,
    preferences,
    security,
)
from auditkit.web.navigation import Item

SURFACES = frozenset({"public", "staff"})

# Pages of an organisation for its members, under /o/<organisation>.
STAFF: list[Blueprint] = [
    home.bp,
    stage1.bp,
    complaints.bp,
    complaints_due.bp,
    complaints_import.bp,
    complaints_register.bp,
    assigning.bp,
    correspondence.bp,
    complaints_intake.bp,
    privacy.bp,
    case_files.bp,
    survey.bp,
    improving.bp,
    complaint_settings.bp,
    audits.bp,
    audits_recounting.bp,
    audits_reconciling.bp,
    audits_workbook.bp,
    audits_machinetest.bp,
    audits_scoring.bp,
    audits_checking.bp,
    audits_tailoring.bp,
    agenda.bp,
    independence.bp,
    outside_audits.bp,
    audit_programme.bp,
    audits_filetest.bp,
    audits_identity.bp,
    audits_samples.bp,
    audit_findings.bp,
    audit_issuing.bp,
    audit_signing.bp,
    audits_offline.bp,
    actions.bp,
    policies.bp,
    registers.bp,
    auditing.bp,
    sending.bp,
    objectives.bp,
    reviews.bp,
    papers.bp,
    templates.bp,
    readiness.bp,
    dashboards.bp,
    indicators.bp,
    frozen_figures.bp,
    statistics.bp,
    signals.bp,
    readiness_visits.bp,
    readiness_planning.bp,
    readiness_transition.bp,
    whatif.bp,
    volumes.bp,
    packs.bp,
    rooms.bp,
    reviewing.bp,
    evidence.bp,
    library.bp,
    journal.bp,
    accounts.bp,
    logos.bp,
    jobs_page.bp,
    api_tokens.bp,
]
# Pages of an organisation for everybody, under /p/<organisation>.
PUBLIC: list[Blueprint] = [
    public_logo.bp,
    public_complaints.bp,
    public_complaints.home_bp,
    public_privacy.bp,
    public_policy.bp,
    public_survey.bp,
    public_figures.bp,
    public_room.bp,
]

NAVIGATION = [
    Item(N_("Home"), "home.show", "house", "content.read"),
    Item(N_("Path to certification"), "stage1.show", "signpost-2", "content.read"),
    Item(N_("Complaints"), "complaints.index", "inbox", "complaints.read", group=N_("Complaint handling")),
    Item(
        N_("Register a complaint"),
        "complaints.new",
        "plus-square",
        "complaints.register",
        unless="complaints.read",
        group=N_("Complaint handling"),
    ),
    Item(N_("Due"), "complaints_due.index", "hourglass-split", "complaints.read", group=N_("Complaint handling")),
    Item(
        N_("Correspondence"), "correspondence.failures", "envelope", "complaints.handle", group=N_("Complaint handling")
    ),
    Item(N_("Satisfaction"), "survey.figures", "emoji-smile", "complaints.read", group=N_("Complaint handling")),
    Item(N_("Audits"), "audits.index", "clipboard-check", "audits.read", group=N_("Audits and actions")),
    Item(
        N_("Audits of my work"),
        "audit_signing.mine",
        "clipboard-check",
        "audits.respond",
        unless="audits.read",
        group=N_("Audits and actions"),
    ),
    Item(N_("Findings"), "audit_findings.index", "flag", "audits.read", group=N_("Audits and actions")),
    Item(N_("Actions"), "actions.index", "check2-circle", "actions.read", group=N_("Audits and actions")),
    Item(N_("Audit statistics"), "auditing.index", "clipboard-data", "audits.read", group=N_("Audits and actions")),
    Item(N_("Policies"), "policies.index", "file-earmark-text", "policies.read", group=N_("Documents and registers")),
    Item(N_("Registers"), "registers.index", "journals", "registers.read", group=N_("Documents and registers")),
    Item(N_("Objectives"), "objectives.index", "bullseye", "registers.read", group=N_("Documents and registers")),
    Item(N_("Management reviews"), "reviews.index", "people", "reviews.read", group=N_("Documents and registers")),
    Item(N_("Documents"), "papers.index", "file-earmark-richtext", "content.read", group=N_("Documents and registers")),
    Item(
        N_("Word templates"),
        "templates.index",
        "file-earmark-word",
        "organisation.manage",
        group=N_("Documents and registers"),
    ),
    Item(N_("Figures"), "dashboards.show", "speedometer2", "complaints.read", group=N_("Figures")),
    Item(N_("Statistics"), "statistics.index", "graph-up", "complaints.read", group=N_("Figures")),
    Item(N_("Signals"), "signals.index", "broadcast", "complaints.read", group=N_("Figures")),
    Item(N_("What if"), "whatif.index", "signpost-split", "complaints.read", group=N_("Figures")),
    Item(N_("Clause matrix"), "readiness.index", "grid-3x3", "readiness.read", group=N_("Proof")),
    Item(N_("Packs"), "packs.index", "box-seam", "packs.read", group=N_("Proof")),
    Item(N_("Your rooms"), "reviewing.index", "door-open", "rooms.review"),
    Item(N_("Evidence"), "evidence.index", "folder2-open", "evidence.read", group=N_("Proof")),
    Item(N_("Library"), "library.index", "book", "content.read", group=N_("Proof")),
    Item(N_("Journal"), "journal.index", "journal-text", "journal.read", group=N_("Proof")),
    Item(N_("Complaint settings"), "complaint_settings.index", "sliders", "organisation.manage", group=N_("Settings")),
    Item(N_("Personal data"), "privacy.index", "person-lock", "organisation.manage", group=N_("Settings")),
    Item(N_("Logo"), "logos.show", "image", "organisation.manage", group=N_("Settings")),
    Item(N_("People"), "accounts.members", "people", "people.manage", group=N_("Settings")),
]

MAX_REQUEST_BYTES = 110 * 1024 * 1024  # evidence files go up to 100 MiB


def create_app(settings: Settings | None = None, surfaces: frozenset[str] = SURFACES) -> Flask:
    """The application for one instance. Raises BadInput where the instance was never made."""
    settings = settings or Settings()
    app = Flask(__name__, static_folder=None, instance_path=str(settings.instance.resolve()))
    app.config.update(
        SECRET_KEY=settings.key(),
        SQLALCHEMY_DATABASE_URI=settings.url,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch must not lose its text
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.extensions["auditkit.settings"] = settings
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_proto=1, x_host=1)  # type: ignore[method-assign]  # the documented way to wrap
    db.init_app(app)
    csrf = CSRFProtect(app)
    access.init_app(app)
    signin.init_app(app, settings)
    security.init_app(app)
    languages.init_app(app, settings.locale)
    components.init_app(app)
    charts.init_app(app)
    errors.init_app(app)
    complaints_stated.offer()
    register_statements.offer()
    app.register_blueprint(assets.bp)
    app.register_blueprint(preferences.bp)
    if "public" in surfaces:
        app.register_blueprint(public_complaints.key_bp)
        app.register_blueprint(feeds.bp)
        app.register_blueprint(pack_schema.schema_bp)
        _register(app, "/p/<organisation>", PUBLIC)
    if "staff" in surfaces:
        app.register_blueprint(home.start_bp)
        app.register_blueprint(stage1.mine_bp)
        app.register_blueprint(dashboards.mine_bp)
        app.register_blueprint(readiness_visits.mine_bp)
        app.register_blueprint(accounts.personal_bp)
        app.register_blueprint(api.description_bp)
        csrf.exempt(api.bp)  # a token in a header cannot be sent by somebody else's page
        _register(app, "/api/v1/<organisation>", [api.bp])
        _register(app, "/o/<organisation>", STAFF)
        navigation.init_app(app, NAVIGATION)
    else:
        navigation.init_app(app, [])
    return app


def _register(app: Flask, prefix: str, blueprints: list[Blueprint]) -> None:
    for blueprint in blueprints:
        app.register_blueprint(blueprint, url_prefix=prefix + (blueprint.url_prefix or ""))
