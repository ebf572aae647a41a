"""The sentences of the report draft on difficulties, causes and recommendations.

Belongs here: pure functions from counted statements to Vietnamese sentences, for none, one, some and all communes. Does
not belong: figures of indicators (``report_words``), where sentences stand (``report``).
"""

from __future__ import annotations

from nq57_assets.outputs import words
from nq57_assets.outputs.figures import RoundFigures
from nq57_assets.outputs.statements import Said, Statements, ThemeCount, examples

_VERBS = {
    "difficulty": ("nêu khó khăn, vướng mắc", "khó khăn, vướng mắc"),
    "cause": ("nêu nguyên nhân", "nguyên nhân"),
    "recommendation": ("có kiến nghị, đề xuất", "kiến nghị, đề xuất"),
}
ADDRESSEES = {
    "city": "Với Thành ủy, HĐND, UBND thành phố",
    "department": "Với các sở, ngành thành phố",
    "central": "Với Trung ương, Chính phủ và các bộ, ngành",
    "other": "Với nơi khác hoặc không nêu rõ nơi nhận",
}
"""Titles of the recommendations by addressee, in the order of the report."""


def opening(kind: str, said: Statements) -> str:
    """Return how many of the communes that have reported state something of a kind, and how many do not."""
    verb, noun = _VERBS[kind]
    all_ = len(said.reporting)
    some = len(said.communes[kind] & said.reporting)
    number = len(said.of(kind))
    if not all_:
        return "Chưa đơn vị nào nộp báo cáo, nên chưa có ý kiến để tổng hợp."
    if not some:
        return (
            f"Không đơn vị nào trong {words.count(all_)} đơn vị đã báo cáo {verb}.{_only_forms(kind, said)}"
        )
    if some == all_:
        who = "Đơn vị duy nhất đã báo cáo" if all_ == 1 else f"Cả {all_}/{all_} đơn vị đã báo cáo đều"
        return f"{who} {verb}, với {words.count(number)} ý kiến."
    silent = all_ - some
    share = words.percent(some / all_)
    return (
        f"Có {words.count(some)}/{all_} đơn vị đã báo cáo ({share}) {verb}, với {words.count(number)} ý kiến; "
        f"{words.count(silent)} đơn vị không nêu {noun}.{_only_forms(kind, said)}"
    )


def _only_forms(kind: str, said: Statements) -> str:
    """Say once who was not asked: a form has no place for words, so its silence is no opinion."""
    forms = len(said.reporting - said.in_words)
    if not forms or kind == "cause":
        return ""
    if forms == len(said.reporting):
        return " Các đơn vị đều chỉ nộp biểu mẫu, mà biểu mẫu không hỏi nội dung này."
    return (
        f" Trong số đó có {words.count(forms)} đơn vị chỉ nộp biểu mẫu, mà biểu mẫu không hỏi nội dung này."
    )


def by_theme(kind: str, data: RoundFigures, addressee: str | None = None) -> list[str]:
    """Return a sentence for each theme: how many communes, of how many that reported, with up to three quotations."""
    said = data.statements
    own = said.of(kind, addressee)
    return [
        _theme(count, [one for one in own if one.theme == count.theme], data)
        for count in said.counts(kind, addressee)
    ]


def _theme(count: ThemeCount, own: list[Said], data: RoundFigures) -> str:
    share = words.percent(count.share / 100)
    if count.communes == count.reporting:
        told = f"cả {count.reporting} đơn vị đã báo cáo"
    else:
        told = f"{words.count(count.communes)} đơn vị ({share} số đơn vị đã báo cáo)"
    if count.statements > count.communes:
        told += f", {words.count(count.statements)} ý kiến"
    quoted = [f"“{text}” ({commune})" for text, commune in examples(own, data.communes)]
    if not quoted:
        return f"{count.theme_vi}: {told}; nguyên văn đọc từ bản quét, xem phụ lục Excel kèm theo."
    lead = "Cụ thể" if count.statements == len(quoted) else "Ví dụ"
    return f"{count.theme_vi}: {told}. {lead}: {'; '.join(quoted)}."


def asked(addressee: str, data: RoundFigures) -> str:
    """Return how many communes ask something of an addressee."""
    own = data.statements.of("recommendation", addressee)
    communes = len({one.commune_code for one in own})
    if not own:
        return "Không đơn vị nào có kiến nghị."
    return f"{words.count(communes)} đơn vị có {words.count(len(own))} kiến nghị."
