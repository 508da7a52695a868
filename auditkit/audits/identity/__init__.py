"""Seeing who complained in a sampled case: asked for by an auditor, granted by somebody else, for some days, logged."""
