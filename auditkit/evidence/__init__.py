"""Immutable files and captured records, stored by the SHA-256 of their bytes (decision 7).

`intake` takes uploads in (no transaction open), `service` writes the records, `queries` reads, `store` holds the bytes.
"""
