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
