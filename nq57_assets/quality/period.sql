-- A current report whose title names another year than the round's, or a part of the year where the round asks for all of it.
-- Dates of cited papers, years up to which something is planned and what a report says of the next year are no periods.
WITH titles AS (
    SELECT d.sha256, s.commune_code, d.subject,
        replace(strip_accents(lower(nfc_normalize(d.subject))), 'đ', 'd') AS plain
    FROM documents AS d
    JOIN (SELECT DISTINCT sha256, commune_code FROM submissions WHERE counts_as_report) AS s ON s.sha256 = d.sha256
    WHERE d.document_type = 'report' AND d.subject IS NOT NULL
),
periods AS (
    SELECT *,
        regexp_replace(
            regexp_replace(
                plain,
                'ngay \d{1,2} thang \d{1,2} nam \d{4}|(den|giai doan|tam nhin|tu) (het )?(nam )?\d{4}( ?[-–] ?\d{4})?|hoc ky \w+|nam hoc [\d\s–-]+',
                ' ', 'g'
            ),
            '(phuong huong|nhiem vu|ke hoach|muc tieu|chuong trinh) .*$', ' '
        ) AS own
    FROM titles
),
named AS (
    SELECT *,
        CAST(regexp_extract_all(own, '\bnam (20\d\d)\b', 1) AS INTEGER[]) AS years,
        regexp_extract(
            own,
            '\b((sau|chin|ba|0?[369]) thang( dau| cuoi)?( nam)?|quy (iv|i{1,3}|[1-4])|thang (0?[1-9]|1[0-2])( nam|/ ?20))\b', 1
        ) AS shorter
    FROM periods
)
SELECT n.commune_code, n.sha256, n.subject AS observed,
    'năm ' || r.year AS expected
FROM named AS n
CROSS JOIN (SELECT * FROM rounds WHERE round_id = $round_id) AS r
WHERE CASE $part
    WHEN 'year' THEN len(n.years) > 0 AND NOT list_contains(n.years, r.year)
    ELSE n.shorter <> '' AND (len(n.years) = 0 OR list_contains(n.years, r.year))
        AND date_diff('day', r.period_from, r.period_to) > 200
    END;
