"""A published city says of every figure who bears it out, and says the same when asked for the places."""

from __future__ import annotations

from nq57_assets.trace_witnesses import beside


def test_every_published_figure_has_a_witness_and_no_other_row_has(published):
    rows = published.mart.execute(
        "SELECT state IN ('reported', 'nil') AS known, min(witnesses), max(witnesses), count(witnesses) "
        "FROM fact_value GROUP BY 1"
    ).fetchall()
    by_state = {known: (low, high, told) for known, low, high, told in rows}
    assert by_state[False] == (None, None, 0)
    assert by_state[True][0] == 1
    assert by_state[True][1] >= 3


def test_the_places_are_as_many_as_were_counted(published):
    chosen = published.mart.execute(
        "SELECT round_id, indicator, commune_code, witnesses, observation_id FROM fact_value WHERE witnesses IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY round_id, witnesses, method ORDER BY hash(commune_code || indicator)) <= 2"
    ).fetchall()
    assert len(chosen) > 8
    for round_id, indicator, commune, witnesses, observation in chosen:
        told = beside(published.mart, published.catalogue, round_id, indicator, commune)
        assert len(told) + (observation is not None) == witnesses, (round_id, indicator, commune, told)


def test_a_city_sum_counts_the_communes_that_have_a_second_witness(published):
    differ = published.mart.execute(
        "SELECT t.round_id, t.indicator FROM city_indicator AS t JOIN dim_indicator AS i USING (indicator) "
        "LEFT JOIN fact_value AS v ON v.round_id = t.round_id AND v.indicator = t.indicator AND v.witnesses > 1 "
        "WHERE t.scope = 'city' AND i.roll_up = 'sum' GROUP BY ALL HAVING any_value(t.witnessed) <> count(v.indicator)"
    ).fetchall()
    assert differ == []
