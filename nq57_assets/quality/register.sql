-- A figure that the register of communes holds as well, and which differs by more than `share`.
WITH known AS (
    SELECT commune_code, CASE $column WHEN 'area_km2' THEN area_km2 END AS figure FROM communes
)
SELECT f.commune_code, f.indicator, f.sha256, f.observation_id, f.words AS observed, figure(k.figure) AS expected
FROM figures AS f
JOIN known AS k ON k.commune_code = f.commune_code
WHERE f.round_id = $round_id AND f.indicator = $indicator
    AND (f.lo > k.figure * (1 + $share) OR f.hi < k.figure * (1 - $share));
