"""The sample city: plausible, repeatable, and never in the way of real submissions."""

import csv
import hashlib
import random
from collections import Counter
from pathlib import Path

import pytest

from nq57_assets.catalogue import catalogue as packaged
from nq57_assets.catalogue import load_catalogue
from nq57_assets.folders import DataDir
from nq57_assets.sample import InboxNotEmptyError, make_city, scaled_reference
from nq57_assets.sample.damage import damage
from nq57_assets.sample.defects import VALUE_SPOILERS
from nq57_assets.sample.misfiled import FILE_SPOILERS
from nq57_assets.sample.narratives import families, number_text, write_narrative
from nq57_assets.sample.truth import city_rows, commune_facts

CATALOGUE = packaged()
ROUNDS = ("2025-digital-transformation", "2025-nq57-communication")


def files_of(root: Path) -> dict[str, tuple[str, int]]:
    """Hash and modification time of every file below a folder."""
    return {
        str(path.relative_to(root)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return make_city(DataDir(tmp_path_factory.mktemp("city")), CATALOGUE)


def test_same_seed_gives_the_same_bytes_names_and_times(tmp_path):
    first, second, other = (DataDir(tmp_path / name) for name in ("a", "b", "c"))
    for data, seed in ((first, 57), (second, 57), (other, 58)):
        make_city(data, CATALOGUE, communes=12, seed=seed)
    assert files_of(first.inbox) == files_of(second.inbox)
    truth = [
        {name: digest for name, (digest, _) in files_of(d.root / "truth").items()} for d in (first, second)
    ]
    assert truth[0] == truth[1]
    assert files_of(first.inbox) != files_of(other.inbox)


@pytest.mark.parametrize("commune", CATALOGUE.communes[::9], ids=lambda c: c.name)
def test_truth_of_a_commune_is_consistent(commune):
    facts = commune_facts(commune, CATALOGUE, 57)
    assert facts.keys() >= CATALOGUE.indicator.keys()
    assert 3 <= facts["place_population"] / facts["place_households"] <= 4.2
    assert facts["team_count"] <= facts["place_villages"]
    assert 5 * facts["team_count"] <= facts["team_members"] <= 7 * facts["team_count"]
    assert (facts["team_members_trained"] or 0) <= facts["team_members"]
    assert facts["egov_dossiers_overdue"] <= facts["egov_dossiers_online"] <= facts["egov_dossiers_total"]
    rate = 100 * facts["egov_dossiers_online"] / facts["egov_dossiers_total"]
    assert facts["egov_online_rate"] == pytest.approx(rate, abs=0.01)
    assert facts["econ_ocop_online"] <= facts["econ_ocop_products"]
    for indicator in CATALOGUE.indicators:
        value = facts[indicator.code]
        if value is not None:
            assert indicator.minimum <= value <= (indicator.maximum or float("inf")), indicator.code
            assert not indicator.is_count or value == int(value), indicator.code


def test_truth_has_nil_and_genuinely_missing_figures(city):
    states = Counter(
        row["state"] for r in ROUNDS for row in rows_of(city.data.root / "truth" / r / "values.csv")
    )
    assert states["nil"] > 100
    assert states["missing"] > 100
    assert states["reported"] > 5000


def test_every_kind_of_mistake_is_planted_under_a_known_rule(city):
    kinds = {defect.kind for defect in city.defects}
    assert len(kinds) >= 15
    assert len(kinds) >= len(FILE_SPOILERS) + len(VALUE_SPOILERS)
    for defect in city.defects:
        assert not defect.rule or defect.rule in CATALOGUE.rule, defect


def test_late_files_are_late_and_the_others_are_not(city):
    late = {(d.round_id, d.commune_code) for d in city.defects if d.kind == "late"}
    for round_id in ROUNDS:
        due = CATALOGUE.round[round_id].due_on.isoformat()
        again = {
            d.file for d in city.defects if d.kind in ("resubmitted", "kept_last_good", "copied_figures")
        }
        for row in rows_of(city.data.root / "truth" / round_id / "submissions.csv"):
            is_late = (round_id, row["commune_code"]) in late
            path = city.data.inbox / round_id / row["file"]
            if (
                row["state"] == "parsed"
                and row["file"] not in again
                and not row["file"].endswith("(sửa).xlsx")
            ):
                assert (row["received_at"][:10] > due) == is_late, row
            if path.exists():
                assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]


def test_a_strange_inbox_is_refused_and_ones_own_is_renewed(tmp_path):
    data = DataDir(tmp_path)
    real = data.inbox / ROUNDS[0] / "báo cáo thật.txt"
    real.parent.mkdir(parents=True)
    real.write_text("một báo cáo", encoding="utf-8")
    with pytest.raises(InboxNotEmptyError, match="no sample"):
        make_city(data, CATALOGUE, communes=4)
    real.unlink()
    make_city(data, CATALOGUE, communes=4)
    real.write_text("một báo cáo", encoding="utf-8")
    before = files_of(data.inbox)
    make_city(data, CATALOGUE, communes=4)
    assert files_of(data.inbox) == before
    make_city(data, CATALOGUE, communes=4, seed=3)
    assert real.read_text(encoding="utf-8") == "một báo cáo"
    made = {
        f"{r}/{row['file']}" for r in ROUNDS for row in rows_of(tmp_path / "truth" / r / "submissions.csv")
    }
    assert len(files_of(data.inbox)) == len(made) + 1


def test_unchanged_files_are_not_touched_again(tmp_path):
    data = DataDir(tmp_path)
    make_city(data, CATALOGUE, communes=4)
    stamps = {path: path.stat().st_ctime_ns for path in data.inbox.rglob("*") if path.is_file()}
    make_city(data, CATALOGUE, communes=4)
    assert stamps == {path: path.stat().st_ctime_ns for path in stamps}


@pytest.mark.parametrize("family", sorted(families()))
@pytest.mark.parametrize("round_id", ROUNDS)
def test_every_claim_of_a_family_is_asked_once_and_stands_in_the_text(family, round_id):
    round_ = CATALOGUE.round[round_id]
    asked = {indicator.code for indicator in CATALOGUE.asked(round_id)}
    seen: set[str] = set()
    for seed in range(6):
        commune = CATALOGUE.communes[seed * 17]
        facts = {code: v for code, v in commune_facts(commune, CATALOGUE, seed).items() if code in asked}
        rng = random.Random(seed)
        written = write_narrative(rng, commune, round_, facts, CATALOGUE, family, round_.requested_on)
        codes = [claim.indicator for claim in written.claims]
        assert len(codes) == len(set(codes))
        assert set(codes) <= asked
        seen |= set(codes)
        text = " ".join(written.text.split())
        for claim in written.claims:
            shown = [v for v in (claim.value, claim.low, claim.high) if v is not None]
            flag = CATALOGUE.indicator[claim.indicator].kind == "flag"
            texts = [number_text(v, mark, pad) for v in shown for mark in (".", "") for pad in (True, False)]
            assert flag or claim.nil or any(t in text for t in texts), claim
            if claim.qualifier == "exact" and not claim.nil:
                assert claim.value == facts[claim.indicator]
            elif claim.low is not None and claim.high is not None and claim.qualifier == "range":
                assert claim.low < facts[claim.indicator] < claim.high
    assert len(seen) >= 14


def test_damage_spoils_letters_and_keeps_figures():
    clean = (
        "Toàn xã có 1.440 người đăng ký Cuộc thi, tỷ lệ hồ sơ trực tuyến đạt 98,39%; đội ngũ cốt cán.\n" * 40
    )
    spoilt = damage(clean, random.Random(5))
    assert spoilt == damage(clean, random.Random(5))
    assert spoilt != damage(clean, random.Random(6))
    assert spoilt.count("1.440") >= 36
    assert spoilt.count("98,39%") >= 36
    assert "người" not in spoilt
    marked = sum(not c.isascii() for c in spoilt) / sum(not c.isascii() for c in clean)
    assert marked < 0.5


@pytest.mark.parametrize("size", [5, 114, 400])
def test_scaled_reference_is_a_catalogue_of_that_size(tmp_path, size):
    scaled = load_catalogue(scaled_reference(CATALOGUE, size, tmp_path / "reference"))
    assert len(scaled.communes) == size
    assert len({commune.name for commune in scaled.communes}) == size
    assert len({(c.tile_row, c.tile_col) for c in scaled.communes}) == size
    assert scaled.indicators == CATALOGUE.indicators
    real = {commune.commune_code for commune in CATALOGUE.communes}
    assert sum(c.commune_code in real for c in scaled.communes) == min(size, 114)


def test_a_city_without_mistakes_has_none(tmp_path):
    city = make_city(DataDir(tmp_path), CATALOGUE, communes=6, defects=False)
    assert city.defects == ()
    for round_id in ROUNDS:
        rows = rows_of(tmp_path / "truth" / round_id / "values.csv")
        assert all((row["published"] == "True") == (row["state"] != "missing") for row in rows)


def test_unknown_round_is_named(tmp_path):
    with pytest.raises(ValueError, match="1999-x"):
        make_city(DataDir(tmp_path), CATALOGUE, communes=4, rounds=["1999-x"])


def test_city_totals_keep_bounds_open_and_weigh_rates():
    def row(commune: str, indicator: str, value, low, high, **more):
        figure = {"commune_code": commune, "indicator": indicator, "value": value, "low": low, "high": high}
        return {**figure, "part": None, "whole": None, "published": True, **more}

    stated = [
        row("a", "team_citizens_guided", 100, 100, 100),
        row("b", "team_citizens_guided", 200, 200, None),
        row("a", "econ_cashless_pct", 50, 50, 50),
        row("b", "econ_cashless_pct", 80, 80, 80),
        row("a", "place_population", 1000, 1000, 1000),
        row("b", "place_population", 3000, 3000, 3000),
        row("b", "place_villages", 7, 7, 7, published=False),
    ]
    found = {r["indicator"]: r for r in city_rows(CATALOGUE, {ROUNDS[1]: stated})}
    assert (found["team_citizens_guided"]["low"], found["team_citizens_guided"]["high"]) == (300, None)
    assert found["econ_cashless_pct"]["low"] == pytest.approx(72.5)
    assert found["place_villages"]["reported"] == 0
