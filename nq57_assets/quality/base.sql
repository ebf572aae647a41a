-- A rate above zero of something that the same report says there is none of: 100 % of nothing.
WITH based AS (
    SELECT r.commune_code, r.indicator, b.indicator AS base, r.words, b.words AS base_words
    FROM figures AS r
    JOIN indicators AS i ON i.indicator = r.indicator
    JOIN figures AS b
        ON b.round_id = r.round_id AND b.commune_code = r.commune_code
        AND b.indicator IN (coalesce(i.denominator, i.weight))
    WHERE r.round_id = $round_id AND r.kind = 'rate' AND r.lo > 0 AND b.hi = 0
)
SELECT f.commune_code, f.indicator, f.sha256, f.observation_id, b.words AS observed, i.vi || ': ' || b.base_words AS expected,
    b.indicator AS part_of
FROM based AS b
JOIN indicators AS i ON i.indicator = b.base
JOIN figures AS f
    ON f.round_id = $round_id AND f.commune_code = b.commune_code AND f.indicator IN (b.indicator, b.base);
