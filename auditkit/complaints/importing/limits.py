"""Limits of what an import takes, each named in the message that refuses. Pure."""

import csv

MAX_COLUMNS = 5_000
MAX_CELL = csv.field_size_limit()  # 131,072 characters; the csv module's own default, never raised (it is global)
MAX_LINE = 4_000_000  # characters without a line break: more is not a table
MAX_UNPACKED = 1 << 30  # bytes of text from one file, so that a small gzip cannot become endless
MAX_WORKBOOK = 256 << 20  # bytes of one workbook, unpacked: the reader holds it in memory
