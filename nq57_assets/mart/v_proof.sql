WITH files AS (     -- one receipt for each file of a round: the one that was read, not a later copy
    SELECT round_id, sha256, original_name, number, symbol, issued_on, bundle_sha256
    FROM fact_submission
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY round_id, sha256
        ORDER BY CASE WHEN state = 'parsed' THEN 0 ELSE 1 END, received_at, submission_id
    ) = 1
)
SELECT v.round_id, v.commune_code, c.full_name AS commune, v.indicator, i.name_vi AS indicator_vi,
       v.value, v.low, v.high, v.state, v.method, v.decision_id, v.observation_id, o.sha256, s.original_name,
       CASE
           WHEN s.number IS NOT NULL AND s.symbol IS NOT NULL THEN s.number || '/' || s.symbol
           ELSE COALESCE(s.number, s.symbol)
       END AS document,
       s.issued_on,
       CASE
           WHEN o.cell IS NOT NULL AND o.sheet IS NOT NULL THEN o.sheet || '!' || o.cell
           WHEN o.cell IS NOT NULL THEN o.cell
           WHEN o.page IS NOT NULL AND o.line IS NOT NULL THEN CONCAT('trang ', o.page, ', dòng ', o.line)
           WHEN o.line IS NOT NULL THEN CONCAT('dòng ', o.line)
           WHEN o.page IS NOT NULL THEN CONCAT('trang ', o.page)
           ELSE o.sheet
       END AS place,
       o.quote, o.confidence, s.bundle_sha256
FROM fact_value AS v
JOIN dim_commune AS c ON c.commune_code = v.commune_code
JOIN dim_indicator AS i ON i.indicator = v.indicator
JOIN fact_observation AS o ON o.observation_id = v.observation_id
LEFT JOIN files AS s ON s.round_id = o.round_id AND s.sha256 = o.sha256
WHERE v.state IN ('reported', 'nil', 'withheld')
