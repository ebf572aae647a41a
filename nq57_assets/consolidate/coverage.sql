-- Who has reported, when, and how completely.
-- In:  params (due_on and today are dates in Hải Phòng), communes (expected), submissions, round_values, findings,
--      indicators (all; asked and required)
-- Out: city/coverage, one row per expected commune
WITH received AS (
    SELECT commune_code,
           MAX(CASE WHEN counts_as_report THEN 1 ELSE 0 END) AS reports,
           MAX(CASE WHEN state = 'quarantined' THEN 1 ELSE 0 END) AS unreadable,
           -- the first report decides on lateness, also when a later version has replaced it
           MIN(CASE WHEN state = 'parsed' AND document_type IN ('report', 'form') THEN received_at END) AS first_at
    FROM submissions
    WHERE commune_code IS NOT NULL
    GROUP BY commune_code
),
filled AS (
    SELECT v.commune_code,
           SUM(CASE WHEN i.required AND v.state IN ('reported', 'nil') THEN 1 ELSE 0 END) AS filled_required,
           SUM(CASE WHEN v.state <> 'missing' OR v.in_review > 0 THEN 1 ELSE 0 END) AS claimed
    FROM round_values AS v
    JOIN indicators AS i ON i.indicator = v.indicator
    WHERE i.asked
    GROUP BY v.commune_code
),
flaws AS (
    SELECT commune_code, COUNT(*) AS open_findings
    FROM findings
    WHERE state = 'open' AND commune_code IS NOT NULL
    GROUP BY commune_code
),
asked AS (
    SELECT COUNT(*) AS required FROM indicators WHERE asked AND required
),
joined AS (
    SELECT c.commune_code, COALESCE(r.reports, 0) = 1 AS submitted, COALESCE(r.unreadable, 0) = 1 AS unreadable,
           CASE WHEN r.reports = 1 THEN r.first_at END AS received_at,
           CASE WHEN r.reports = 1 THEN CAST(r.first_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS DATE) END AS received_on,
           COALESCE(f.filled_required, 0) AS filled_required, COALESCE(f.claimed, 0) AS claimed, a.required,
           COALESCE(w.open_findings, 0) AS open_findings
    FROM communes AS c
    CROSS JOIN asked AS a
    LEFT JOIN received AS r ON r.commune_code = c.commune_code
    LEFT JOIN filled AS f ON f.commune_code = c.commune_code
    LEFT JOIN flaws AS w ON w.commune_code = c.commune_code
)
SELECT p.round_id, j.commune_code, j.submitted,
       CASE
           WHEN p.due_on IS NULL THEN NULL
           WHEN j.submitted THEN j.received_on <= p.due_on
           WHEN p.today > p.due_on THEN FALSE      -- until the day is over a missing report is not late
       END AS on_time,
       j.received_at,
       CASE WHEN j.submitted THEN GREATEST(DATEDIFF('day', p.due_on, j.received_on), 0) END AS days_late,
       CASE
           WHEN NOT j.submitted AND j.unreadable THEN 'unreadable'
           WHEN NOT j.submitted THEN 'missing'
           WHEN j.claimed = 0 THEN 'empty'
           WHEN j.filled_required = j.required THEN 'complete'
           ELSE 'partial'
       END AS state,
       j.filled_required, j.required, j.open_findings
FROM joined AS j
CROSS JOIN params AS p
ORDER BY j.commune_code
