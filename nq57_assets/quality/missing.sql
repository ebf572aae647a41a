-- Required indicators without any figure, accepted or waiting, from communes that did report.
SELECT r.commune_code, r.indicator
FROM resolved AS r
JOIN indicators AS i ON i.indicator = r.indicator AND i.required
WHERE r.state = 'missing'
    AND r.in_review = 0
    AND r.commune_code IN (SELECT commune_code FROM submissions WHERE counts_as_report AND is_current);
