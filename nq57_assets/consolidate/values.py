"""Candidate values and open findings to the values that stand (``values.sql``), each with the number of its witnesses.

Belongs here: which finding keeps which figure out. Does not belong: what breaks a rule (``quality``), who bears a figure
out (``witnesses``).
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from nq57_assets.catalogue import Catalogue
from nq57_assets.consolidate.sql import Rows, as_arrow, run
from nq57_assets.consolidate.witnesses import Said, witnesses

_NOTHING = Said()


def finalize_values(
    round_id: str, resolved: Rows, findings: Rows, catalogue: Catalogue, said: Said = _NOTHING
) -> pa.Table:
    """Withhold the values that an open finding of severity error or critical hits.

    A finding hits by observation, by commune and indicator, or, for the rules of ``settings.withhold_file_rules``,
    by file. A withheld row keeps its source and loses its figures; ``withheld_by`` names the rule.

    Args:
        round_id: The round; rows of other rounds are left out.
        resolved: Rows of ``core/resolved``.
        findings: Rows of ``core/findings``.
        catalogue: Table shapes and settings.
        said: What may bear the figures out beside the statements that were chosen.

    Returns:
        Rows of ``core/values``, as many as there are resolved rows of the round.
    """
    candidates = as_arrow(resolved, "core/resolved", catalogue)
    broken = as_arrow(findings, "core/findings", catalogue)
    seen = witnesses(round_id, candidates, broken, said, catalogue)
    return run(
        "values",
        "core/values",
        catalogue,
        resolved=candidates.filter(pc.equal(candidates["round_id"], round_id)),
        findings=broken.filter(pc.equal(broken["round_id"], round_id)),
        file_rules=pa.table({"rule": pa.array(catalogue.settings["withhold_file_rules"], pa.string())}),
        witnesses=seen.select(["commune_code", "indicator"]),
    )
