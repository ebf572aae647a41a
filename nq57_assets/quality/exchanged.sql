-- Two counts of one file that seem to have changed places: another report of the year, or another part of this one, gives a
-- count otherwise (X), and just that other figure stands at a second count of the same file (Y), which nothing bears out
-- there. Other rules ask about X; this one names Y, which may look quite ordinary by itself.
-- A slip of the pen that explains X alone speaks against it, and so does an X that would be unusual as a Y.
WITH counts AS (
    SELECT *
    FROM figures
    WHERE round_id = $round_id AND kind IN ('stock', 'flow') AND lo = hi AND lo > 0 AND sha256 IS NOT NULL
),
said AS (
    -- What else is said of a count, and whether it was counted up to a later day (1), an earlier one (-1) or the same (0).
    SELECT h.commune_code, h.indicator, o.lo AS there, o.words,
        CASE WHEN h.kind = 'flow' THEN sign(date_diff('day', h.period_to, o.period_to)) ELSE 0 END AS later
    FROM counts AS h
    JOIN figures AS o
        ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year = h.year AND o.round_id <> h.round_id
    WHERE o.lo = o.hi AND o.lo > 0
    UNION ALL
    SELECT h.commune_code, h.indicator, o.value, figure(o.value), 0
    FROM counts AS h
    JOIN observations AS o
        ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.observation_id <> h.observation_id
    WHERE o.status = 'accepted' AND o.qualifier = 'exact' AND o.value > 0
        AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current)
),
usual AS (
    SELECT indicator, quantile_cont(lo, 0.05) / $spare AS least, quantile_cont(lo, 0.95) * $spare AS most
    FROM counts
    GROUP BY ALL
    HAVING count(*) >= $peers
),
borne_out AS (
    SELECT DISTINCT c.commune_code, c.indicator
    FROM counts AS c
    JOIN said AS s ON s.commune_code = c.commune_code AND s.indicator = c.indicator
    WHERE fits(c.lo, s.there, s.later, $near)
)
SELECT y.commune_code, y.indicator, y.sha256, y.observation_id, y.words AS observed,
    string_agg(DISTINCT i.vi || ' (' || s.words || ')', '; ') AS expected
FROM counts AS x
JOIN said AS s ON s.commune_code = x.commune_code AND s.indicator = x.indicator
JOIN counts AS y ON y.commune_code = x.commune_code AND y.sha256 = x.sha256 AND y.indicator <> x.indicator
JOIN usual AS u ON u.indicator = y.indicator AND x.lo BETWEEN u.least AND u.most
JOIN indicators AS i ON i.indicator = x.indicator
WHERE y.lo >= $minimum AND fits(y.lo, s.there, s.later, $near) AND NOT fits(x.lo, s.there, s.later, $growth)
    AND (slip(x.words, s.words) IS NULL OR least(x.lo, s.there) < 100)
    AND (y.commune_code, y.indicator) NOT IN (SELECT (commune_code, indicator) FROM borne_out)
GROUP BY ALL;
