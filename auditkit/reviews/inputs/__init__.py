"""Inputs of a management review: computed from the records as of a moment, frozen, computed again, compared.

`content` says what an input consists of, `computing` makes each, `titles` says what its figures are called.
"""
