SELECT h.round_id, h.commune_code, c.full_name AS commune, h.kind, h.indicator, i.name_vi AS indicator_vi, i.unit,
       h.from_version, h.to_version, h.change, h.from_claim AS old, h.to_claim AS new,
       h.to_value - h.from_value AS difference,
       o.original_name AS old_file, h.from_place AS old_place, h.from_quote AS old_quote,
       n.original_name AS new_file, h.to_place AS new_place, h.to_quote AS new_quote, n.received_at AS new_received_at
FROM fact_change AS h
JOIN dim_commune AS c ON c.commune_code = h.commune_code
JOIN dim_indicator AS i ON i.indicator = h.indicator
LEFT JOIN fact_submission AS o
    ON o.round_id = h.round_id AND o.commune_code = h.commune_code AND o.sha256 = h.from_sha256 AND o.version = h.from_version
LEFT JOIN fact_submission AS n
    ON n.round_id = h.round_id AND n.commune_code = h.commune_code AND n.sha256 = h.to_sha256 AND n.version = h.to_version
