-- A file whose counts of the period (not stocks, which may well stand still) are those of the same commune's round of an
-- earlier year: last round's figures were sent again. Figures as small as 1 repeat by chance and do not count.
WITH pairs AS (
    SELECT h.commune_code, h.sha256, h.round_id, o.round_id AS other_round,
        count(*) AS compared, count(*) FILTER (h.value = o.value) AS same
    FROM figures AS h
    JOIN figures AS o ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year < h.year
    WHERE h.round_id = $round_id AND h.kind = 'flow' AND h.sha256 IS NOT NULL AND h.value > 1 AND o.value > 1
    GROUP BY ALL
)
SELECT commune_code, sha256, same || '/' || compared AS observed, max(other_round) AS expected
FROM pairs
WHERE compared >= $figures AND same >= $share * compared
GROUP BY ALL;
