"""Who gets which complaint by the organisation's rules, and who stands in for whoever is away.

It stands above the core: `following` hears of every complaint that is recorded or assessed through the journal, and
names an owner where nobody did. An import asks `naming.assign_rows` itself, because it journals by the chunk.
Checked by tests/slices/complaints_assigning/ and tests/rules/test_assigning_rules.py.
"""
