-- How figures are written for people: 1.440 · 98,39 · trên 150 · 125–130.
CREATE MACRO figure(x) AS
    CASE
        WHEN x IS NULL THEN NULL
        ELSE CASE WHEN x < 0 THEN '-' ELSE '' END
            || format('{:t.}', CAST(trunc(round(abs(x), 4)) AS BIGINT))
            || CASE
                WHEN round(abs(x), 4) = trunc(round(abs(x), 4)) THEN ''
                ELSE ',' || rtrim(right(format('{:.4f}', round(abs(x), 4)), 4), '0')
            END
    END;

CREATE MACRO claim(value, low, high, qualifier) AS
    CASE qualifier
        WHEN 'range' THEN figure(low) || '–' || figure(high)
        WHEN 'over' THEN 'trên ' || figure(coalesce(low, value))
        WHEN 'under' THEN 'dưới ' || figure(coalesce(high, value))
        WHEN 'approx' THEN 'khoảng ' || figure(coalesce(value, low))
        ELSE figure(coalesce(value, low, high))
    END;

-- What two figures differ by when one of them was typed or read wrongly: the order of two digits, one digit, or a digit more.
CREATE MACRO digits(words) AS regexp_replace(words, '[^0-9]', '', 'g');

CREATE MACRO slip(a, b) AS
    CASE
        WHEN length(digits(a)) < 2 OR length(digits(b)) < 2 OR digits(a) = digits(b) THEN NULL
        WHEN length(digits(a)) = length(digits(b)) AND hamming(digits(a), digits(b)) = 1 THEN 'khác nhau một chữ số'
        WHEN damerau_levenshtein(digits(a), digits(b)) > 1 THEN NULL
        WHEN length(digits(a)) = length(digits(b)) THEN 'có thể đảo chữ số'
        ELSE 'thừa hoặc thiếu một chữ số'
    END;

-- Whether a count can be the one that is said of it there: equal, or, up to another day, the later one grown by `most` at most.
CREATE MACRO fits(here, there, later, most) AS
    CASE later
        WHEN 0 THEN here = there
        WHEN 1 THEN there BETWEEN here AND here * (1 + most)
        ELSE here BETWEEN there AND there * (1 + most)
    END;

CREATE MACRO with_slip(words, other) AS words || coalesce(' (' || slip(words, other) || ')', '');
