"""Content to and from other shapes: workbooks, OSCAL catalogs, CISO Assistant libraries, flat lists.

Everything is turned into the project's own YAML and checked as such; nothing enters the library by another way.
"""
