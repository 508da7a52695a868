"""The recount of reported indicators: the same figure made again from the records."""
