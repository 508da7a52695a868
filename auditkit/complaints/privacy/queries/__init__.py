"""Reads over personal data: one case (`cases`), times of keeping (`keeping`), requests of people (`requests`)."""
