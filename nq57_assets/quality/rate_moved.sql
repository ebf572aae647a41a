-- A rate that two rounds of one year ask for, and that moved between them otherwise than in the other communes, by median and
-- MAD of the differences in percentage points. Both reports are asked; which of them is wrong is theirs to say.
WITH moves AS (
    SELECT h.*, o.round_id AS other_round, o.words AS other_words, h.mid - o.mid AS moved
    FROM figures AS h
    JOIN figures AS o
        ON o.commune_code = h.commune_code AND o.indicator = h.indicator AND o.year = h.year AND o.round_id <> h.round_id
    WHERE h.round_id = $round_id AND h.kind = 'rate' AND h.lo = h.hi AND o.lo = o.hi
),
typical AS (
    SELECT indicator, other_round, median(moved) AS middle, greatest(mad(moved), $floor) AS spread
    FROM moves
    GROUP BY ALL
    HAVING count(*) >= $peers
)
SELECT m.commune_code, m.indicator, m.sha256, m.observation_id, m.words AS observed,
    any_value(with_slip(m.other_words, m.words) ORDER BY m.other_round DESC) AS expected
FROM moves AS m
JOIN typical AS t ON t.indicator = m.indicator AND t.other_round = m.other_round
WHERE abs(m.moved - t.middle) >= $deviations * 1.4826 * t.spread
GROUP BY ALL;
