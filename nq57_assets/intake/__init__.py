"""From a file in the inbox to its row in the register: receive, keep, read in a sandbox, register.

Belongs here: the inbox scan, the archive and its ledger, the safety check, the worker processes, versions of submissions.
Does not belong: what the bytes mean (``readers``, ``extract``), rules on figures (``quality``).
"""
