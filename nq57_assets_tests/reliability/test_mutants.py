"""Broken files of every format: none lost, each read or refused with a reason, none by a fault of our own.

The thousands of ``python -m bench.mutants`` are made and sent the same way.
"""

from pathlib import Path

from nq57_assets_tests.mutants import KINDS, mutant, send


def test_every_mutant_is_kept_and_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    outcomes = list(send(tmp_path, 0, 60, seed=57))
    assert len(outcomes) == 60 and {one.kind for one in outcomes} == set(KINDS)
    assert [f"{one.name}: {one.reason}" for one in outcomes if one.is_own_fault] == []
    assert any(one.rule for one in outcomes) and any(not one.rule for one in outcomes)


def test_a_mutant_is_the_same_each_time() -> None:
    assert mutant(57, 8) == mutant(57, 8) and mutant(57, 8) != mutant(58, 8)
