"""Word, Excel and CSV output (decision 9). The only user of docxtpl and python-docx.

`render` fills Word templates in a limited child process, `tables` writes XLSX and CSV, `catalogue` says what data
each shipped template takes, `markdown` turns policy texts into paragraphs.
"""
