"""The documents an organisation makes from its records: which there are, what fills them, where they are made."""
