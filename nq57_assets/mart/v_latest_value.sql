SELECT v.commune_code, c.full_name AS commune, v.indicator, i.name_vi AS indicator_vi, i.unit,
       v.round_id, r.period_to, v.value, v.low, v.high, v.qualifier, v.state
FROM fact_value AS v
JOIN dim_round AS r ON r.round_id = v.round_id
JOIN dim_commune AS c ON c.commune_code = v.commune_code
JOIN dim_indicator AS i ON i.indicator = v.indicator
WHERE v.state IN ('reported', 'nil')
QUALIFY ROW_NUMBER() OVER (
    PARTITION BY v.commune_code, v.indicator ORDER BY r.period_to DESC, r.round_id DESC
) = 1
