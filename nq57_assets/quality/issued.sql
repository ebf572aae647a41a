-- A current report that is dated long before the end of the period that it reports on, or after the day on which it arrived.
SELECT s.commune_code, d.sha256, strftime(d.issued_on, '%d/%m/%Y') AS observed,
    CASE WHEN d.issued_on < r.period_to - CAST($days AS INTEGER)
        THEN 'gần ngày kết thúc kỳ báo cáo ' || strftime(r.period_to, '%d/%m/%Y')
        ELSE 'không sau ngày nhận ' || strftime(s.arrived, '%d/%m/%Y') END AS expected
FROM documents AS d
JOIN (
    SELECT sha256, commune_code, min(CAST(received_at + INTERVAL 7 HOUR AS DATE)) AS arrived
    FROM submissions
    WHERE counts_as_report
    GROUP BY ALL
) AS s ON s.sha256 = d.sha256
CROSS JOIN (SELECT * FROM rounds WHERE round_id = $round_id) AS r
WHERE d.document_type = 'report' AND (d.issued_on < r.period_to - CAST($days AS INTEGER) OR d.issued_on > s.arrived);
