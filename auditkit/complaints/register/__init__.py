"""Working with the register as a whole: filters that a person keeps, acts on many rows, exports of a filter.

The list itself is `complaints/views/register.py` over `complaints/queries/register/`. Checked by
tests/slices/complaints_register/.
"""
