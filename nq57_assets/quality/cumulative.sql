-- A count since the same day in two reports of a commune: up to the later day it can not be smaller, and a few more days do
-- not add half as much again, nor far more than they add elsewhere; less is needed where a slip of the pen would explain the
-- difference. Both reports are asked; which of them is wrong is theirs to say.
WITH counted AS (
    SELECT f.*, r.period_from, date_diff('day', r.period_from, f.period_to) + 1 AS days
    FROM figures AS f
    JOIN rounds AS r ON r.round_id = f.round_id
    WHERE f.kind = 'flow'
),
grown AS (
    SELECT e.commune_code, e.indicator, e.round_id AS earlier, l.round_id AS later, e.days AS earlier_days, l.days AS later_days,
        e.lo AS earlier_lo, e.hi AS earlier_hi, l.lo AS later_lo, l.hi AS later_hi,
        CASE WHEN e.mid > 0 AND l.mid > 0 THEN ln(l.mid / e.mid) END AS growth,
        CASE WHEN least(e.mid, l.mid) >= 100 THEN slip(e.words, l.words) END AS slipped
    FROM counted AS e
    JOIN counted AS l
        ON l.commune_code = e.commune_code AND l.indicator = e.indicator AND l.period_from = e.period_from
        AND l.period_to > e.period_to
),
typical AS (
    SELECT indicator, earlier, later, median(growth) AS middle, 1.4826 * greatest(mad(growth), $floor) AS spread
    FROM grown
    GROUP BY ALL
    HAVING count(growth) >= $peers
),
broken AS (
    SELECT g.*
    FROM grown AS g
    LEFT JOIN typical AS t ON t.indicator = g.indicator AND t.earlier = g.earlier AND t.later = g.later
    WHERE later_hi < earlier_lo * CASE WHEN slipped IS NULL THEN 1 - $share ELSE 1 END
        OR (later_lo >= $minimum AND later_lo > earlier_hi * later_days / earlier_days * (1 + $growth))
        OR (later_lo >= $minimum AND later_lo - earlier_hi > $step AND later_lo > earlier_hi * exp(
            t.middle + t.spread * CASE WHEN slipped IS NULL THEN $deviations ELSE $alike END
        ))
)
SELECT h.commune_code, h.indicator, h.sha256, h.observation_id, h.words AS observed,
    string_agg(DISTINCT with_slip(o.words, h.words), '; ') AS expected
FROM broken AS b
JOIN figures AS h
    ON h.round_id = $round_id AND h.round_id IN (b.earlier, b.later)
    AND h.commune_code = b.commune_code AND h.indicator = b.indicator
JOIN figures AS o
    ON o.round_id IN (b.earlier, b.later) AND o.round_id <> h.round_id
    AND o.commune_code = b.commune_code AND o.indicator = b.indicator
GROUP BY ALL;
