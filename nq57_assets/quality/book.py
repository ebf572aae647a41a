"""The rule book as a page for people: each rule by category, with effect, check, when it is skipped, and its words.

Belongs here: Markdown. Does not belong: what a rule means (``rules.yaml``, ``kinds``).
"""

from __future__ import annotations

from nq57_assets.catalogue import Catalogue, Rule
from nq57_assets.quality.rules import SKIPPED_VI

_CATEGORIES = {
    "file": "Tệp · File",
    "value": "Giá trị · Value",
    "record": "Trong một đơn vị · Record",
    "across_tables": "Giữa các phần của một lần nộp · Across tables",
    "across_submissions": "Giữa các lần nộp của một đơn vị · Across submissions",
    "over_time": "Giữa các đơn vị và theo thời gian · Over communes and time",
}
_EFFECTS = {
    "critical": "dừng lượt chạy · stops the run",
    "error": "giữ số liệu hoặc tệp lại · withholds",
    "warning": "công bố kèm đánh dấu · publishes with a mark",
    "info": "chỉ thông báo · informs",
}
_OPENING = """# Sổ quy tắc · The rule book

Trang này được tạo từ `nq57_assets/reference/rules.yaml` (`make dictionary`). Mã quy tắc không đổi; mức độ, ngưỡng, lời văn
và việc bật, tắt là dữ liệu do Sở quyết định. Cột *Bỏ qua khi* cho biết khi nào một quy tắc không xét; thiếu số không bao giờ
được coi là số 0.

This page is made from the rule book. A rule without a check is filed by the reader or the register that sees the place
itself.
"""


def render_book(catalogue: Catalogue) -> str:
    """Return the rule book as Markdown."""
    lines = [_OPENING]
    for category, title in _CATEGORIES.items():
        rules = [rule for rule in catalogue.rules if rule.category == category]
        lines += [f"## {title} ({len(rules)})", ""]
        lines += [
            "| Mã · Code | Mức · Effect | Tìm gì · Looks for | Kiểm tra · Check | Bỏ qua khi · Skipped when |"
        ]
        lines += ["|---|---|---|---|---|"]
        lines += [_row(rule) for rule in rules]
        lines.append("")
    return "\n".join(lines)


def _row(rule: Rule) -> str:
    check = dict(rule.check or {})
    kind = check.pop("kind", None)
    told = ", ".join(f"{name}: {_shown(value)}" for name, value in check.items())
    how = f"`{kind}`{f' ({told})' if told else ''}" if kind else "khi đọc hoặc tiếp nhận tệp"
    skipped = SKIPPED_VI[kind] if kind else "–"
    off = "" if rule.enabled else " (đang tắt · off)"
    cells = (
        f"`{rule.code}`{off}",
        f"{rule.severity}: {_EFFECTS[rule.severity]}",
        f"{rule.title_vi}. *{rule.title_en}.* {rule.advice_vi}",
        how,
        skipped,
    )
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "; ".join("/".join(one) if isinstance(one, list) else str(one) for one in value)
    return str(value)
