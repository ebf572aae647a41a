SELECT k.round_id, k.commune_code, c.full_name AS commune, r.due_on, k.received_at, k.days_late, k.state
FROM city_coverage AS k
JOIN dim_round AS r ON r.round_id = k.round_id
JOIN dim_commune AS c ON c.commune_code = k.commune_code
WHERE k.on_time = FALSE
