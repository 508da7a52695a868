"""The library's pages: standards as trees, clauses with their questions and policies, checklists, policy texts.

`content/` holds what is shown; this slice only shows it. tests/slices/library/ walks every page.
"""
