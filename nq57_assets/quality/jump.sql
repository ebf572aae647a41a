-- A figure `factor` times more or less than the same commune's figure in the nearest other round.
-- Two figures disagree and one is wrong. Which one: the one that fits the commune less. A commune's size shows in all its
-- figures, so `oddness` is how far a figure lies from what the city's median and the commune's own level let expect.
-- Where the other round's figure is clearly the odder one, the finding belongs there and not here.
WITH counted AS (
    SELECT * FROM figures WHERE kind IN (SELECT unnest($of)) AND mid > 0
),
typical AS (
    SELECT round_id, indicator, median(ln(mid)) AS city FROM counted GROUP BY ALL HAVING count(*) >= 10
),
level AS (
    SELECT c.round_id, c.commune_code, median(ln(c.mid) - t.city) AS size
    FROM counted AS c
    JOIN typical AS t USING (round_id, indicator)
    GROUP BY ALL
),
judged AS (
    SELECT c.*, abs(ln(c.mid) - t.city - l.size) AS oddness
    FROM counted AS c
    LEFT JOIN typical AS t USING (round_id, indicator)
    LEFT JOIN level AS l USING (round_id, commune_code)
),
nearest AS (
    SELECT h.*, o.lo AS other_lo, o.hi AS other_hi, o.words AS other_words, o.oddness AS other_oddness
    FROM judged AS h
    JOIN judged AS o ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.round_id <> h.round_id
    WHERE h.round_id = $round_id
    QUALIFY row_number() OVER (
        PARTITION BY h.commune_code, h.indicator
        ORDER BY abs(date_diff('day', o.period_to, h.period_to)), o.period_to
    ) = 1
)
SELECT commune_code, indicator, sha256, observation_id, words AS observed, with_slip(other_words, words) AS expected
FROM nearest
WHERE ((lo >= $factor * other_hi AND other_hi >= $minimum) OR (other_lo >= $factor * hi AND hi >= $minimum))
    AND coalesce(other_oddness - oddness, 0) <= 1;
