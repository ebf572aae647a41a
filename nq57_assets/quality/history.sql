-- Every reported figure of this round and the others, as the bounds that its words allow: `lo` and `hi` are null where
-- open; `mid` is the figure to compare sizes with. An approximate figure may be off by the tolerance of settings.yaml.
CREATE TEMP TABLE figures AS
SELECT
    r.round_id,
    rounds.period_to,
    rounds.year,
    r.commune_code,
    r.indicator,
    indicators.kind,
    r.sha256,
    r.observation_id,
    r.value,
    r.numerator,
    r.denominator,
    CASE r.qualifier WHEN 'approx' THEN r.low * (1 - getvariable('approx_tolerance')) ELSE r.low END AS lo,
    CASE r.qualifier WHEN 'approx' THEN r.high * (1 + getvariable('approx_tolerance')) ELSE r.high END AS hi,
    coalesce(r.value, (r.low + r.high) / 2, r.low, r.high) AS mid,
    claim(r.value, r.low, r.high, r.qualifier) AS words
FROM (SELECT * FROM resolved UNION ALL BY NAME SELECT * FROM others) AS r
JOIN rounds ON rounds.round_id = r.round_id
JOIN indicators ON indicators.indicator = r.indicator
WHERE r.state IN ('reported', 'nil');
