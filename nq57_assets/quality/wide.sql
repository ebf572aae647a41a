-- A figure that stands as a range whose upper end exceeds the lower one by more than `share`: a city total of such ranges says
-- little. What the same reports say of it elsewhere ("gần 900" beside "560–900") is told with it.
WITH wide AS (
    SELECT *, claim(value, low, high, qualifier) AS words
    FROM resolved
    WHERE state = 'reported' AND qualifier = 'range' AND high > low * (1 + $share)
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
