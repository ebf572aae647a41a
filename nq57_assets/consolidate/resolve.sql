-- Which claim stands for a commune and an indicator: decision > form > table > narrative.
-- In:  params, observations, decisions, communes (expected), indicators (all; asked says whether the round asks)
-- Out: core/resolved, one row per expected commune and asked indicator, and per other pair with a claim
WITH rulings AS (       -- the last word of a person on each observation
    SELECT observation_id, decision_id, kind
    FROM (
        SELECT observation_id, decision_id, kind,
               ROW_NUMBER() OVER (PARTITION BY observation_id ORDER BY decided_at DESC, decision_id DESC) AS latest
        FROM decisions
        WHERE kind IN ('accept', 'reject') AND observation_id IS NOT NULL
    ) AS ranked
    WHERE latest = 1
),
corrections AS (        -- the last figure that a person set for a commune and indicator
    SELECT commune_code, indicator, decision_id, observation_id, sha256, figure
    FROM (
        SELECT COALESCE(d.commune_code, o.commune_code) AS commune_code,
               COALESCE(d.indicator, o.indicator) AS indicator,
               d.decision_id, o.observation_id, o.sha256, d.value_to AS figure,
               ROW_NUMBER() OVER (
                   PARTITION BY COALESCE(d.commune_code, o.commune_code), COALESCE(d.indicator, o.indicator)
                   ORDER BY d.decided_at DESC, d.decision_id DESC
               ) AS latest
        FROM decisions AS d
        LEFT JOIN observations AS o ON o.observation_id = d.observation_id
        WHERE d.kind = 'correct' AND d.value_to IS NOT NULL
    ) AS ranked
    WHERE latest = 1 AND commune_code IS NOT NULL AND indicator IS NOT NULL
),
claims AS (             -- every claim with its standing (smaller is stronger) and how far it was rounded
    SELECT o.observation_id, o.commune_code, o.indicator, o.sha256, o.page, o.line, o.sheet, o.cell,
           o.value, o.low, o.high, o.qualifier, o.numerator, o.denominator, o.nil, o.method, o.confidence,
           r.decision_id,
           CASE r.kind WHEN 'accept' THEN 'accepted' WHEN 'reject' THEN 'rejected' ELSE o.status END AS status,
           CASE o.method WHEN 'form' THEN 10 WHEN 'table' THEN 20 ELSE 30 END
               - CASE WHEN r.kind = 'accept' THEN 1 ELSE 0 END AS standing,
           CASE
               WHEN o.qualifier = 'approx' THEN p.approx_tolerance * ABS(o.value)
               -- 98.4 and 98.39 are one figure, written to one and to two places; a count has no places
               WHEN o.qualifier <> 'exact' OR i.whole OR o.value = ROUND(o.value, 0) THEN 0.0
               WHEN o.value = ROUND(o.value, 1) THEN 0.05 - 1e-9
               WHEN o.value = ROUND(o.value, 2) THEN 0.005 - 1e-9
               ELSE 0.0
           END AS slack
    FROM observations AS o
    JOIN indicators AS i ON i.indicator = o.indicator
    CROSS JOIN params AS p
    LEFT JOIN rulings AS r ON r.observation_id = o.observation_id
    WHERE o.commune_code IS NOT NULL
),
strongest AS (
    SELECT commune_code, indicator, MIN(standing) AS standing
    FROM claims
    WHERE status = 'accepted'
    GROUP BY commune_code, indicator
),
standing_claims AS (    -- the claims of the strongest standing, in the order in which one speaks for all
    SELECT c.*,
           ROW_NUMBER() OVER (
               PARTITION BY c.commune_code, c.indicator
               ORDER BY CASE c.qualifier WHEN 'exact' THEN 1 WHEN 'approx' THEN 2 ELSE 3 END,
                        CASE WHEN c.nil THEN 1 ELSE 0 END,
                        CASE WHEN c.numerator IS NULL OR c.denominator IS NULL THEN 1 ELSE 0 END,
                        c.slack, COALESCE(c.high - c.low, 1e300), c.confidence DESC,
                        c.sha256, COALESCE(c.page, 0), COALESCE(c.line, 0), COALESCE(c.sheet, ''),
                        COALESCE(c.cell, ''), c.observation_id
           ) AS turn
    FROM claims AS c
    JOIN strongest AS s
        ON s.commune_code = c.commune_code AND s.indicator = c.indicator AND s.standing = c.standing
    WHERE c.status = 'accepted'
),
agreement AS (          -- the claims agree when the highest lower bound does not pass the lowest upper bound
    SELECT commune_code, indicator,
           MAX(low) AS low, MIN(high) AS high,
           COALESCE(MAX(low - slack) > MIN(high + slack), FALSE) AS disagree
    FROM standing_claims
    GROUP BY commune_code, indicator
),
chosen AS (
    SELECT c.commune_code, c.indicator, c.observation_id, c.sha256, c.method, c.decision_id, c.nil,
           c.numerator, c.denominator, a.disagree,
           -- an exact or approximate figure speaks for itself, bounds narrow each other
           CASE WHEN c.qualifier IN ('exact', 'approx') THEN c.value ELSE a.low END AS low,
           CASE WHEN c.qualifier IN ('exact', 'approx') THEN c.value ELSE a.high END AS high,
           CASE
               WHEN c.qualifier IN ('exact', 'approx') THEN c.qualifier
               WHEN a.high IS NULL THEN 'over'
               WHEN a.low IS NULL THEN 'under'
               WHEN a.low = a.high THEN 'exact'
               ELSE 'range'
           END AS qualifier
    FROM standing_claims AS c
    JOIN agreement AS a ON a.commune_code = c.commune_code AND a.indicator = c.indicator
    WHERE c.turn = 1
),
waiting AS (
    SELECT commune_code, indicator, COUNT(*) AS in_review
    FROM claims
    WHERE status = 'review'
    GROUP BY commune_code, indicator
),
cells AS (
    SELECT c.commune_code, i.indicator FROM communes AS c CROSS JOIN indicators AS i WHERE i.asked
    UNION
    SELECT commune_code, indicator FROM strongest
    UNION
    SELECT commune_code, indicator FROM waiting
    UNION
    SELECT commune_code, indicator FROM corrections
),
settled AS (
    SELECT k.commune_code, k.indicator, f.decision_id IS NOT NULL AS corrected,
           CASE
               WHEN f.decision_id IS NOT NULL THEN 'reported'
               WHEN c.observation_id IS NULL THEN 'missing'
               WHEN c.disagree THEN 'conflict'
               WHEN c.nil THEN 'nil'
               ELSE 'reported'
           END AS state,
           f.figure, f.decision_id AS corrected_by, f.observation_id AS corrected_observation,
           f.sha256 AS corrected_sha256,
           c.low, c.high, c.qualifier, c.numerator, c.denominator, c.method, c.observation_id, c.sha256,
           c.decision_id,
           CASE WHEN f.decision_id IS NOT NULL THEN 0 ELSE COALESCE(w.in_review, 0) END AS in_review
    FROM cells AS k
    LEFT JOIN corrections AS f ON f.commune_code = k.commune_code AND f.indicator = k.indicator
    LEFT JOIN chosen AS c ON c.commune_code = k.commune_code AND c.indicator = k.indicator
    LEFT JOIN waiting AS w ON w.commune_code = k.commune_code AND w.indicator = k.indicator
)
SELECT p.round_id, s.commune_code, s.indicator,
       CASE
           WHEN s.corrected THEN s.figure
           WHEN s.state NOT IN ('reported', 'nil') OR s.qualifier = 'range' THEN NULL
           ELSE COALESCE(s.low, s.high)
       END AS value,
       CASE WHEN s.corrected THEN s.figure WHEN s.state IN ('reported', 'nil') THEN s.low END AS low,
       CASE WHEN s.corrected THEN s.figure WHEN s.state IN ('reported', 'nil') THEN s.high END AS high,
       CASE WHEN s.corrected THEN 'exact' WHEN s.state IN ('reported', 'nil') THEN s.qualifier END AS qualifier,
       CASE WHEN NOT s.corrected AND s.state IN ('reported', 'nil') THEN s.numerator END AS numerator,
       CASE WHEN NOT s.corrected AND s.state IN ('reported', 'nil') THEN s.denominator END AS denominator,
       s.state,
       CASE WHEN s.corrected THEN 'decision' WHEN s.state IN ('reported', 'nil') THEN s.method END AS method,
       CASE WHEN s.corrected THEN s.corrected_observation
            WHEN s.state IN ('reported', 'nil') THEN s.observation_id END AS observation_id,
       CASE WHEN s.corrected THEN s.corrected_sha256
            WHEN s.state IN ('reported', 'nil') THEN s.sha256 END AS sha256,
       CASE WHEN s.corrected THEN s.corrected_by
            WHEN s.state IN ('reported', 'nil') THEN s.decision_id END AS decision_id,
       s.in_review
FROM settled AS s
CROSS JOIN params AS p
ORDER BY s.commune_code, s.indicator
