-- A figure that stands as a range whose upper end exceeds the lower one by more than `share`: a city total of such ranges says
-- little. What the same reports say of it elsewhere ("gần 900" beside "560–900") is told with it. One that waits for review and
-- is likelier right than not is asked about as well, so that the commune hears of it at once; one that a person ruled on is not.
WITH wide AS (
    SELECT o.*, claim(o.value, o.low, o.high, o.qualifier) AS words
    FROM observations AS o
    WHERE o.qualifier = 'range' AND o.high > o.low * (1 + $share)
        AND (o.status = 'accepted' OR (o.status = 'review' AND o.confidence >= 0.5))
        AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current)
        AND NOT EXISTS (
            SELECT 1 FROM resolved AS r
            WHERE r.commune_code = o.commune_code AND r.indicator = o.indicator AND r.decision_id IS NOT NULL
        )
    QUALIFY row_number() OVER (
        PARTITION BY o.commune_code, o.indicator ORDER BY o.status, o.confidence DESC, o.observation_id
    ) = 1
),
elsewhere AS (
    SELECT w.commune_code, w.indicator, string_agg(DISTINCT claim(o.value, o.low, o.high, o.qualifier), '; ') AS words
    FROM wide AS w
    JOIN observations AS o
        ON o.commune_code = w.commune_code AND o.indicator = w.indicator AND o.status = 'accepted'
        AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current)
    WHERE claim(o.value, o.low, o.high, o.qualifier) <> w.words
    GROUP BY ALL
)
SELECT w.commune_code, w.indicator, w.sha256, w.observation_id, w.words AS observed,
    'một con số' || coalesce(' (chỗ khác ghi ' || e.words || ')', '') AS expected
FROM wide AS w
LEFT JOIN elsewhere AS e ON e.commune_code = w.commune_code AND e.indicator = w.indicator;
