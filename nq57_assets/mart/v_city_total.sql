WITH written AS (       -- a figure and what qualifies it, in words: many totals hold a range or an open end
    SELECT *,
           TRANSLATE(CASE WHEN low = ROUND(low) THEN FORMAT('{:,}', CAST(low AS BIGINT)) ELSE FORMAT('{:,.2f}', low) END,
                     ',.', '.,') AS low_vi,
           TRANSLATE(CASE WHEN high = ROUND(high) THEN FORMAT('{:,}', CAST(high AS BIGINT)) ELSE FORMAT('{:,.2f}', high) END,
                     ',.', '.,') AS high_vi
    FROM city_indicator
    WHERE scope = 'city'
)
SELECT t.round_id, r.title_vi AS round_vi, i."position", t.indicator, i.name_vi AS indicator_vi,
       CASE t.qualifier
           WHEN 'exact' THEN t.low_vi
           WHEN 'approx' THEN 'khoảng ' || t.low_vi
           WHEN 'over' THEN 'ít nhất ' || t.low_vi
           WHEN 'range' THEN CASE WHEN t.low_vi = t.high_vi THEN 'khoảng ' || t.low_vi
                                  ELSE 'từ ' || t.low_vi || ' đến ' || t.high_vi END
       END AS figure_vi,
       t.unit,
       t.value, t.low, t.high, t.qualifier, t.exact_share,
       CONCAT(t.reported, '/', t.expected, ' đơn vị; ',
              REPLACE(CAST(CAST(100 * t.coverage_weighted AS DECIMAL(5, 1)) AS VARCHAR), '.', ','),
              CASE WHEN t.coverage_weight = 'population' THEN '% dân số' ELSE '% diện tích' END) AS coverage_vi,
       t.reported, t.expected, t.coverage_weighted, t.state, t.reason, t.witnessed_share
FROM written AS t
JOIN dim_round AS r ON r.round_id = t.round_id
JOIN dim_indicator AS i ON i.indicator = t.indicator
