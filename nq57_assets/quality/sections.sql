-- The numbering of a current report's sections: 2.3 followed by 2.5 leaves a section out; a part that is followed on its own
-- line or the next by another part says nothing. Longer jumps are misread numbers, and numbered items of lists begin anew.
WITH headings AS (
    SELECT sha256, commune_code, place, h ->> 'mark' AS mark, CAST(h ->> 'level' AS INTEGER) AS level, h ->> 'title' AS title,
        CAST(h -> 'address' ->> 'line' AS INTEGER) AS line, CAST(h -> 'address' ->> 'page' AS INTEGER) AS page
    FROM (
        SELECT d.sha256, s.commune_code, unnest(CAST(d.outline AS JSON[])) AS h,
            generate_subscripts(CAST(d.outline AS JSON[]), 1) AS place
        FROM documents AS d
        JOIN (SELECT DISTINCT sha256, commune_code FROM submissions WHERE counts_as_report) AS s ON s.sha256 = d.sha256
        WHERE d.document_type = 'report'
    )
),
chaptered AS (
    SELECT *, count(*) FILTER (level = 1) OVER (PARTITION BY sha256, commune_code ORDER BY place) AS chapter FROM headings
),
dotted AS (
    SELECT *, regexp_extract(mark, '^(.*)\.\d+$', 1) AS parent, CAST(regexp_extract(mark, '(\d+)$', 1) AS INTEGER) AS number
    FROM chaptered
    WHERE regexp_matches(mark, '^\d+(\.\d+)+$')
),
gaps AS (
    SELECT sha256, commune_code, page, line, parent || '.' || (number - 1) AS observed, parent || '.' || number AS expected
    FROM dotted
    QUALIFY number = 2 + coalesce(
        lag(number) OVER (PARTITION BY sha256, commune_code, chapter, parent ORDER BY place), CASE WHEN number = 2 THEN 0 END
    )
),
empty AS (
    SELECT sha256, commune_code, page, line, mark || '. ' || title AS observed, NULL AS expected
    FROM headings
    WHERE regexp_matches(mark, '^[IVX]+$')
    QUALIFY lead(level) OVER (PARTITION BY sha256, commune_code ORDER BY place) <= level
        AND lead(line) OVER (PARTITION BY sha256, commune_code ORDER BY place) - line <= 1
        AND lead(page) OVER (PARTITION BY sha256, commune_code ORDER BY place) IS NOT DISTINCT FROM page
)
SELECT * FROM gaps WHERE $part = 'gap'
UNION ALL
SELECT * FROM empty WHERE $part = 'empty';
