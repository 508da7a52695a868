"""The demo organisation: invented, and rich enough to show every page.

Everything is done by the verbs that people use, each at its own moment of the last four months, so that timelines, the
journal and the pack are those of an organisation at work. tests/slices/instance/test_demo.py looks at the result.
"""
