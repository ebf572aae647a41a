"""The reference data: complete, and a mistake in it stops with the file and the key."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from nq57_assets.catalogue import REFERENCE, CatalogueError, catalogue, load_catalogue

SHARED = Path(__file__).parents[2].parent / "shared"


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    return Path(shutil.copytree(str(REFERENCE), tmp_path / "reference"))


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_city_has_its_114_units() -> None:
    kinds = Counter(commune.commune_type for commune in catalogue().communes)
    assert kinds == {"xa": 67, "phuong": 45, "dac_khu": 2}


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared beside the checkout")
def test_the_indicator_contract_is_kept() -> None:
    contract = yaml.safe_load((SHARED / "reference/indicators.yaml").read_text(encoding="utf-8"))
    for group, indicators in contract.items():
        for code, given in indicators.items():
            ours = catalogue().indicator[code]
            assert ours.group == group
            for field in ("vi", "en", "unit", "kind", "roll_up", "numerator", "denominator"):
                assert getattr(ours, field) == given.get(field), f"{code}.{field}"
            assert list(ours.reports) == given["reports"], code
            if "weight" in given:
                assert ours.weight == given["weight"]


def test_an_indicator_is_added_without_python(reference: Path) -> None:
    path = reference / "indicators" / "soc.yaml"
    path.write_text(
        path.read_text(encoding="utf-8")
        + "  soc_free_wifi:\n    vi: Số điểm Wi-Fi công cộng\n    en: Public Wi-Fi points\n    unit: điểm\n"
        "    kind: stock\n    roll_up: sum\n    reports: [d]\n",
        encoding="utf-8",
    )
    added = load_catalogue(reference)
    assert [i.code for i in added.asked("2025-digital-transformation")][-1] == "soc_free_wifi"
    assert added.version != catalogue().version


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("communes.csv", "10507,phuong", "1050,phuong", ["communes.csv", "Thành Đông.commune_code"]),
        ("communes.csv", "10525,phuong", "10507,phuong", ["communes.csv", "10507", "twice"]),
        ("rounds.csv", "2025-01-01", "2025-13-01", ["rounds.csv", "2025-digital-transformation.period_from"]),
        ("aliases.csv", "10543", "99999", ["aliases.csv", "Việt Hòa", "99999"]),
        (
            "indicators/team.yaml",
            "kind: stock",
            "kind: stok",
            ["indicators/team.yaml", "team_count.kind", "stok"],
        ),
        (
            "indicators/econ.yaml",
            "roll_up: sum",
            "rollup: sum",
            ["indicators/econ.yaml", "econ_ocop_products"],
        ),
        (
            "indicators/soc.yaml",
            "weight: place_households",
            "weight: place_house",
            ["soc.yaml", "place_house"],
        ),
        ("indicators/egov.yaml", "egov_dossiers_total:", "egov_dossiers_online:", ["egov.yaml", "twice"]),
        ("rules.yaml", "severity: error", "severity: fatal", ["rules.yaml", ".severity", "fatal"]),
        ("tables.yaml", "type: string", "type: text", ["tables.yaml", ".type"]),
    ],
)
def test_a_mistake_names_file_and_key(
    reference: Path, file: str, old: str, new: str, says: list[str]
) -> None:
    _edit(reference / file, old, new)
    with pytest.raises(CatalogueError) as raised:
        load_catalogue(reference)
    for part in says:
        assert part in str(raised.value)
