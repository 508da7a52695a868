"""The clock of complaints: time limits, due dates that explain themselves, pauses, warnings, the work queue.

It stands above the core: `following` hears of every verb through the journal, in the verb's own transaction, and sets,
moves and ends due dates. No verb of the core knows it.
"""
