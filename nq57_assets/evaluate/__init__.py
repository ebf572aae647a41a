"""Scoring of what the extraction reads against documents whose figures a person has noted down.

Belongs here: reading truth files, matching observations to true figures, scores and their rendering.
Does not belong: any rule of extraction, any truth about a particular document.
"""

from __future__ import annotations

from nq57_assets.evaluate.run import evaluate
from nq57_assets.evaluate.scores import Evaluation
from nq57_assets.evaluate.truth import TruthError

__all__ = ["Evaluation", "TruthError", "evaluate"]
