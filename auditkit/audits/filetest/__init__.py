"""The complaint-file test: one page for each complaint of an audit, what the machine found beside the questions."""
