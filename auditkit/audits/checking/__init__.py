"""Contradictions and gaps of an audit, each clean, found, or not checked."""
