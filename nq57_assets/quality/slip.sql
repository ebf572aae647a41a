-- A small count that is exactly 100 or 1,000 times (`factors`) the same commune's figure in the nearest other round, or the
-- other way round: a slip in the unit. `jump` does not look at figures as small as these.
WITH nearest AS (
    SELECT h.*, o.mid AS other_mid, o.words AS other_words
    FROM figures AS h
    JOIN figures AS o ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.round_id <> h.round_id
    WHERE h.round_id = $round_id AND h.kind IN (SELECT unnest($of)) AND h.mid > 0 AND o.mid > 0
    QUALIFY row_number() OVER (
        PARTITION BY h.commune_code, h.indicator
        ORDER BY abs(date_diff('day', o.period_to, h.period_to)), o.period_to
    ) = 1
)
SELECT commune_code, indicator, sha256, observation_id, words AS observed, other_words AS expected
FROM nearest
WHERE least(mid, other_mid) < $below
    AND list_contains($factors, round(greatest(mid, other_mid) / least(mid, other_mid), 6));
