-- Of the files with the figures of another commune (`alike.sql`), those whose figures agree with what the same
-- commune says in another round of the year: they are its own. A copy's do not.
CREATE TEMP TABLE own AS
SELECT DISTINCT h.round_id, h.commune_code
FROM figures AS h
JOIN figures AS o ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year = h.year AND o.round_id <> h.round_id
WHERE (h.round_id, h.commune_code) IN (SELECT (round_id, commune_code) FROM alike)
    AND h.mid > 1 AND o.mid > 1
GROUP BY h.round_id, h.commune_code, o.round_id
HAVING count(*) >= 5 AND avg(CASE WHEN abs(h.mid - o.mid) <= 0.05 * greatest(h.mid, o.mid) THEN 1 ELSE 0 END) > 0.5;
