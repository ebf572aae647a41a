"""The way back from people: what they are asked to rule on, what they ruled, and whether a ruling still holds.

Belongs here: the review workbook, its reading, lapse and expiry of decisions. Does not belong: the ledger's file
(``intake.ledger``), what a decision does to a figure (``consolidate.resolve``), letters to communes (``outputs``).
openpyxl is imported inside the functions that need it.
"""
