"""Forms of documents, by subject."""
