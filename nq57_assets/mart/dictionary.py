"""The data dictionary as Markdown, made from the catalogue alone.

Belongs here: laying the declared words out as tables. Does not belong: the words (``reference/``).
"""

from __future__ import annotations

from collections.abc import Iterable

from nq57_assets.catalogue import Catalogue, Column, Indicator, Table
from nq57_assets.mart.schema import PREFIX, TABLES

_HEAD = """# Từ điển dữ liệu · Data dictionary

Trang này được sinh từ `nq57_assets/reference/`; sửa ở đó rồi chạy `nq57 dictionary > docs/data-dictionary.md`.
This page is made from `nq57_assets/reference/`; change it there, then run `nq57 dictionary > docs/data-dictionary.md`.

- Khóa in **đậm**; dấu ○ là cột có thể trống. Keys are **bold**; ○ marks a column that may be empty.
- Thời điểm theo giờ UTC; tỷ lệ tính bằng phần trăm; có/không ghi 1 hoặc 0.
  Times are UTC; rates are in percent; flags are 1 or 0.
- `low` và `high` là cận dưới và cận trên; trống là để ngỏ. `low` and `high` bound a figure; empty is open.
"""


def render_dictionary(catalogue: Catalogue) -> str:
    """Return the whole dictionary: mart tables, views, lake tables, indicators."""
    mart = [table for name, table in catalogue.table.items() if name.startswith(PREFIX)]
    lake = [table for name, table in catalogue.table.items() if not name.startswith(PREFIX)]
    tables = [table for table in mart if table.name.removeprefix(PREFIX) in TABLES]
    views = [table for table in mart if table not in tables]
    parts = [
        _HEAD,
        "## Kho dữ liệu công bố · The mart (`data/mart/nq57.duckdb`)\n",
        *(_table(table, table.name.removeprefix(PREFIX)) for table in tables),
        "## Khung nhìn cho phân tích · Views for analysts\n",
        *(_table(table, table.name.removeprefix(PREFIX)) for table in views),
        "## Dữ liệu trung gian · The lake (`data/lake/<table>/<round>.parquet`)\n",
        *(_table(table, table.name) for table in lake),
        "## Chỉ tiêu · Indicators\n",
        _indicators(catalogue),
    ]
    return "\n".join(parts)


def _table(table: Table, title: str) -> str:
    rows = [
        "| Cột · Column | Kiểu · Type | Tiếng Việt | English |",
        "|---|---|---|---|",
        *(_column(column, is_view=not table.key) for column in table.columns),
    ]
    return f"### `{title}`\n\n{table.vi} · {table.en}\n\n" + "\n".join(rows) + "\n"


def _column(column: Column, *, is_view: bool) -> str:
    name = f"**`{column.name}`**" if column.key else f"`{column.name}`"
    empty = " ○" if column.nullable and not is_view else ""
    return _row([name, column.type + empty, column.vi, column.en])


def _indicators(catalogue: Catalogue) -> str:
    groups = {group.group: f"{group.vi} · {group.en}" for group in catalogue.groups}
    parts = []
    for group, title in groups.items():
        rows = [_indicator(i) for i in catalogue.indicators if i.group == group]
        head = [
            "| Mã · Code | Chỉ tiêu · Indicator | Đơn vị | Loại · Kind | Tổng hợp · Roll-up | Báo cáo |",
            "|---|---|---|---|---|---|",
        ]
        parts.append(f"### {title}\n\n" + "\n".join([*head, *rows]) + "\n")
    return "\n".join(parts)


def _indicator(indicator: Indicator) -> str:
    roll_up: str = indicator.roll_up
    if indicator.numerator and indicator.denominator:
        roll_up += f" `{indicator.numerator}` / `{indicator.denominator}`"
    elif indicator.weight:
        roll_up += f" × `{indicator.weight}`"
    name = f"{indicator.vi} · {indicator.en}" + ("" if indicator.required else " ○")
    return _row(
        [f"`{indicator.code}`", name, indicator.unit, indicator.kind, roll_up, ", ".join(indicator.reports)]
    )


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
