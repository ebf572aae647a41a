-- A stock that is lower than in the latest round of an earlier year by more than `share`.
WITH before AS (
    SELECT h.*, o.lo AS other_lo, o.words AS other_words
    FROM figures AS h
    JOIN figures AS o ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year < h.year
    WHERE h.round_id = $round_id AND h.kind = 'stock'
    QUALIFY row_number() OVER (PARTITION BY h.commune_code, h.indicator ORDER BY o.period_to DESC) = 1
)
SELECT commune_code, indicator, sha256, observation_id, words AS observed, other_words AS expected
FROM before
WHERE hi < other_lo * (1 - $share);
