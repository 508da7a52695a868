"""Answers given where there is no network: the worker that keeps the run page, and answers that arrive once."""
