-- Figures of current submissions that are below the confidence gate and wait for a reviewer.
SELECT
    o.commune_code,
    o.indicator,
    o.sha256,
    o.observation_id,
    claim(o.value, o.low, o.high, o.qualifier) AS observed
FROM observations AS o
WHERE o.status = 'review' AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current);
