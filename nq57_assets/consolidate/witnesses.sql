-- Who says so besides: the independent statements that agree with a figure, each in one row.
-- In:  resolved (candidates of this round), others (those of the year's other rounds that ask the same), observations,
--      decisions (in force), findings (open, of severity error or critical), file_rules, register (commune_code, indicator,
--      figure, share), indicators (all), params
-- Out: commune_code, indicator, kind, round_id and observation_id of the statement (empty where it is none)
WITH figures AS (       -- what needs a witness, and how far it was rounded: half of the unit of its last digit
    SELECT r.round_id, r.commune_code, r.indicator, r.sha256, r.observation_id, r.decision_id, r.method,
           r.value, r.low, r.high, r.numerator, r.denominator,
           CASE
               WHEN r.qualifier = 'approx' THEN p.approx_tolerance * ABS(r.value)
               WHEN r.qualifier <> 'exact' OR i.whole OR r.value IN (0.0, 100.0) THEN 0.0
               WHEN r.value = ROUND(r.value, 0) THEN 0.5
               WHEN r.value = ROUND(r.value, 1) THEN 0.05
               WHEN r.value = ROUND(r.value, 2) THEN 0.005
               ELSE 0.0
           END AS slack
    FROM (SELECT * FROM resolved UNION ALL SELECT * FROM others) AS r
    JOIN indicators AS i ON i.indicator = r.indicator
    CROSS JOIN params AS p
    WHERE r.state IN ('reported', 'nil')
),
own AS (
    SELECT f.* FROM figures AS f JOIN params AS p ON p.round_id = f.round_id
),
rulings AS (            -- the last word of a person on each observation
    SELECT observation_id, kind
    FROM (
        SELECT observation_id, kind,
               ROW_NUMBER() OVER (PARTITION BY observation_id ORDER BY decided_at DESC, decision_id DESC) AS latest
        FROM decisions
        WHERE kind IN ('accept', 'reject') AND observation_id IS NOT NULL
    ) AS ranked
    WHERE latest = 1
),
faulty AS (             -- what a rule keeps out bears no witness
    SELECT observation_id, CAST(NULL AS VARCHAR) AS sha256 FROM findings WHERE observation_id IS NOT NULL
    UNION ALL
    SELECT NULL, f.sha256 FROM findings AS f JOIN file_rules AS r ON r.rule = f.rule WHERE f.indicator IS NULL
),
claims AS (             -- a part of a file is its cells, its tables or its sentences: what stands in two of them was said twice
    SELECT o.observation_id, o.commune_code, o.indicator, o.sha256, o.method, o.quote, o.low, o.high,
           CASE
               WHEN o.qualifier = 'approx' THEN p.approx_tolerance * ABS(o.value)
               WHEN o.qualifier <> 'exact' OR i.whole OR o.value IN (0.0, 100.0) THEN 0.0
               WHEN o.value = ROUND(o.value, 0) THEN 0.5
               WHEN o.value = ROUND(o.value, 1) THEN 0.05
               WHEN o.value = ROUND(o.value, 2) THEN 0.005
               ELSE 0.0
           END AS slack
    FROM observations AS o
    JOIN indicators AS i ON i.indicator = o.indicator
    CROSS JOIN params AS p
    LEFT JOIN rulings AS r ON r.observation_id = o.observation_id
    LEFT JOIN (SELECT DISTINCT observation_id FROM faulty WHERE observation_id IS NOT NULL) AS c
        ON c.observation_id = o.observation_id
    LEFT JOIN (SELECT DISTINCT sha256 FROM faulty WHERE sha256 IS NOT NULL) AS w ON w.sha256 = o.sha256
    WHERE CASE r.kind WHEN 'accept' THEN 'accepted' WHEN 'reject' THEN 'rejected' ELSE o.status END = 'accepted'
        AND c.observation_id IS NULL AND w.sha256 IS NULL
),
beside AS (
    SELECT f.commune_code, f.indicator, MIN(c.observation_id) AS observation_id
    FROM own AS f
    JOIN claims AS c ON c.commune_code = f.commune_code AND c.indicator = f.indicator
    LEFT JOIN observations AS s ON s.observation_id = f.observation_id
    WHERE (s.observation_id IS NULL OR c.sha256 <> s.sha256 OR c.method <> s.method)
        AND CASE
            WHEN f.low IS NULL OR f.high IS NULL OR c.low IS NULL OR c.high IS NULL
                -- "over 150" bears out "over 150", but not 160 and not 16,000
                THEN COALESCE(f.low, -1e300) = COALESCE(c.low, -1e300) AND COALESCE(f.high, 1e300) = COALESCE(c.high, 1e300)
            ELSE GREATEST(f.low, c.low) - LEAST(f.high, c.high) <= GREATEST(f.slack, c.slack) + 1e-9
        END
    GROUP BY f.commune_code, f.indicator, c.sha256, c.method
),
elsewhere AS (          -- the year's other report; a flow must be equal too, though it counts a few days more
    SELECT f.commune_code, f.indicator, o.round_id, MIN(o.observation_id) AS observation_id
    FROM own AS f
    JOIN params AS p ON p.round_id = f.round_id
    JOIN figures AS o ON o.round_id <> p.round_id AND o.commune_code = f.commune_code AND o.indicator = f.indicator
    WHERE (f.sha256 IS NULL OR o.sha256 IS NULL OR o.sha256 <> f.sha256)
        AND CASE
            WHEN f.low IS NULL OR f.high IS NULL OR o.low IS NULL OR o.high IS NULL
                THEN COALESCE(f.low, -1e300) = COALESCE(o.low, -1e300) AND COALESCE(f.high, 1e300) = COALESCE(o.high, 1e300)
            ELSE GREATEST(f.low, o.low) - LEAST(f.high, o.high) <= GREATEST(f.slack, o.slack) + 1e-9
        END
    GROUP BY f.commune_code, f.indicator, o.round_id
),
rates AS (              -- a rate with the parts that it is stated beside; one that was worked out from them proves nothing
    SELECT f.commune_code, f.indicator, f.value, i.numerator AS part, i.denominator AS whole, s.method,
           f.numerator, f.denominator,
           f.numerator IS NULL OR s.method = 'form' AS apart,
           s.method <> 'form' AND CONTAINS(
               REPLACE(REPLACE(s.quote, ' ', ''), ',', '.'),
               CONCAT(CASE WHEN f.value = ROUND(f.value, 0) THEN CAST(CAST(f.value AS BIGINT) AS VARCHAR)
                           ELSE CAST(f.value AS VARCHAR) END, '%')
           ) AS written,
           -- cut off or rounded: one unit of the last digit
           CASE WHEN f.value = ROUND(f.value, 0) THEN 1.0 WHEN f.value = ROUND(f.value, 1) THEN 0.1 ELSE 0.01 END AS unit
    FROM own AS f
    JOIN indicators AS i ON i.indicator = f.indicator
    JOIN observations AS s ON s.observation_id = f.observation_id
    WHERE i.kind = 'rate' AND f.value IS NOT NULL AND f.low = f.high
),
sums AS (
    SELECT r.commune_code, r.indicator, r.part, r.whole, ABS(100.0 * n.value / d.value - r.value) AS off, r.unit
    FROM rates AS r
    JOIN own AS n ON n.commune_code = r.commune_code AND n.indicator = r.part
    JOIN own AS d ON d.commune_code = r.commune_code AND d.indicator = r.whole
    WHERE (r.apart OR r.written) AND n.low = n.high AND d.low = d.high AND d.value > 0
),
proven AS (
    SELECT commune_code, indicator
    FROM rates
    WHERE written AND denominator > 0 AND ABS(100.0 * numerator / denominator - value) <= unit + 1e-9
    UNION
    SELECT commune_code, indicator FROM sums WHERE off <= unit + 1e-9
    UNION               -- the parts as well, where the rate is told so closely that a slip in them would show
    SELECT commune_code, part FROM sums WHERE off <= LEAST(unit, 0.1) + 1e-9
    UNION
    SELECT commune_code, whole FROM sums WHERE off <= LEAST(unit, 0.1) + 1e-9
)
SELECT commune_code, indicator, 'statement' AS kind, round_id, observation_id
FROM own
WHERE observation_id IS NOT NULL
UNION ALL
SELECT commune_code, indicator, 'decision', round_id, CAST(NULL AS VARCHAR) FROM own WHERE decision_id IS NOT NULL
UNION ALL
SELECT b.commune_code, b.indicator, 'statement', p.round_id, b.observation_id FROM beside AS b CROSS JOIN params AS p
UNION ALL
SELECT commune_code, indicator, 'other_report', round_id, observation_id FROM elsewhere
UNION ALL
SELECT a.commune_code, a.indicator, 'arithmetic', p.round_id, CAST(NULL AS VARCHAR)
FROM proven AS a CROSS JOIN params AS p
UNION ALL
SELECT f.commune_code, f.indicator, 'register', f.round_id, CAST(NULL AS VARCHAR)
FROM own AS f
JOIN register AS g ON g.commune_code = f.commune_code AND g.indicator = f.indicator
WHERE f.low = f.high AND ABS(f.value - g.figure) <= g.share * g.figure + f.slack + 1e-9
ORDER BY 1, 2, 3, 4, 5
