"""The end of an audit: what the report says besides answers, who signs it, who acknowledges it, numbered amendments."""
