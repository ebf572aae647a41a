-- Two communes' files with the same figures: the later or the less surely identified one is the copy, both if that is open.
-- Only telling figures count (nil, yes, 100 % and figures that a crowd has in common say nothing), which also keeps the
-- join linear: a figure pairs with at most `crowd` others.
WITH told AS (
    SELECT DISTINCT s.sha256, s.commune_code, o.indicator, o.value
    FROM observations AS o
    JOIN submissions AS s ON s.sha256 = o.sha256 AND s.commune_code = o.commune_code
    WHERE s.is_current AND o.status = 'accepted' AND o.value NOT IN (0, 1, 100)
),
telling AS (
    SELECT * FROM told
    QUALIFY count(*) OVER (PARTITION BY indicator, value) <= $crowd
),
sizes AS (
    SELECT sha256, commune_code, count(DISTINCT indicator) AS figures FROM telling GROUP BY ALL
),
pairs AS (
    SELECT a.sha256, a.commune_code, b.sha256 AS other, b.commune_code AS other_commune, count(DISTINCT a.indicator) AS same
    FROM telling AS a
    JOIN telling AS b ON b.indicator = a.indicator AND b.value = a.value AND b.commune_code <> a.commune_code
    GROUP BY ALL
),
files AS (
    SELECT
        sha256,
        commune_code,
        min(original_name) AS name,
        min(received_at) AS received_at,
        min(coalesce(identity_margin, 1)) AS margin
    FROM submissions
    WHERE is_current
    GROUP BY ALL
)
SELECT
    p.commune_code,
    p.sha256,
    string_agg(DISTINCT communes.full_name || ' (' || o.name || ')', '; ') AS observed
FROM pairs AS p
JOIN sizes AS n ON n.sha256 = p.sha256 AND n.commune_code = p.commune_code
JOIN sizes AS m ON m.sha256 = p.other AND m.commune_code = p.other_commune
JOIN files AS f ON f.sha256 = p.sha256 AND f.commune_code = p.commune_code
JOIN files AS o ON o.sha256 = p.other AND o.commune_code = p.other_commune
JOIN communes ON communes.commune_code = p.other_commune
WHERE least(n.figures, m.figures) >= $figures
    AND p.same >= $share * least(n.figures, m.figures)
    AND (f.margin < o.margin - 0.1 OR (f.margin <= o.margin + 0.1 AND f.received_at >= o.received_at))
GROUP BY ALL;
