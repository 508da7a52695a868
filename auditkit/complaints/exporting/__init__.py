"""One case out of the house, as a Word file and as a ZIP of everything: whole, or with personal data withheld."""
