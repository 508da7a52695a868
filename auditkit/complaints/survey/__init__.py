"""After closing: what complainants think of how they were treated and of the outcome, and whether it came back."""
