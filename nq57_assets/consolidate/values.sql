-- Candidate values and open findings: what stands, and what a rule of severity error keeps out.
-- In:  resolved, findings, file_rules (rule: keeps every figure of the file out), witnesses (one row a statement that agrees)
-- Out: core/values
WITH blocking AS (
    SELECT f.rule, f.category, f.commune_code, f.indicator, f.observation_id, f.sha256
    FROM findings AS f
    WHERE f.state = 'open' AND f.severity IN ('error', 'critical')
),
hits AS (
    -- a finding on the observation that was chosen; a person's correction has replaced what was found there
    SELECT r.commune_code, r.indicator, b.rule
    FROM resolved AS r
    JOIN blocking AS b ON b.observation_id = r.observation_id
    WHERE (b.indicator IS NULL OR b.indicator = r.indicator)
        AND (r.method <> 'decision' OR b.category IN ('record', 'over_time', 'across_submissions'))
    UNION ALL
    -- a finding on the figure of a commune; one about another file does not touch it
    SELECT r.commune_code, r.indicator, b.rule
    FROM resolved AS r
    JOIN blocking AS b ON b.commune_code = r.commune_code AND b.indicator = r.indicator
    WHERE b.observation_id IS NULL
        AND (b.category NOT IN ('file', 'value')
             OR b.sha256 IS NULL
             OR (r.method <> 'decision' AND b.sha256 = r.sha256))
    UNION ALL
    -- a finding on the whole file
    SELECT r.commune_code, r.indicator, b.rule
    FROM resolved AS r
    JOIN blocking AS b ON b.sha256 = r.sha256 AND (b.commune_code IS NULL OR b.commune_code = r.commune_code)
    JOIN file_rules AS w ON w.rule = b.rule
    WHERE b.indicator IS NULL AND r.method <> 'decision'
),
withheld AS (
    SELECT commune_code, indicator, MIN(rule) AS rule FROM hits GROUP BY commune_code, indicator
)
SELECT r.round_id, r.commune_code, r.indicator,
       CASE WHEN s.held THEN NULL ELSE r.value END AS value,
       CASE WHEN s.held THEN NULL ELSE r.low END AS low,
       CASE WHEN s.held THEN NULL ELSE r.high END AS high,
       CASE WHEN s.held THEN NULL ELSE r.qualifier END AS qualifier,
       CASE WHEN s.held THEN NULL ELSE r.numerator END AS numerator,
       CASE WHEN s.held THEN NULL ELSE r.denominator END AS denominator,
       CASE WHEN s.held THEN 'withheld' ELSE r.state END AS state,
       r.method, r.observation_id, r.sha256, r.decision_id, r.in_review,
       CASE WHEN s.held THEN s.rule END AS withheld_by,
       CASE WHEN r.state IN ('reported', 'nil') AND s.held IS NULL THEN COALESCE(n.witnesses, 1) END AS witnesses
FROM resolved AS r
LEFT JOIN (
    SELECT commune_code, indicator, COUNT(*) AS witnesses FROM witnesses GROUP BY commune_code, indicator
) AS n ON n.commune_code = r.commune_code AND n.indicator = r.indicator
LEFT JOIN (
    SELECT commune_code, indicator, rule, TRUE AS held FROM withheld
) AS s ON s.commune_code = r.commune_code AND s.indicator = r.indicator AND r.state IN ('reported', 'nil')
ORDER BY r.commune_code, r.indicator
