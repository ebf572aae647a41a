-- A narrative that gives several rates as exactly 100 % and says of none of them of how many: "all" may be all of those counted.
-- One finding a file, at the first of them.
WITH bare AS (
    SELECT f.commune_code, f.sha256, i.vi, o.page, o.line
    FROM figures AS f
    JOIN indicators AS i ON i.indicator = f.indicator
    JOIN observations AS o ON o.observation_id = f.observation_id AND o.method <> 'form'
    WHERE f.round_id = $round_id AND f.kind = 'rate' AND f.lo = 100 AND f.hi = 100 AND f.denominator IS NULL
        AND NOT EXISTS (
            SELECT 1 FROM figures AS d
            WHERE d.round_id = f.round_id AND d.commune_code = f.commune_code AND d.indicator = i.denominator
        )
)
SELECT commune_code, sha256, min(page) AS page, min(line) AS line, string_agg(vi, '; ' ORDER BY line) AS observed
FROM bare
GROUP BY commune_code, sha256
HAVING count(*) >= $rates;
