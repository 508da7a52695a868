"""What each shipped document is told: one dataclass a template, all values texts, numbers and lists of them.

Dates come as texts, written for the document's language by whoever builds the context. An empty text means "not
known" and the templates say so or leave the line out; None never occurs. Each context has an `example()`, which the
tests render. `catalogue.py` ties a context to its template; tests/slices/documents/test_documents_catalogue.py
compares the fields of both ways.
"""
