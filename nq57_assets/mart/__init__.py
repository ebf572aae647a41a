"""The published DuckDB file: a star schema built aside, verified, and put in place by one atomic link.

Belongs here: the shape of the mart, building, verifying, publishing and opening it. Does not belong: how a figure comes
about (``consolidate``), proofs from the archive (``trace``). The mart is a product; the lake is the record.
"""
