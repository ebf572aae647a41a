-- A file in which nearly all counts of three digits and more end in zeros: estimated rather than counted.
SELECT commune_code, sha256, count(*) FILTER (value % 50 = 0) || '/' || count(*) AS observed
FROM figures
WHERE round_id = $round_id AND kind IN ('stock', 'flow') AND sha256 IS NOT NULL AND value >= 100 AND value = trunc(value)
GROUP BY commune_code, sha256
HAVING count(*) >= $figures AND count(*) FILTER (value % 50 = 0) >= $share * count(*);
