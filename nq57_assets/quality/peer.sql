-- A count far from what communes of the same type report.
-- Some counts grow with the size of a commune and some do not: a commune's size shows in the median of all its figures, and a
-- count is judged beside that level where this makes the communes more alike, else as it stands. How far peers may lie from
-- their median is taken from themselves: where their outermost tenth begins, on a plain scale above the median and on
-- logarithms below it. A tenth of wrong figures on one side spoils that measure; MADs of logarithms, which half of them do
-- not spoil, stand behind it. Where the peers agree to the last digit `floor` stands in for their spread.
-- A type of fewer than `peers` communes is laid beside all others; it must be larger than they are as it stands and by its level.
WITH counted AS (
    SELECT f.*, c.commune_type, ln(f.mid) AS size
    FROM figures AS f
    JOIN communes AS c ON c.commune_code = f.commune_code
    WHERE f.round_id = $round_id AND f.kind IN (SELECT unnest($of)) AND f.mid > 0
),
typical AS (
    SELECT indicator, median(size) AS city FROM counted GROUP BY ALL HAVING count(*) >= $peers
),
level AS (
    SELECT c.commune_code, median(c.size - t.city) AS own
    FROM counted AS c
    JOIN typical AS t ON t.indicator = c.indicator
    GROUP BY ALL
),
views AS (
    SELECT c.*, 'plain' AS scale, size AS y, 0 AS shift FROM counted AS c
    UNION ALL
    SELECT c.*, 'level', size - l.own, l.own FROM counted AS c JOIN level AS l ON l.commune_code = c.commune_code
),
peers AS (
    SELECT indicator, scale, pool, median(y) AS middle, mad(y) AS closeness, greatest(mad(y), $floor) AS spread,
        greatest(median(y) - quantile_cont(y, 0.1), $floor) AS below,
        greatest(quantile_cont(exp(y), 0.9) - median(exp(y)), $floor * median(exp(y))) AS above
    FROM (SELECT *, unnest([commune_type, 'city']) AS pool FROM views)
    GROUP BY ALL
    HAVING count(*) >= $peers
),
used AS (
    -- the other view of a figure must at least lean the same way, half as far: a large commune is large in all it counts
    SELECT *, CASE
            WHEN pool = 'city' OR row_number() OVER (PARTITION BY indicator, pool ORDER BY closeness, scale DESC) = 1 THEN 1
            ELSE 0.5
        END AS part
    FROM peers
),
judged AS (
    SELECT v.*, p.pool, p.middle, p.closeness,
        sign(v.y - p.middle) * CAST(
            abs(v.y - p.middle) >= p.part * ln($factor)
            AND (
                p.middle - v.y >= p.part * $tail * p.below
                OR exp(v.y) - exp(p.middle) >= p.part * $tail * p.above
                OR abs(v.y - p.middle) >= p.part * $deviations * 1.4826 * p.spread
            ) AS INTEGER
        ) AS odd
    FROM views AS v
    JOIN used AS p
        ON p.indicator = v.indicator AND p.scale = v.scale
        AND p.pool = CASE WHEN (v.indicator, v.commune_type) IN (SELECT (indicator, pool) FROM peers)
            THEN v.commune_type ELSE 'city' END
)
SELECT commune_code, indicator, sha256, observation_id, words AS observed,
    figure(round(exp(arg_min(middle + shift, closeness)))) AS expected
FROM judged
GROUP BY commune_code, indicator, sha256, observation_id, words
HAVING CASE WHEN any_value(pool) = 'city' THEN sum(odd) ELSE abs(sum(odd)) END = count(*);
