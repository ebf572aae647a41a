-- A rate of at most 1 where the communes' median is high: 0.98 was written for 98 %.
WITH rates AS (
    SELECT * FROM figures WHERE round_id = $round_id AND kind = 'rate' AND mid IS NOT NULL
),
typical AS (
    SELECT indicator, median(mid) AS middle FROM rates GROUP BY ALL HAVING count(*) >= $peers AND median(mid) >= $typical
)
SELECT r.commune_code, r.indicator, r.sha256, r.observation_id, r.words AS observed, figure(round(t.middle, 1)) AS expected
FROM rates AS r
JOIN typical AS t ON t.indicator = r.indicator
WHERE r.mid > 0 AND r.mid <= 1;
