"""A pack in forms that other programs and people read: a room in HTML, a workbook, RO-Crate, OSCAL.

Each is made from `contents.Contents` alone and stands beside the payload; nothing here reads records.
"""
