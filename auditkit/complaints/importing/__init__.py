"""Importing complaints from files that others made: CSV in any encoding, Excel workbooks, gzip of CSV.

Owns reading a file (`reading`), saying what every column means (`profiles`, `guessing`), turning a row into a complaint
(`mapping`), and writing the rows (`service`). Nothing is guessed in silence: every guess is an `Announcement`.
Checked by tests/rules/test_importing_*.py and tests/slices/complaints_importing/.
"""
