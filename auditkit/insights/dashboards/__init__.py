"""What each role looks at: figures of a selection side by side, kept under a name, and published if so decided."""
