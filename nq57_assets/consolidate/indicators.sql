-- City figures: totals as intervals, shares from their parts, never a plain mean of percentages.
-- In:  params, communes (expected), indicators (all; asked says whether the round asks), round_values (this round),
--      other_values (other rounds; recency 1 is the latest)
-- Out: city/indicators for the city, each type of commune and each former province
WITH scopes AS (
    SELECT commune_code, 'city' AS scope, 'city' AS scope_key FROM communes
    UNION ALL
    SELECT commune_code, 'commune_type', commune_type FROM communes
    UNION ALL
    SELECT commune_code, 'former_province', former_province FROM communes
),
known AS (              -- figures that may be used; an open low falls back on the minimum, an open rate ends at 100 %
    SELECT v.commune_code, v.indicator, v.state = 'nil' AS nil,
           v.state = 'nil' OR v.qualifier = 'exact' AS exact, COALESCE(v.qualifier = 'approx', FALSE) AS approx,
           COALESCE(v.witnesses, 1) >= 2 AS witnessed,
           COALESCE(v.value, (v.low + v.high) / 2, v.low, v.high) AS point,
           COALESCE(v.low, i.minimum) AS low, COALESCE(v.high, i.ceiling) AS high,
           v.numerator, v.denominator
    FROM round_values AS v
    JOIN indicators AS i ON i.indicator = v.indicator
    WHERE v.state IN ('reported', 'nil')
),
weights AS (            -- the latest known figure of a commune: of this round, else of the latest other round
    SELECT commune_code, indicator, point
    FROM (
        SELECT commune_code, indicator, point,
               ROW_NUMBER() OVER (PARTITION BY commune_code, indicator ORDER BY recency) AS turn
        FROM (
            SELECT commune_code, indicator, point, 0 AS recency FROM known
            UNION ALL
            SELECT commune_code, indicator, COALESCE(value, (low + high) / 2, low, high), recency
            FROM other_values
            WHERE state IN ('reported', 'nil')
        ) AS rounds
        WHERE point > 0
    ) AS ranked
    WHERE turn = 1
),
cells AS (              -- one row per expected commune and asked indicator, with the state of its own figure
    SELECT c.commune_code, i.indicator, i.roll_up, i.numerator AS numerator_of, i.denominator AS denominator_of,
           i.weight, COALESCE(v.state, 'missing') AS state, COALESCE(v.in_review, 0) AS in_review
    FROM communes AS c
    CROSS JOIN indicators AS i
    LEFT JOIN round_values AS v ON v.commune_code = c.commune_code AND v.indicator = i.indicator
    WHERE i.asked
),
parts AS (              -- what each commune adds to the numerator and the denominator
    -- a total: the figure itself
    SELECT k.commune_code, k.indicator, k.nil, k.exact, k.approx, k.witnessed,
           k.point AS num, k.low AS num_low, k.high AS num_high,
           CAST(NULL AS DOUBLE) AS den, CAST(NULL AS DOUBLE) AS den_low, CAST(NULL AS DOUBLE) AS den_high,
           ABS(k.point) AS mass
    FROM known AS k JOIN indicators AS i ON i.indicator = k.indicator
    WHERE i.roll_up = 'sum'
    UNION ALL
    -- a yes or no: every answer counts one
    SELECT k.commune_code, k.indicator, k.nil, k.exact, k.approx, k.witnessed, k.point, k.low, k.high, 1.0, 1.0, 1.0, 1.0
    FROM known AS k JOIN indicators AS i ON i.indicator = k.indicator
    WHERE i.roll_up = 'share'
    UNION ALL
    -- a weighted rate: "nothing to report" has no base, so it adds nothing to either side
    SELECT k.commune_code, k.indicator, k.nil, k.exact, k.approx, k.witnessed,
           CASE WHEN k.nil THEN 0.0 ELSE w.point * k.point END, CASE WHEN k.nil THEN 0.0 ELSE w.point * k.low END,
           CASE WHEN k.nil THEN 0.0 ELSE w.point * k.high END,
           CASE WHEN k.nil THEN 0.0 ELSE w.point END, CASE WHEN k.nil THEN 0.0 ELSE w.point END,
           CASE WHEN k.nil THEN 0.0 ELSE w.point END, CASE WHEN k.nil THEN 0.0 ELSE w.point END
    FROM known AS k
    JOIN indicators AS i ON i.indicator = k.indicator
    LEFT JOIN weights AS w ON w.commune_code = k.commune_code AND w.indicator = i.weight
    WHERE i.roll_up = 'weighted' AND (k.nil OR w.point IS NOT NULL)
    UNION ALL
    -- a ratio from the two indicators that are its parts
    SELECT n.commune_code, i.indicator, n.nil AND d.nil, n.exact AND d.exact, n.approx OR d.approx, n.witnessed AND d.witnessed,
           n.point, n.low, n.high, d.point, d.low, d.high, d.point
    FROM indicators AS i
    JOIN known AS n ON n.indicator = i.numerator
    JOIN known AS d ON d.indicator = i.denominator AND d.commune_code = n.commune_code
    WHERE i.roll_up = 'ratio'
    UNION ALL
    -- a ratio from its own pair, written as a/b, where the parts were not both given
    SELECT k.commune_code, k.indicator, k.nil, k.exact, k.approx, k.witnessed,
           COALESCE(k.numerator, 0.0), COALESCE(k.numerator, 0.0), COALESCE(k.numerator, 0.0),
           COALESCE(k.denominator, 0.0), COALESCE(k.denominator, 0.0), COALESCE(k.denominator, 0.0),
           COALESCE(k.denominator, 0.0)
    FROM known AS k
    JOIN indicators AS i ON i.indicator = k.indicator
    LEFT JOIN known AS n ON n.commune_code = k.commune_code AND n.indicator = i.numerator
    LEFT JOIN known AS d ON d.commune_code = k.commune_code AND d.indicator = i.denominator
    WHERE i.roll_up = 'ratio' AND (n.indicator IS NULL OR d.indicator IS NULL)
        AND (k.nil OR (k.numerator IS NOT NULL AND k.denominator IS NOT NULL))
),
part_states AS (        -- a ratio without both parts is in the worse state of them
    SELECT c.commune_code, c.indicator,
           MAX(CASE WHEN v.state = 'conflict' THEN 1 ELSE 0 END) AS conflict,
           MAX(CASE WHEN v.state = 'withheld' THEN 1 ELSE 0 END) AS withheld
    FROM cells AS c
    JOIN round_values AS v
        ON v.commune_code = c.commune_code AND v.indicator IN (c.numerator_of, c.denominator_of)
    GROUP BY c.commune_code, c.indicator
),
standing AS (           -- each cell in exactly one state: reported, conflict, withheld or missing
    SELECT c.commune_code, c.indicator, c.in_review, p.nil, p.exact, p.approx, p.witnessed,
           p.num, p.num_low, p.num_high, p.den, p.den_low, p.den_high, p.mass,
           CASE
               WHEN p.indicator IS NOT NULL THEN 'reported'
               WHEN c.state = 'conflict' OR s.conflict = 1 THEN 'conflict'
               WHEN c.state = 'withheld' OR s.withheld = 1 THEN 'withheld'
               ELSE 'missing'
           END AS state,
           p.indicator IS NULL AND c.state IN ('reported', 'nil') AS unusable
    FROM cells AS c
    LEFT JOIN parts AS p ON p.commune_code = c.commune_code AND p.indicator = c.indicator
    LEFT JOIN part_states AS s ON s.commune_code = c.commune_code AND s.indicator = c.indicator
),
sizes AS (              -- coverage is weighted by population, or by area while any commune's population is unknown
    SELECT c.commune_code,
           CASE WHEN n.known = n.expected THEN w.point ELSE c.area_km2 END AS size,
           CASE WHEN n.known = n.expected THEN 'population' ELSE 'area' END AS coverage_weight
    FROM communes AS c
    LEFT JOIN weights AS w ON w.commune_code = c.commune_code AND w.indicator = 'place_population'
    CROSS JOIN (
        SELECT COUNT(*) AS expected, COUNT(w.point) AS known
        FROM communes AS c
        LEFT JOIN weights AS w ON w.commune_code = c.commune_code AND w.indicator = 'place_population'
    ) AS n
),
totals AS (
    SELECT s.indicator, m.scope, m.scope_key, MIN(z.coverage_weight) AS coverage_weight,
           COUNT(*) AS expected,
           SUM(CASE WHEN s.state = 'reported' THEN 1 ELSE 0 END) AS reported,
           SUM(CASE WHEN s.nil THEN 1 ELSE 0 END) AS nil,
           SUM(CASE WHEN s.state = 'missing' THEN 1 ELSE 0 END) AS missing,
           SUM(CASE WHEN s.unusable AND s.state = 'missing' THEN 1 ELSE 0 END) AS unusable,
           SUM(CASE WHEN s.in_review > 0 THEN 1 ELSE 0 END) AS in_review,
           SUM(CASE WHEN s.state = 'conflict' THEN 1 ELSE 0 END) AS conflict,
           SUM(CASE WHEN s.state = 'withheld' THEN 1 ELSE 0 END) AS withheld,
           SUM(CASE WHEN s.state = 'reported' THEN z.size ELSE 0.0 END) / SUM(z.size) AS coverage_weighted,
           SUM(s.num) AS num, SUM(s.num_low) AS num_low,
           -- one open end leaves the total open
           CASE WHEN COUNT(s.num_high) = COUNT(s.num) THEN SUM(s.num_high) END AS num_high,
           SUM(s.den) AS den, SUM(s.den_low) AS den_low,
           CASE WHEN COUNT(s.den_high) = COUNT(s.den) THEN SUM(s.den_high) END AS den_high,
           SUM(CASE WHEN s.approx THEN 1 ELSE 0 END) AS approximate,
           CASE
               WHEN SUM(s.mass) > 0 THEN SUM(CASE WHEN s.exact THEN s.mass ELSE 0.0 END) / SUM(s.mass)
               ELSE AVG(CASE WHEN s.exact THEN 1.0 WHEN s.state = 'reported' THEN 0.0 END)
           END AS exact_share,
           SUM(CASE WHEN s.witnessed THEN 1 ELSE 0 END) AS witnessed,
           CASE
               WHEN SUM(s.mass) > 0 THEN SUM(CASE WHEN s.witnessed THEN s.mass ELSE 0.0 END) / SUM(s.mass)
               ELSE AVG(CASE WHEN s.witnessed THEN 1.0 WHEN s.state = 'reported' THEN 0.0 END)
           END AS witnessed_share
    FROM standing AS s
    JOIN scopes AS m ON m.commune_code = s.commune_code
    JOIN sizes AS z ON z.commune_code = s.commune_code
    GROUP BY s.indicator, m.scope, m.scope_key
),
figures AS (
    SELECT t.*, i.unit, i.roll_up,
           CASE
               WHEN i.roll_up = 'sum' THEN t.num_low
               WHEN i.roll_up = 'weighted' AND t.den > 0 THEN t.num_low / t.den
               WHEN i.roll_up = 'weighted' THEN NULL
               WHEN t.den_high > 0 THEN 100.0 * t.num_low / t.den_high
               WHEN t.den > 0 THEN 0.0      -- the denominator is open above
           END AS low,
           CASE
               WHEN i.roll_up = 'sum' THEN t.num_high
               WHEN i.roll_up = 'weighted' AND t.den > 0 THEN t.num_high / t.den
               WHEN i.roll_up = 'weighted' THEN NULL
               WHEN t.den_low > 0 THEN LEAST(100.0 * t.num_high / t.den_low, COALESCE(i.maximum_share, 1e300))
               WHEN t.den > 0 THEN i.maximum_share
           END AS high
    FROM totals AS t
    JOIN indicators AS i ON i.indicator = t.indicator
),
judged AS (
    SELECT f.*, ROUND(f.low, 6) AS low_end, ROUND(f.high, 6) AS high_end,
           CASE
               WHEN f.reported = 0 THEN 'Chưa có đơn vị nào có số liệu dùng được.'
               WHEN f.low IS NULL THEN 'Không có mẫu số hoặc trọng số để tính.'
               WHEN f.coverage_weighted < p.coverage_gate THEN CONCAT(
                   'Mới có ', CAST(f.reported AS VARCHAR), '/', CAST(f.expected AS VARCHAR), ' đơn vị, bằng ',
                   REPLACE(CAST(CAST(100.0 * f.coverage_weighted AS DECIMAL(5, 1)) AS VARCHAR), '.', ','),
                   CASE WHEN f.coverage_weight = 'population' THEN '% dân số' ELSE '% diện tích' END,
                   '; cần ít nhất ',
                   REPLACE(CAST(CAST(100.0 * p.coverage_gate AS DECIMAL(5, 1)) AS VARCHAR), '.', ','), '%.')
           END AS reason
    FROM figures AS f
    CROSS JOIN params AS p
)
SELECT p.round_id, j.indicator, j.scope, j.scope_key,
       CASE WHEN j.roll_up IN ('ratio', 'share') THEN '%' ELSE j.unit END AS unit,
       -- the grammar of observations: one number, or at least a number, or a range
       CASE WHEN j.reason IS NULL AND (j.high_end IS NULL OR j.low_end = j.high_end) THEN j.low_end END AS value,
       CASE WHEN j.reason IS NULL THEN j.low_end END AS low,
       CASE WHEN j.reason IS NULL THEN j.high_end END AS high,
       CASE
           WHEN j.reason IS NOT NULL THEN NULL
           WHEN j.high_end IS NULL THEN 'over'
           WHEN j.low_end < j.high_end THEN 'range'
           WHEN j.approximate > 0 THEN 'approx'
           ELSE 'exact'
       END AS qualifier,
       CASE WHEN j.reason IS NULL THEN ROUND(j.exact_share, 6) END AS exact_share,
       CASE WHEN j.reason IS NULL THEN ROUND(j.num, 6) END AS numerator,
       CASE WHEN j.reason IS NULL THEN ROUND(j.den, 6) END AS denominator,
       j.reported, j.expected, j.nil,
       ROUND(1.0 * j.reported / j.expected, 6) AS coverage, ROUND(j.coverage_weighted, 6) AS coverage_weighted,
       j.coverage_weight, j.missing, j.unusable, j.in_review, j.conflict, j.withheld,
       CASE WHEN j.reason IS NULL THEN 'published' ELSE 'withheld' END AS state, j.reason,
       j.witnessed, CASE WHEN j.reason IS NULL THEN ROUND(j.witnessed_share, 6) END AS witnessed_share
FROM judged AS j
CROSS JOIN params AS p
ORDER BY j.indicator, j.scope, j.scope_key
