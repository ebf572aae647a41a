"""From bytes to Document: one module a format, one common type.

Belongs here: finding out what a file is, and turning it into blocks with addresses, or saying in words why not.
Does not belong: what the words mean (``extract``), where the bytes come from or whether they are safe (``intake``).
"""
