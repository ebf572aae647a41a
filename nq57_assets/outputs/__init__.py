"""What leaves for people: the blank form, the annex, the report draft, the dashboard and open exports.

Belongs here: files made from the catalogue or from published tables, in Vietnamese, for communes and leaders.
Does not belong: reading what comes back (``readers``), deciding any figure (``consolidate``).
"""
