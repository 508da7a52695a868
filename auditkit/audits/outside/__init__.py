"""Audits done by a certification body, recorded from outside with their own numbers and response dates."""
