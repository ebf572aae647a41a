"""The dashboard: its data against the mart, and the page itself in a real Chromium, wide and narrow."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from nq57_assets.outputs import words
from nq57_assets.outputs.dashboard import render, write_dashboard
from nq57_assets.outputs.dashboard_data import dashboard_data
from nq57_assets_tests.pipeline.conftest import Published

CHROMIUM = os.environ.get("NQ57_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
LARGEST = 3_000_000


class Scripts(HTMLParser):
    """Collects the scripts of a page and counts every element."""

    def __init__(self) -> None:
        super().__init__()
        self.data = ""
        self.scripts = 0
        self.images = 0
        self._in_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_data = tag == "script" and ("id", "data") in attrs
        self.scripts += tag == "script"
        self.images += tag == "img"

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data += data


def parsed(page: str) -> Scripts:
    scripts = Scripts()
    scripts.feed(page)
    return scripts


@pytest.fixture
def page_path(published: Published, tmp_path: Path) -> Path:
    return write_dashboard(published.mart, tmp_path / "dashboard.html", published.catalogue)


def as_records(rows: list[list[Any]], fields: list[str]) -> list[dict[str, Any]]:
    return [dict(zip(fields, row, strict=True)) for row in rows]


def test_every_row_of_the_page_is_the_marts(published, page_path):
    data = json.loads(parsed(page_path.read_text(encoding="utf-8")).data)
    assert page_path.stat().st_size < LARGEST
    assert len(data["rounds"]) == 2
    for round_ in data["rounds"]:
        values = as_records(round_["values"], data["fields"]["values"])
        proofs = as_records(round_["proofs"], data["fields"]["proofs"])
        shown = {}
        for v in values:
            proof = proofs[v["proof"]] if v["proof"] is not None else None
            shown[data["communes"][v["commune"]]["code"], data["indicators"][v["indicator"]]["code"]] = (
                *(
                    v[key]
                    for key in (
                        "state",
                        "value",
                        "low",
                        "high",
                        "qualifier",
                        "in_review",
                        "withheld_by",
                        "place",
                    )
                ),
                *(
                    (round_["hashes"][proof["sha256"]], proof["place"], proof["quote"])
                    if proof
                    else (None, None, None)
                ),
            )
        rows = published.mart.execute(
            "SELECT v.commune_code, v.indicator, v.state, v.value, v.low, v.high, v.qualifier, v.in_review, v.withheld_by, "
            "r.place, p.sha256, p.place, p.quote FROM fact_value AS v "
            "LEFT JOIN v_ranking AS r USING (round_id, commune_code, indicator) "
            "LEFT JOIN v_proof AS p USING (round_id, commune_code, indicator) WHERE v.round_id = ?",
            [round_["id"]],
        ).fetchall()
        assert shown == {(row[0], row[1]): row[2:] for row in rows}
        for part, table, condition in (
            ("city", "city_indicator", "scope <> 'former_province'"),
            ("coverage", "city_coverage", "TRUE"),
            ("findings", "v_open_findings", "TRUE"),
            ("files", "fact_submission", "TRUE"),
        ):
            fields = [f for f in data["fields"][part] if f not in ("received_at", "issued_on")]
            listed = published.mart.execute(
                f"SELECT {', '.join(fields)} FROM {table} WHERE round_id = ? AND {condition}", [round_["id"]]
            ).fetchall()
            own = [tuple(r[f] for f in fields) for r in as_records(round_[part], data["fields"][part])]
            assert sorted(own, key=str) == sorted(listed, key=str), part


def test_statements_of_the_page_are_the_marts(published, page_path):
    data = json.loads(parsed(page_path.read_text(encoding="utf-8")).data)
    for round_ in data["rounds"]:
        shown = [
            (data["communes"][s["commune"]]["code"], s["kind"], s["addressee"], s["theme"], s["text"])
            for s in as_records(round_["statements"], data["fields"]["statements"])
        ]
        wanted = published.mart.execute(
            "SELECT commune_code, kind, addressee, theme, text FROM fact_statement WHERE round_id = ? AND is_current",
            [round_["id"]],
        ).fetchall()
        assert (shown or published.absent) and sorted(shown, key=str) == sorted(wanted, key=str)


def test_no_submitted_text_becomes_markup(published, hostile):
    page = parsed(render(dashboard_data(hostile, published.catalogue)))
    usual = parsed(render(dashboard_data(published.mart, published.catalogue)))
    assert (page.scripts, page.images) == (usual.scripts, 0)
    data = json.loads(page.data)
    assert "</script><script>alert(1)</script>" in [commune["full"] for commune in data["communes"]]
    assert "=1+1</script>{{scripts}}" in {proof[2] for round_ in data["rounds"] for proof in round_["proofs"]}


def test_the_page_asks_no_network_for_anything(page_path):
    text = page_path.read_text(encoding="utf-8")
    head = text[: text.index("<body>")]
    assert "default-src 'none'" in head
    for way in (" src=", "<link", "@import", "url(http", "fetch(", "XMLHttpRequest"):
        assert way not in head + text[text.index("<body>") : text.index("<script")], way


# --- in a browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; install one or name it in NQ57_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(params=[(1280, 900, "light"), (390, 844, "dark")], ids=["wide", "phone"])
def page(request: pytest.FixtureRequest, browser: Any, page_path: Path) -> Iterator[Any]:
    """The open page; whatever the console says but should not fails the test."""
    width, height, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, offline=True
    )
    opened = context.new_page()
    said: list[str] = []
    opened.on(
        "console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None
    )
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(page_path.as_uri())
    opened.wait_for_selector(".tile")
    yield opened
    context.close()
    assert said == []


def test_a_reader_chooses_filters_opens_follows_a_proof_and_prints(published, page, tmp_path):
    mart = published.mart
    round_id = page.locator("#round").input_value()
    submitted = mart.execute(
        "SELECT COUNT(*) FILTER (submitted) FROM city_coverage WHERE round_id = ?", [round_id]
    ).fetchall()
    assert f"{submitted[0][0]}/15" in page.locator("#card-submitted b").inner_text()
    assert page.locator(".tile").count() == 15
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.select_option("#indicator", "team_count")
    shown = mart.execute(
        "SELECT value, low, high, qualifier, reported, expected, state FROM city_indicator "
        "WHERE round_id = ? AND indicator = 'team_count' AND scope = 'city'",
        [round_id],
    ).fetchall()[0]
    wanted = words.figure(*shown[:4]) if shown[6] == "published" else "không công bố"
    assert wanted in page.locator("#city-line").inner_text()

    page.locator("#kinds").get_by_label("Phường").check()
    listed = page.locator("#ranking tbody tr").all_inner_texts()
    ranked = mart.execute(
        "SELECT commune, value FROM v_ranking WHERE round_id = ? AND indicator = 'team_count' AND commune_type = 'phuong'",
        [round_id],
    ).fetchall()
    assert len(listed) >= len(ranked)
    for commune, value in ranked:
        assert any(commune in line and words.number(value) in line for line in listed), (commune, listed)

    code, place, quote, sha256 = mart.execute(
        "SELECT commune_code, place, quote, sha256 FROM v_proof WHERE round_id = ? AND indicator = 'team_count' "
        "AND state = 'reported' ORDER BY commune_code LIMIT 1",
        [round_id],
    ).fetchall()[0]
    page.locator("#kinds").get_by_label("Tất cả").check()
    page.locator(f".tile[data-code='{code}']").focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog#commune")
    assert dialog.is_visible()
    dialog.locator("tr[data-indicator=team_count] .show-proof").click()
    proof = dialog.locator("#proof-team_count").inner_text()
    for part in (place, quote, sha256):
        assert part in proof
    assert f"don-vi={code}" in page.url
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.dataset.code") == code

    page.select_option("#round", index=1)
    assert page.locator("#round").input_value() != round_id
    page.locator("#findings summary").first.click()
    page.locator("#findings details[open] li").first.wait_for()
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and len(pdf) > 20_000


def test_every_figure_that_the_page_shows_is_the_marts(published, page):
    mart = published.mart
    for number, round_id in enumerate(
        page.locator("#round option").evaluate_all("all => all.map(o => o.value)")
    ):
        page.select_option("#round", index=number)
        shown = page.locator("#totals tr[data-indicator]").evaluate_all(
            "all => all.map(row => [row.dataset.indicator, [...row.querySelectorAll('.num')].map(c => c.innerText)])"
        )
        totals = {
            (row[0], row[1]): row[2:]
            for row in mart.execute(
                "SELECT indicator, scope_key, value, low, high, qualifier, unit, state, reported, expected, witnessed_share "
                "FROM city_indicator WHERE round_id = ? AND scope <> 'former_province'",
                [round_id],
            ).fetchall()
        }
        assert len(shown) == len({indicator for indicator, _ in totals})
        for indicator, cells in shown:
            wanted = []
            for scope in ("city", "xa", "phuong", "dac_khu"):
                total = totals.get((indicator, scope))
                if total is None or total[5] != "published":
                    wanted.append("KCB")
                else:
                    wanted.append(words.figure(*total[:4]) + ("%" if total[4] == "%" else ""))
            city = totals[indicator, "city"]
            seconded = "" if city[8] is None else words.percent(city[8])
            assert cells == [*wanted, f"{city[6]}/{city[7]}", seconded], indicator
        rows = mart.execute(
            "SELECT v.indicator, c.commune_code, c.full_name, v.state, v.value, v.low, v.high, v.qualifier, v.in_review, "
            "i.kind, i.unit FROM fact_value AS v JOIN dim_commune AS c USING (commune_code) "
            "JOIN dim_indicator AS i USING (indicator) "
            "SEMI JOIN city_indicator AS k USING (round_id, indicator) WHERE v.round_id = ?",
            [round_id],
        ).fetchall()
        labels: dict[str, dict[str, str]] = {}
        for indicator, code, name, state, value, low, high, qualifier, in_review, kind, unit in rows:
            if indicator not in labels:
                page.select_option("#indicator", indicator)
                labels[indicator] = dict(
                    page.locator(".tile").evaluate_all("all => all.map(t => [t.dataset.code, t.ariaLabel])")
                )
            told = words.STATES[state]
            if state == "reported":
                told = words.yes_no(value) if kind == "flag" else words.figure(value, low, high, qualifier)
                told += ("*" if in_review else "") + ("" if kind == "flag" else f" {unit}")
            label = labels[indicator][code]
            assert label == f"{name}: {told}" or label.startswith(f"{name}: {told}, hạng "), label


def test_hostile_words_stay_words_in_the_browser(published, hostile, browser, tmp_path):
    path = write_dashboard(hostile, tmp_path / "hostile.html", published.catalogue)
    opened = browser.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(dialog.message) or dialog.dismiss())
    opened.goto(path.as_uri())
    opened.wait_for_selector(".tile")
    for tile in range(6):
        opened.locator(".tile").nth(tile).click()
        for button in opened.locator(".show-proof").all()[:2]:
            button.click()
        opened.keyboard.press("Escape")
    for summary in opened.locator("#said summary").all()[:1]:
        summary.click()
        opened.locator("#said details[open] li").first.wait_for()
    for summary in opened.locator("#findings summary").all()[:3]:
        summary.click()
    opened.locator("#findings details[open] li").first.wait_for()
    assert opened.locator("img").count() == 0
    assert said == []
    opened.close()


def test_a_reader_finds_what_communes_ask_for_by_theme_and_on_their_page(published, page):
    mart = published.mart
    round_id = page.locator("#round").input_value()
    page.select_option("#said-kind", "recommendation")
    page.select_option("#said-addressee", "city")
    rows = mart.execute(
        "SELECT theme, communes FROM v_statements_by_theme WHERE round_id = ? AND kind = 'recommendation' "
        "AND addressee = 'city'",
        [round_id],
    ).fetchall()
    shown = page.locator("#said details").evaluate_all(
        "all => all.map(d => [d.dataset.themeCode, parseInt(d.querySelector('summary b').innerText)])"
    )
    assert sorted(map(tuple, shown)) == sorted(rows)
    if not rows:
        assert published.absent and page.locator("#said-note").inner_text() == "Không có ý kiến nào."
        return
    asking, reporting = mart.execute(
        "SELECT (SELECT COUNT(DISTINCT commune_code) FROM fact_statement WHERE round_id = ? AND is_current "
        "AND addressee = 'city'), (SELECT COUNT(DISTINCT commune_code) FROM fact_submission WHERE round_id = ? "
        "AND counts_as_report)",
        [round_id, round_id],
    ).fetchall()[0]
    assert page.locator("#said-note").inner_text().startswith(f"{asking}/{reporting} đơn vị")
    page.locator("#said summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("#said details[open] li button").first.press("Enter")
    code = page.url.split("don-vi=")[1].split("&")[0]
    own = mart.execute(
        "SELECT text FROM fact_statement WHERE round_id = ? AND is_current AND commune_code = ?",
        [round_id, code],
    ).fetchall()
    listed = page.locator("dialog#commune ul.said li").all_inner_texts()
    assert len(listed) == len(own)
    assert all(any(text in line for line in listed) for (text,) in own)
    page.keyboard.press("Escape")


def test_arrows_walk_over_the_tiles(page):
    first = page.locator(".tile[tabindex='0']")
    assert first.count() == 1
    first.focus()
    before = page.evaluate("document.activeElement.dataset.code")
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.locator(".tile[tabindex='0']").count() == 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.code") != before
    assert ":" in page.locator("#tile-note").inner_text()


def test_an_accessibility_engine_finds_nothing_serious(page):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
    ).Axe()
    for step in ("page", "commune"):
        if step == "commune":
            page.locator(".tile").first.click()
            page.locator(".show-proof").first.click()
        found = axe.run(page).response["violations"]
        serious = [
            (v["id"], v["nodes"][0]["html"][:160]) for v in found if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], step


def test_figures_are_written_as_in_the_workbook_and_the_report(page):
    cases = [
        (1234.5, 1234.5, 1234.5, "exact"),
        (0.0, 0.0, 0.0, "exact"),
        (150.0, 150.0, None, "over"),
        (900.0, None, 900.0, "under"),
        (900.0, 900.0, 900.0, "approx"),
        (None, 1083077.0, 1101027.0, "range"),
        (74.337382, 74.337382, 74.337382, "exact"),
        (1000.0, 1000.0, 1000.0, "exact"),
    ]
    for case in cases:
        told = page.evaluate(
            "([value, low, high, qualifier]) => figure({value, low, high, qualifier})", list(case)
        )
        assert told == words.figure(*case), case
    for share in (0.0, 0.0625, 0.5, 0.845, 0.99999, 1.0):
        assert page.evaluate("(share) => percent(share)", share) == words.percent(share), share
