"""Management review: inputs computed and frozen on the day, discussion, decisions, signed minutes (clause 8.6)."""
