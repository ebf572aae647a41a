-- A count far from what communes of the same type report, by median and MAD.
-- Some counts grow with the size of a commune and some do not: a commune's size shows in the median of all its figures, and a
-- count is judged beside that level where this makes the communes more alike, else as it stands. Logarithms show what is far
-- too small, square roots (on which counts of few things spread evenly) what is far too large. Where the peers agree to the
-- last digit the MAD is 0; `floor` stands in for it. Fewer than `peers` communes tell nothing.
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
beside AS (
    SELECT c.*, c.size - l.own AS levelled, l.own
    FROM counted AS c
    JOIN level AS l ON l.commune_code = c.commune_code
),
scales AS (
    SELECT indicator, commune_type, mad(levelled) < mad(size) AS grows
    FROM beside
    GROUP BY ALL
    HAVING count(*) >= $peers
),
scaled AS (
    SELECT b.*, CASE WHEN s.grows THEN b.levelled ELSE b.size END AS y, CASE WHEN s.grows THEN b.own ELSE 0 END AS shift
    FROM beside AS b
    JOIN scales AS s ON s.indicator = b.indicator AND s.commune_type = b.commune_type
),
peers AS (
    SELECT indicator, commune_type, median(y) AS middle, greatest(mad(y), $floor) AS spread,
        median(exp(y / 2)) AS root, greatest(mad(exp(y / 2)), $floor / 2 * median(exp(y / 2))) AS root_spread
    FROM scaled
    GROUP BY ALL
)
SELECT s.commune_code, s.indicator, s.sha256, s.observation_id, s.words AS observed,
    figure(round(exp(p.middle + s.shift))) AS expected
FROM scaled AS s
JOIN peers AS p ON p.indicator = s.indicator AND p.commune_type = s.commune_type
WHERE abs(s.y - p.middle) >= ln($factor)
    AND (
        abs(s.y - p.middle) >= $deviations * 1.4826 * p.spread
        OR exp(s.y / 2) - p.root >= $root_deviations * 1.4826 * p.root_spread
    );
