"""The sixteen indicators (annex I; checklists/presets/indicators.yaml) computed from the records of any selection.

`ways` says how each figure counts, `computing` counts it, `records` lists what is behind it, `freezing` keeps it.
"""
