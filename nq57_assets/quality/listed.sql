-- A text that says how many there are, "among them", and then lists more of one kind than there are altogether. Both figures come
-- from one file, and the list follows within `lines` lines; in a form they are two separate questions.
WITH claims AS (
    SELECT r.commune_code, r.indicator, r.sha256, r.observation_id, r.low, r.high, o.line, o.page,
        claim(r.value, r.low, r.high, r.qualifier) AS words, lower(strip_accents(o.quote)) AS plain
    FROM resolved AS r
    JOIN observations AS o ON o.observation_id = r.observation_id
    WHERE r.state = 'reported' AND r.method <> 'form'
),
broken AS (
    SELECT part.commune_code, part.words AS part_words, whole.words AS whole_words,
        part.observation_id AS part_id, whole.observation_id AS whole_id
    FROM claims AS part
    JOIN claims AS whole
        ON whole.commune_code = part.commune_code AND whole.sha256 = part.sha256
        AND coalesce(part.page, 0) - coalesce(whole.page, 0) IN (0, 1)
        AND part.line - whole.line BETWEEN 0 AND CAST($lines AS INTEGER)
    WHERE part.indicator = $part AND whole.indicator = $whole AND part.low > whole.high
        AND regexp_matches(whole.plain, 'trong [dđ]o|bao gom|cu the|gom *:')
)
SELECT c.commune_code, c.indicator, c.sha256, c.observation_id, b.part_words AS observed, b.whole_words AS expected,
    $part AS part_of
FROM broken AS b
JOIN claims AS c ON c.observation_id IN (b.part_id, b.whole_id);
