"""The "Samples" tab of an audit: drawing, picking, sizes, and the way to the tests that use a sample.

The draw itself is `audits.sampling` (pure) and `audits.service.sampling`, which stand in the core of audits.
"""
