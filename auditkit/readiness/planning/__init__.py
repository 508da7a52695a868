"""The plan that a gap analysis ends in: steps with owners and days, and the actions that carry them out."""
