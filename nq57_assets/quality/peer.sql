-- A count far from what communes of the same type report, by median and MAD of logarithms.
-- Some counts grow with the size of a commune and some do not, so a figure must be odd both as it stands and beside the
-- commune's own level in all its figures. Where the peers agree to the last digit the MAD is 0; `floor` stands in for it.
-- Fewer than `peers` communes tell nothing.
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
    SELECT c.*, c.size - l.own AS levelled
    FROM counted AS c
    JOIN level AS l ON l.commune_code = c.commune_code
),
peers AS (
    SELECT indicator, commune_type, median(size) AS mid_size, greatest(mad(size), $floor) AS spread,
        median(levelled) AS mid_levelled, greatest(mad(levelled), $floor) AS spread_levelled
    FROM beside
    GROUP BY ALL
    HAVING count(*) >= $peers
),
judged AS (
    SELECT b.*, p.mid_size,
        least(abs(b.size - p.mid_size), abs(b.levelled - p.mid_levelled)) AS distance,
        least(
            abs(b.size - p.mid_size) / (1.4826 * p.spread), abs(b.levelled - p.mid_levelled) / (1.4826 * p.spread_levelled)
        ) AS deviation
    FROM beside AS b
    JOIN peers AS p ON p.indicator = b.indicator AND p.commune_type = b.commune_type
)
SELECT commune_code, indicator, sha256, observation_id, words AS observed, figure(round(exp(mid_size))) AS expected
FROM judged
WHERE deviation >= $deviations AND distance >= ln($factor);
