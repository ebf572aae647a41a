-- Which of two communes with the same figures copied them: the one that the figures do not fit, as its other round tells,
-- else the one that is less surely identified, else the later one, else both. `alike.sql` has found the pairs. The other one is told as well ("earlier"), since who copied is only likely.
WITH files AS (
    SELECT
        sha256,
        commune_code,
        min(original_name) AS name,
        min(received_at) AS received_at,
        min(coalesce(identity_margin, 1)) AS margin,
        ($round_id, commune_code) IN (SELECT (round_id, commune_code) FROM own) AS is_own
    FROM submissions
    WHERE is_current
    GROUP BY ALL
)
SELECT
    p.commune_code,
    p.sha256,
    string_agg(DISTINCT communes.full_name || ' (' || o.name || ')', '; ') AS observed
FROM alike AS p
JOIN files AS f ON f.sha256 = p.sha256 AND f.commune_code = p.commune_code
JOIN files AS o ON o.sha256 = p.other_sha256 AND o.commune_code = p.other_commune
JOIN communes ON communes.commune_code = p.other_commune
WHERE p.round_id = $round_id
    AND ($side = 'later')
        = CASE
            WHEN f.is_own <> o.is_own THEN o.is_own
            ELSE f.margin < o.margin - 0.1 OR (f.margin <= o.margin + 0.1 AND f.received_at >= o.received_at)
        END
GROUP BY ALL;
