"""Kept dashboards that are sent by e-mail on a schedule, as Word or PDF."""
