"""From the stranger's first word to the complainant's own page: form, receipt, tracking, channels, the public page.

Owns what the register does not ask of a complaint: how it came in, for whom, in which language, and the proof that it
came in. Checked by tests/slices/complaints/intake/ and tests/rules/test_intake_*.py.
"""
