-- A file whose counts of the period (not stocks, which may well stand still) are those of the same commune in an earlier
-- year: last year's figures were sent again, perhaps with some of them changed. That year's reports are laid beside it one by
-- one and together, for a narrative gives only a part. Counts below `minimum` repeat by chance. A range, "trên" or "khoảng"
-- that allows the figure is no other figure, and no equal one. Who copied whom does not matter here: what was set aside for
-- that was sent by this commune all the same.
WITH pairs AS (
    SELECT h.commune_code, h.sha256, h.indicator, o.year, o.round_id AS other_round, o.lo = o.hi AND o.lo = h.lo AS same
    FROM figures AS h
    JOIN (FROM figures UNION ALL FROM set_aside) AS o
        ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year < h.year
    WHERE h.round_id = $round_id AND h.kind = 'flow' AND h.sha256 IS NOT NULL AND h.lo = h.hi AND h.lo >= $minimum
        AND (o.lo = o.hi OR h.lo < o.lo OR h.lo > o.hi)
),
counted AS (
    SELECT commune_code, sha256, year, count(DISTINCT indicator) AS compared,
        coalesce(count(DISTINCT indicator) FILTER (same), 0) AS repeated,
        string_agg(DISTINCT other_round, ', ' ORDER BY other_round) FILTER (same) AS rounds
    FROM pairs
    GROUP BY GROUPING SETS ((commune_code, sha256, year, other_round), (commune_code, sha256, year))
)
SELECT commune_code, sha256, repeated || '/' || compared AS observed, rounds AS expected
FROM counted
WHERE repeated >= $figures AND repeated >= $share * compared
QUALIFY row_number() OVER (PARTITION BY commune_code, sha256 ORDER BY repeated / compared DESC, repeated DESC, rounds) = 1;
