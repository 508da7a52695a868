"""Objectives against their measurements: light, trend and comment."""
