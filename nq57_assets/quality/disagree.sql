-- A stock that another round of the same year gives differently, beyond `share` and what the words leave open.
SELECT h.commune_code, h.indicator, h.sha256, h.observation_id, h.words AS observed, any_value(with_slip(o.words, h.words) ORDER BY o.period_to DESC) AS expected
FROM figures AS h
JOIN figures AS o
    ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year = h.year AND o.round_id <> h.round_id
WHERE h.round_id = $round_id AND h.kind = 'stock' AND (h.lo > o.hi * (1 + $share) OR h.hi < o.lo * (1 - $share))
GROUP BY ALL;
