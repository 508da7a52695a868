"""Reads of the whole register for whoever checks it: populations, machine tests, recounts, matches. Nothing is written.

It stands above the core and the clock; audits read the register through it and through `complaints.queries` only.
"""
