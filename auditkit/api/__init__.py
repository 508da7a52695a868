"""The JSON API over the verbs of the slices: tokens with scopes, complaints in and out, its own description.

It changes nothing that pages cannot change: the same verbs, the same permissions, the same journal. Described by
`openapi.py`, for people in docs/api.md. Checked by tests/slices/api/.
"""
