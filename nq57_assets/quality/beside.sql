-- A figure that stands (from the form, say) and another accepted claim of a current file of weaker standing (the narrative
-- that came with it) which can not both be true. The weaker claim does not change the figure, but the commune is asked.
SELECT
    r.commune_code,
    r.indicator,
    r.sha256,
    r.observation_id,
    claim(r.value, r.low, r.high, r.qualifier) AS observed,
    string_agg(DISTINCT
        CASE o.method WHEN 'form' THEN 'biểu mẫu' WHEN 'table' THEN 'bảng' ELSE 'lời văn' END
        || ' ' || claim(o.value, o.low, o.high, o.qualifier), '; ') AS expected
FROM resolved AS r
JOIN indicators AS i ON i.indicator = r.indicator
JOIN observations AS o
    ON o.commune_code = r.commune_code AND o.indicator = r.indicator AND o.status = 'accepted' AND o.method <> r.method
    AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current)
WHERE r.state IN ('reported', 'nil') AND r.method <> 'decision'
    AND greatest(r.low, o.low) - least(r.high, o.high)
        -- 98 % and 98,39 % are one rate in two lengths; "khoảng" allows what the settings say
        > CASE WHEN i.kind = 'rate' THEN 0.5 ELSE 0 END
        + CASE WHEN 'approx' IN (r.qualifier, o.qualifier) THEN getvariable('approx_tolerance') * abs(o.low) ELSE 0 END
GROUP BY ALL;
