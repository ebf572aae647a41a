-- Pairs of communes whose files of one round hold the same figures, in any round.
-- Only telling figures count (nil, yes, 100 % and figures that a crowd has in common say nothing), which also keeps the
-- join linear: a figure pairs with at most `crowd` others.
CREATE TEMP TABLE alike AS
WITH told AS (
    SELECT round_id, commune_code, sha256, indicator, value
    FROM figures
    WHERE sha256 IS NOT NULL AND value NOT IN (0, 1, 100)
),
telling AS (
    SELECT * FROM told
    QUALIFY count(*) OVER (PARTITION BY round_id, indicator, value) <= $crowd
),
sizes AS (
    SELECT round_id, commune_code, sha256, count(*) AS figures FROM telling GROUP BY ALL
),
pairs AS (
    SELECT a.round_id, a.commune_code, a.sha256, b.commune_code AS other_commune, b.sha256 AS other_sha256, count(*) AS same
    FROM telling AS a
    JOIN telling AS b
        ON b.round_id = a.round_id AND b.indicator = a.indicator AND b.value = a.value AND b.commune_code <> a.commune_code
    GROUP BY ALL
)
SELECT p.round_id, p.commune_code, p.sha256, p.other_commune, p.other_sha256
FROM pairs AS p
JOIN sizes AS n ON n.round_id = p.round_id AND n.commune_code = p.commune_code AND n.sha256 = p.sha256
JOIN sizes AS m ON m.round_id = p.round_id AND m.commune_code = p.other_commune AND m.sha256 = p.other_sha256
WHERE least(n.figures, m.figures) >= $figures AND p.same >= $share * least(n.figures, m.figures);
