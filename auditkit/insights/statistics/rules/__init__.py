"""The mathematics of the statistics. Pure; checked against published tables in tests/rules/test_statistics_*.py."""
