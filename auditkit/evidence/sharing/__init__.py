"""What of a file may go out in a redacted pack: the file as it is, a redacted copy, or nothing (decision 0011)."""
