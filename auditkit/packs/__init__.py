"""Certification-readiness packs: draft, build, sign, list, verify (decision 10).

`verify` imports nothing of auditkit but itself, so this package imports nothing either; a test holds both.
"""
