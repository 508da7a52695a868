"""Transition to the edition that replaces an older one: what carries over, and what is examined again."""
