WITH ordered AS (
    SELECT r.report, v.commune_code, v.indicator, v.round_id, v.value,
           LAG(v.round_id) OVER before AS from_round, LAG(v.value) OVER before AS from_value
    FROM fact_value AS v
    JOIN dim_round AS r ON r.round_id = v.round_id
    WHERE v.state IN ('reported', 'nil') AND v.value IS NOT NULL
    WINDOW before AS (PARTITION BY r.report, v.commune_code, v.indicator ORDER BY r.period_to, r.round_id)
)
SELECT o.report, o.commune_code, c.full_name AS commune, o.indicator, i.name_vi AS indicator_vi, i.unit,
       o.from_round, o.from_value, o.round_id AS to_round, o.value AS to_value,
       o.value - o.from_value AS difference,
       CASE WHEN o.from_value <> 0 THEN 100 * (o.value - o.from_value) / ABS(o.from_value) END AS change_pct
FROM ordered AS o
JOIN dim_commune AS c ON c.commune_code = o.commune_code
JOIN dim_indicator AS i ON i.indicator = o.indicator
WHERE o.from_round IS NOT NULL
