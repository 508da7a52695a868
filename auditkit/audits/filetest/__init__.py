"""The complaint-file test: one page for each complaint of an audit, with what the machine found beside the questions."""
