-- Two figures of a commune that go together (people and households, members and teams) in a proportion far from that of
-- communes of the same type, by median and MAD of the logarithm of their quotient. What this round does not ask comes from
-- the year's other rounds. Both are told, unless one is odd beside more than twice the part of its partners that the other
-- is; the partner beside which a figure is oddest says what was expected.
WITH counted AS (
    SELECT *, round_id = $round_id AS here
    FROM figures
    WHERE mid > 0 AND year = (SELECT year FROM rounds WHERE round_id = $round_id)
    QUALIFY row_number() OVER (
        PARTITION BY commune_code, indicator ORDER BY round_id <> $round_id, period_to DESC
    ) = 1
),
partners AS (
    SELECT pair[1] AS one, pair[2] AS two FROM (SELECT unnest($pairs) AS pair)
),
quotients AS (
    SELECT p.one, p.two, a.commune_code, c.commune_type, ln(a.mid / b.mid) AS quotient
    FROM partners AS p
    JOIN counted AS a ON a.indicator = p.one
    JOIN counted AS b ON b.indicator = p.two AND b.commune_code = a.commune_code
    JOIN communes AS c ON c.commune_code = a.commune_code
    WHERE a.here OR b.here
),
typical AS (
    SELECT one, two, commune_type, median(quotient) AS middle, greatest(mad(quotient), $floor) AS spread
    FROM quotients
    GROUP BY ALL
    HAVING count(*) >= $peers
),
judged AS (
    SELECT q.*, t.middle, abs(q.quotient - t.middle) / (1.4826 * t.spread) AS deviation,
        abs(q.quotient - t.middle) >= greatest($deviations * 1.4826 * t.spread, ln($factor)) AS odd
    FROM quotients AS q
    JOIN typical AS t ON t.one = q.one AND t.two = q.two AND t.commune_type = q.commune_type
),
sides AS (
    SELECT commune_code, one AS indicator, two AS partner, one, middle, deviation, odd FROM judged
    UNION ALL
    SELECT commune_code, two, one, one, -middle, deviation, odd FROM judged
),
guilt AS (
    SELECT commune_code, indicator, avg(CASE WHEN odd THEN 1 ELSE 0 END) AS share FROM sides GROUP BY ALL
),
told AS (
    SELECT s.*
    FROM sides AS s
    JOIN guilt AS mine ON mine.commune_code = s.commune_code AND mine.indicator = s.indicator
    JOIN guilt AS theirs ON theirs.commune_code = s.commune_code AND theirs.indicator = s.partner
    WHERE s.odd AND 2 * mine.share >= theirs.share
    QUALIFY row_number() OVER (PARTITION BY s.commune_code, s.indicator ORDER BY s.deviation DESC, s.partner) = 1
)
SELECT t.commune_code, t.indicator, f.sha256, f.observation_id,
    f.words || ' (' || i.vi || ': ' || p.words || ')' AS observed,
    figure(CASE WHEN p.mid * exp(t.middle) >= 10 THEN round(p.mid * exp(t.middle)) ELSE round(p.mid * exp(t.middle), 1) END)
        AS expected
FROM told AS t
JOIN counted AS f ON f.here AND f.commune_code = t.commune_code AND f.indicator = t.indicator
JOIN counted AS p ON p.commune_code = t.commune_code AND p.indicator = t.partner
JOIN indicators AS i ON i.indicator = t.partner;
