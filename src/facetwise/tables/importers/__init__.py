"""Readers of official files: one module a kind of file, each a generator of plain rows.

Every reader yields dictionaries of text under this project's column names, with `source_row`
(line or record number in the official file, from 1), and drops descriptors at the door.
"""
