-- A figure in a sentence that says up to which day it was counted ("đến ngày 31/3/2025"), long before the period ends.
-- Marks are taken off, for text recognition loses them and takes Đ for P.
WITH dated AS (
    SELECT o.*, regexp_extract(
        lower(strip_accents(o.quote)),
        '(?:[dđp]en|tinh den)(?: het)?(?: ngay)? *(\d{1,2})(?: *[/.-] *| thang )(\d{1,2})(?: *[/.-] *| nam )(20\d\d)',
        ['day', 'month', 'year']
    ) AS said
    FROM observations AS o
    WHERE o.status = 'accepted' AND o.method <> 'form' AND o.sha256 IN (SELECT sha256 FROM submissions WHERE is_current)
),
counted AS (
    SELECT *, try_strptime(said.day || '/' || said.month || '/' || said.year, '%d/%m/%Y') AS counted_on
    FROM dated
    WHERE said.year <> ''
)
SELECT c.commune_code, c.indicator, c.sha256, c.observation_id,
    claim(c.value, c.low, c.high, c.qualifier) || ' (tính đến ' || strftime(c.counted_on, '%d/%m/%Y') || ')' AS observed,
    strftime(r.period_to, '%d/%m/%Y') AS expected
FROM counted AS c
JOIN rounds AS r ON r.round_id = $round_id
WHERE c.counted_on < r.period_to - CAST($days AS INTEGER);
