"""Names of the events that leave an organisation's records as they were.

The slices declare this with their events (`about_records=False`). It stands here once more because a process that
builds packs loads few slices, and must pass over the same entries as one that knows them all: else the same records
would give another head. tests/slices/journal/test_passed_over.py compares the two.
"""

NOT_ABOUT_RECORDS = frozenset(
    {
        "account:entered",
        "account:link-issued",
        "account:password-changed",
        "action:due-mailed",
        "api:request-repeated",
        "api:token-made",
        "api:token-revoked",
        "calendar-feed:made",
        "calendar-feed:revoked",
        "complaint:due-digest",
        "complaint:file-exported",
        "complaint:identity-read",
        "complaint:mention-seen",
        "complaint:message-read",
        "complaint:retention-warned",
        "complaints:beside-cases-tidied",
        "complaints:exported",
        "complaints:filter-kept",
        "complaints:filter-removed",
        "complaints:import-profile-kept",
        "complaints:import-profile-retired",
        "complaints:person-searched",
        "complaints:retention-looked",
        "dashboard:kept",
        "dashboard:removed",
        "document:made",
        "evidence:read",
        "figure:recomputed",
        "mail:fetch-fails",
        "mail:fetch-works-again",
        "mail:noted",
        "mail:set-aside",
        "member:added",
        "member:removed",
        "member:role-changed",
        "pack:built",
        "pack:downloaded",
        "policy:noticed",
        "privacy-request:data-handed-over",
        "template:added",
    }
)
