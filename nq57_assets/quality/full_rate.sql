-- A rate of exactly 100 % beside parts that leave somebody out: 5.071 of 5.092 is 99,59 %. `within` is how much less the parts
-- may give; beyond it the rate does not follow from its parts at all, which is another rule's.
WITH full_rates AS (
    SELECT * FROM figures WHERE round_id = $round_id AND kind = 'rate' AND lo = 100 AND hi = 100
),
parts AS (
    SELECT r.commune_code, r.indicator, r.numerator AS part, r.denominator AS whole, [r.indicator] AS concerned
    FROM full_rates AS r
    WHERE r.denominator > 0
    UNION ALL
    SELECT r.commune_code, r.indicator, n.hi, d.lo, [r.indicator, n.indicator, d.indicator]
    FROM full_rates AS r
    JOIN indicators AS i ON i.indicator = r.indicator
    JOIN figures AS n ON n.round_id = r.round_id AND n.commune_code = r.commune_code AND n.indicator = i.numerator
    JOIN figures AS d ON d.round_id = r.round_id AND d.commune_code = r.commune_code AND d.indicator = i.denominator
)
SELECT f.commune_code, f.indicator, f.sha256, f.observation_id, figure(p.part) || '/' || figure(p.whole) AS observed,
    figure(trunc(10000 * p.part / p.whole) / 100) AS expected, p.indicator AS part_of
FROM (SELECT * EXCLUDE (concerned), unnest(concerned) AS one FROM parts) AS p
JOIN figures AS f ON f.round_id = $round_id AND f.commune_code = p.commune_code AND f.indicator = p.one
WHERE p.part < p.whole AND 100 * p.part / p.whole >= 100 - $within;
