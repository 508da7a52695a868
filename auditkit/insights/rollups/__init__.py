"""Daily sums of the register, so that a dashboard costs the same at a thousand complaints and at a million.

They are kept by *cohort*, the month (UTC) in which complaints were received. Triggers note which cohorts have changed
since they were summed, and whatever was recorded after the last summing is known by its id; such cohorts are counted
straight from the register by the same statements. So a sum is never silently stale: it is fresh, or it is not used.
docs/decisions/0014-daily-sums-by-cohort.md; tests/slices/insights/test_rollups.py.
"""
