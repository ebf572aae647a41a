SELECT v.round_id, v.indicator, i.name_vi AS indicator_vi, c.commune_type, v.commune_code, c.full_name AS commune,
       v.value, i.unit,
       RANK() OVER (PARTITION BY v.round_id, v.indicator, c.commune_type ORDER BY v.value DESC) AS place,
       COUNT(*) OVER (PARTITION BY v.round_id, v.indicator, c.commune_type) AS ranked
FROM fact_value AS v
JOIN dim_commune AS c ON c.commune_code = v.commune_code
JOIN dim_indicator AS i ON i.indicator = v.indicator
WHERE v.state IN ('reported', 'nil') AND v.value IS NOT NULL
