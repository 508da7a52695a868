"""The questions of an audit as a workbook, and the answers of one merged back, cell by cell."""
