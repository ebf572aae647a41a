SELECT t.round_id, r.title_vi AS round_vi, i."position", t.indicator, i.name_vi AS indicator_vi, t.unit,
       t.value, t.low, t.high, t.qualifier, t.exact_share,
       CONCAT(t.reported, '/', t.expected, ' đơn vị; ',
              REPLACE(CAST(CAST(100 * t.coverage_weighted AS DECIMAL(5, 1)) AS VARCHAR), '.', ','),
              CASE WHEN t.coverage_weight = 'population' THEN '% dân số' ELSE '% diện tích' END) AS coverage_vi,
       t.reported, t.expected, t.coverage_weighted, t.state, t.reason
FROM city_indicator AS t
JOIN dim_round AS r ON r.round_id = t.round_id
JOIN dim_indicator AS i ON i.indicator = t.indicator
WHERE t.scope = 'city'
