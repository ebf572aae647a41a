"""A synthetic city: its truth, the files that its communes would send, and a comparison of the mart with the truth.

Belongs here: what makes and judges sample data. Does not belong: anything that the pipeline itself needs; no step
imports this package, and nothing here copies a real submission.
"""

from __future__ import annotations

from nq57_assets.sample.city import scaled_reference
from nq57_assets.sample.write import City, InboxNotEmptyError, make_city

__all__ = ["City", "InboxNotEmptyError", "make_city", "scaled_reference"]
