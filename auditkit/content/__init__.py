"""Content is data: standards, checklists, answer scales and policy texts, read from YAML and checked.

`library.shared()` gives the shipped content, read once a process; `checks.check()` says what is wrong with a folder.
"""
