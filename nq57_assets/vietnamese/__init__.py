"""Pure functions on Vietnamese text: folding, numbers, dates, place names.

Belongs here: what holds for any Vietnamese text, clean or damaged by OCR, as functions on strings.
Does not belong: documents and their layout (``extract``), indicators, files.
"""
