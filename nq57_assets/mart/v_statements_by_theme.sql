SELECT s.round_id, s.theme, t.name_vi AS theme_vi, s.kind, s.addressee,
       COUNT(DISTINCT s.commune_code) AS communes, COUNT(*) AS statements, ANY_VALUE(r.reporting) AS reporting,
       100.0 * COUNT(DISTINCT s.commune_code) / NULLIF(ANY_VALUE(r.reporting), 0) AS share
FROM fact_statement AS s
JOIN dim_theme AS t ON t.theme = s.theme
LEFT JOIN (
    SELECT round_id, COUNT(DISTINCT commune_code) AS reporting FROM fact_submission WHERE counts_as_report GROUP BY round_id
) AS r ON r.round_id = s.round_id
WHERE s.is_current
GROUP BY s.round_id, s.theme, t.name_vi, t.position, s.kind, s.addressee
