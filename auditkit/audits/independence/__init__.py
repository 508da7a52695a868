"""Who may answer, judge and sign what: process ownership, competence, and exceptions that are on record."""
