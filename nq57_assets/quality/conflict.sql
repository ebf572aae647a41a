-- What the resolution left as a conflict, with every current claim and where it comes from.
SELECT
    r.commune_code,
    r.indicator,
    string_agg(DISTINCT
        CASE o.method WHEN 'form' THEN 'biểu mẫu' WHEN 'table' THEN 'bảng' ELSE 'lời văn' END
        || ' ' || claim(o.value, o.low, o.high, o.qualifier), '; ') AS observed
FROM resolved AS r
LEFT JOIN observations AS o
    ON o.commune_code = r.commune_code AND o.indicator = r.indicator AND o.status = 'accepted'
    AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current)
WHERE r.state = 'conflict'
GROUP BY ALL;
