-- A figure that the register of communes holds as well, and which differs by more than `share` and than rounding explains;
-- or by less, where one digit or the order of two is all the difference and it is more than one in the last place.
WITH known AS (
    SELECT commune_code, CASE $column WHEN 'area_km2' THEN area_km2 END AS figure FROM communes
),
judged AS (
    SELECT f.*, k.figure AS known,
        $share * k.figure + 0.5 * CASE
            WHEN f.lo = round(f.lo) THEN 1
            WHEN abs(f.lo - round(f.lo, 1)) < 1e-9 THEN 0.1
            ELSE 0.01
        END AS slack
    FROM figures AS f
    JOIN known AS k ON k.commune_code = f.commune_code
    WHERE f.round_id = $round_id AND f.indicator = $indicator
)
SELECT commune_code, indicator, sha256, observation_id, words AS observed, figure(known) AS expected
FROM judged
WHERE lo > known + slack OR hi < known - slack
    OR (
        length(digits(words)) = length(digits(figure(known))) AND slip(words, figure(known)) IS NOT NULL
        AND abs(lo - known) > 3 * (slack - $share * known)
    );
