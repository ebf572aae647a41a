-- A rate that does not follow from its parts: its own written `a/b`, or the indicators that are its parts.
-- A rate is written rounded, so some of the unit of its last digit is allowed on top of the tolerance.
WITH rates AS (
    SELECT
        figures.*,
        $tolerance + 1e-6 + $units * CASE
            WHEN lo IS NULL OR lo = round(lo) THEN 1
            WHEN abs(lo - round(lo, 1)) < 1e-9 THEN 0.1
            ELSE 0.01
        END AS slack
    FROM figures
    WHERE round_id = $round_id AND kind = 'rate'
),
own AS (
    SELECT r.*, 100 * numerator / denominator AS least, 100 * numerator / denominator AS most
    FROM rates AS r
    WHERE denominator > 0 AND numerator IS NOT NULL
),
across AS (
    SELECT
        r.*,
        100 * n.lo / nullif(d.hi, 0) AS least,
        100 * n.hi / nullif(d.lo, 0) AS most,
        [r.indicator, n.indicator, d.indicator] AS concerned
    FROM rates AS r
    JOIN indicators AS i ON i.indicator = r.indicator
    JOIN figures AS n ON n.round_id = r.round_id AND n.commune_code = r.commune_code AND n.indicator = i.numerator
    JOIN figures AS d ON d.round_id = r.round_id AND d.commune_code = r.commune_code AND d.indicator = i.denominator
),
judged AS (
    SELECT commune_code, indicator, words, least, most, concerned, slack, greatest(lo - most, least - hi) AS apart FROM across
    UNION ALL
    SELECT commune_code, indicator, words, least, most, [indicator], slack, greatest(lo - most, least - hi) FROM own
),
broken AS (
    SELECT * FROM judged WHERE apart > slack AND apart < $below
)
SELECT
    f.commune_code,
    f.indicator,
    f.sha256,
    f.observation_id,
    b.words AS observed,
    CASE WHEN round(b.least, 2) = round(b.most, 2) THEN figure(round(b.least, 2))
        ELSE coalesce(figure(round(b.least, 2)), '…') || '–' || coalesce(figure(round(b.most, 2)), '…') END AS expected,
    b.indicator AS part_of
FROM (SELECT * EXCLUDE (concerned, slack, apart), unnest(concerned) AS one FROM broken) AS b
JOIN figures AS f ON f.round_id = $round_id AND f.commune_code = b.commune_code AND f.indicator = b.one;
