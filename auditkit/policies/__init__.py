"""Policies and procedures: documents in versions that never change, who approved and read them, and whether they hold.

A draft may change; a version never does. `queries` tells which version was in force on a day or in a period; `facts` is
where slices above offer the live settings that documents state, so that one that changes shows as drift.
"""
