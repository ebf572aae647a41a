"""From a Document to what it says: header, identity votes, outline, observations.

Belongs here: reading the parts of one document, pure functions of the document and the catalogue.
Does not belong: file formats (``readers``), anything that needs the round, other files or the database.
"""
