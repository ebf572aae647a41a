"""The worked queries of docs/queries.md run over a published mart and give the columns that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"## (\d+\. [^\n]+)\n.*?```sql\n(.*?)```\n\n\| ([^\n]+) \|\n", PAGE, re.DOTALL)


def test_the_page_works_twelve_queries():
    assert len(QUERIES) == 12


@pytest.mark.parametrize(("query", "columns"), [q[1:] for q in QUERIES], ids=[q[0] for q in QUERIES])
def test_a_worked_query_gives_what_the_page_shows(published, query, columns):
    published.mart.execute(query).fetchall()
    assert [column[0] for column in published.mart.description] == columns.split(" | ")
