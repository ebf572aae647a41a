-- A count since the same day in two reports of a commune: up to the later day it can not be smaller, and a few more days do
-- not add half as much again. Both reports are asked; which of them is wrong is theirs to say.
WITH counted AS (
    SELECT f.*, r.period_from, date_diff('day', r.period_from, f.period_to) + 1 AS days
    FROM figures AS f
    JOIN rounds AS r ON r.round_id = f.round_id
    WHERE f.kind = 'flow'
),
broken AS (
    SELECT e.commune_code, e.indicator, e.round_id AS earlier, l.round_id AS later
    FROM counted AS e
    JOIN counted AS l
        ON l.commune_code = e.commune_code AND l.indicator = e.indicator AND l.period_from = e.period_from
        AND l.period_to > e.period_to
    WHERE l.hi < e.lo * (1 - $share)
        OR (l.lo > e.hi * l.days / e.days * (1 + $growth) AND l.lo >= $minimum)
)
SELECT h.commune_code, h.indicator, h.sha256, h.observation_id, h.words AS observed,
    string_agg(DISTINCT o.words, '; ') AS expected
FROM broken AS b
JOIN figures AS h
    ON h.round_id = $round_id AND h.round_id IN (b.earlier, b.later)
    AND h.commune_code = b.commune_code AND h.indicator = b.indicator
JOIN figures AS o
    ON o.round_id IN (b.earlier, b.later) AND o.round_id <> h.round_id
    AND o.commune_code = b.commune_code AND o.indicator = b.indicator
GROUP BY ALL;
