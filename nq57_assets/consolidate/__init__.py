"""From claims to one value a commune, and from values to the city: SQL, one file a table.

Belongs here: which claim stands, which value is withheld, how values add up, who has reported. Every ``.sql`` file is
one SELECT over named input tables and a one-row table ``params``, in the dialect that DuckDB and Spark share. Does not
belong: what makes a figure wrong (``quality``), reading and writing of tables (``lake``), publication (``mart``).
"""
