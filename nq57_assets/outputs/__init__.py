"""What leaves for people: the blank form, and later the annex, the report, the dashboard and return letters.

Belongs here: files made from the catalogue or from published tables, in Vietnamese, for communes and leaders.
Does not belong: reading what comes back (``readers``), deciding any figure (``consolidate``).
"""
