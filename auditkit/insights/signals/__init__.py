"""Signals: in which week something in the register shifted, found as it would have been noticed at the time."""
