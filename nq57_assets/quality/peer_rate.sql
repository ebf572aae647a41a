-- A rate far from what communes of the same type report, by median and MAD in percentage points. Where the peers agree the
-- MAD is near 0; `points` keeps small differences from counting then.
WITH rates AS (
    SELECT f.*, c.commune_type
    FROM figures AS f
    JOIN communes AS c ON c.commune_code = f.commune_code
    WHERE f.round_id = $round_id AND f.kind = 'rate' AND f.mid IS NOT NULL
),
typical AS (
    SELECT indicator, commune_type, median(mid) AS middle, mad(mid) AS spread
    FROM rates
    GROUP BY ALL
    HAVING count(*) >= $peers
)
SELECT r.commune_code, r.indicator, r.sha256, r.observation_id, r.words AS observed, figure(round(t.middle, 1)) AS expected
FROM rates AS r
JOIN typical AS t ON t.indicator = r.indicator AND t.commune_type = r.commune_type
WHERE abs(r.mid - t.middle) >= greatest($points, $deviations * 1.4826 * t.spread);
