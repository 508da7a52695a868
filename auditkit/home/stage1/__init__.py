"""The path to certification: per organisation, and over all organisations of one person."""
