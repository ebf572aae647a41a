"""Whole small cities through every step, compared with their truth figure by figure and mistake by mistake."""

import csv
from pathlib import Path

import pytest

from nq57_assets import pipeline
from nq57_assets.catalogue import Catalogue, load_catalogue
from nq57_assets.catalogue import catalogue as packaged
from nq57_assets.folders import DataDir
from nq57_assets.project import Project
from nq57_assets.sample import City, make_city
from nq57_assets.sample.compare import Comparison, compare

ROUNDS = ("2025-digital-transformation", "2025-nq57-communication")


def published(root: Path, communes: int, **options) -> tuple[City, Catalogue]:
    """Make a city of its own size and publish it."""
    city = make_city(DataDir(root), packaged(), communes=communes, **options)
    assert city.reference is not None
    catalogue = load_catalogue(city.reference)
    pipeline.run_all(Project(city.data, catalogue), ROUNDS, settle=0)
    return city, catalogue


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory) -> tuple[City, Catalogue, Comparison]:
    city, catalogue = published(tmp_path_factory.mktemp("spoilt"), 24)
    return city, catalogue, compare(city.data, catalogue)


def test_every_planted_mistake_is_a_finding_of_the_right_rule_and_commune(spoilt):
    city, _, result = spoilt
    assert len({defect.kind for defect in city.defects}) >= 30
    assert result.planted > 50
    assert not result.not_found, result.summary()


def test_no_planted_wrong_figure_is_published_and_every_other_form_figure_is(spoilt):
    _, _, result = spoilt
    assert not result.wrong, result.summary()
    assert not result.lacking, result.summary()
    assert result.agreed > 1000


def test_city_figures_follow_from_the_published_figures(spoilt):
    _, _, result = spoilt
    assert result.city_compared > 60
    assert not result.city, result.summary()


def test_statements_of_the_narratives_come_through_and_none_is_made_up(spoilt):
    _, _, result = spoilt
    assert result.statements > 10
    assert not result.statements_wrong, result.summary()
    assert len(result.statements_lacking) <= 0.1 * result.statements, result.summary()


def test_forms_of_a_city_without_mistakes_come_through_whole(tmp_path):
    city, catalogue = published(tmp_path, 6, defects=False, narrative_share=0.0)
    result = compare(city.data, catalogue)
    assert result.holds, result.summary()
    assert result.agreed == result.expected == city.values
    assert result.city_compared >= 80


def test_narratives_publish_nothing_false_and_most_of_what_they_say(tmp_path):
    city, catalogue = published(tmp_path, 12, defects=False, narrative_share=1.0)
    result = compare(city.data, catalogue)
    assert not result.wrong, result.summary()
    assert not result.lacking, result.summary()
    assert result.narrative_recall >= 0.6, result.summary()


def test_the_comparison_sees_a_figure_that_differs(spoilt):
    city, catalogue, untouched = spoilt
    path = city.data.root / "truth" / ROUNDS[0] / "values.csv"
    before = path.read_text(encoding="utf-8")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    row = next(
        r for r in rows if r["source"] == "form" and r["published"] == "True" and r["state"] == "reported"
    )
    row["value"] = row["low"] = row["high"] = str(float(row["value"]) + 1)
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(row))
            writer.writeheader()
            writer.writerows(rows)
        result = compare(city.data, catalogue)
    finally:
        path.write_text(before, encoding="utf-8")
    new = set(result.wrong) - set(untouched.wrong)
    assert {(d.commune_code, d.indicator) for d in new} == {(row["commune_code"], row["indicator"])}
    assert not result.holds
