SELECT f.round_id, f.commune_code, c.full_name AS commune, f.severity, f.rule, f.indicator, i.name_vi AS indicator_vi,
       f.original_name, f.address, f.observed, f.expected, f.message_vi, f.advice_vi
FROM fact_finding AS f
LEFT JOIN dim_commune AS c ON c.commune_code = f.commune_code
LEFT JOIN dim_indicator AS i ON i.indicator = f.indicator
WHERE f.state = 'open'
ORDER BY f.round_id, CASE f.severity WHEN 'critical' THEN 1 WHEN 'error' THEN 2 WHEN 'warning' THEN 3 ELSE 4 END,
         f.commune_code, f.rule
