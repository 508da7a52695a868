"""The documented policy: made from the library, edited section by section, approved, published, withdrawn.

The draft may change; a version never does. `queries` tells which version was in force on a day or in a period.
"""
