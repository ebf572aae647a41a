"""Small words that turn a statement: chưa, không, có, đã, rồi, lập, mở, ký … as recognition leaves them.

Belongs here: telling which small word a token stands for, and kinds of such words.
Does not belong: phrases of the catalogue (``lexicon``), what the words mean for a claim (``flag_answers``).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from nq57_assets.extract.passages import Token
from nq57_assets.vietnamese.confusion import Vocabulary
from nq57_assets.vietnamese.fold import fold

NO = frozenset({"chưa", "không", "chẳng"})
YES = frozenset({"có", "đã", "rồi", "đủ"})
# What is done to a plan, a committee, a section, a group so that it is there.
DEEDS = frozenset(
    {
        "lập",
        "thành",
        "ban",
        "có",
        "xây",
        "mở",
        "hình",
        "kiện",
        "triển",
        "tạo",
        "thiết",
        "ra",
        "dựng",
        "đặt",
        "ký",
        "duyệt",
        "phê",
        "làm",
        "duy",
        "bố",
        "tích",
        "đưa",
        "dành",
    }
)
# Words that stand between a verb and its object, or between subject and verb.
FILLERS = frozenset(
    {
        "được",
        "kịp",
        "một",
        "riêng",
        "nào",
        "hề",
        "thể",
        "cho",
        "các",
        "cái",
        "từng",
        "gì",
        "vẫn",
        "hành",
        "toàn",
    }
)
SENDERS = frozenset(
    {
        "xã",
        "phường",
        "đặc",
        "khu",
        "đơn",
        "vị",
        "địa",
        "phương",
        "hiện",
        "nay",
        "đến",
        "thì",
        "vẫn",
        "ubnd",
        "đều",
    }
)
ANSWERS = frozenset({"trả", "lời", "đáp", "kết", "quả", "tl", "thực", "hiện", "tình", "trạng", "hình"})
_OTHERS = frozenset(
    {
        "kế",
        "nhóm",
        "mục",
        "góc",
        "cổng",
        "zalo",
        "group",
        "sẽ",
        "dự",
        "đang",
        "là",
        "số",
        "ngày",
        "của",
        "cơ",
        "chua",
        "gồm",
        "mo",
    }
)
_ALL = Vocabulary.of(sorted(NO | YES | DEEDS | FILLERS | SENDERS | ANSWERS | _OTHERS))
_DIGITS = str.maketrans("0641w", "ooalu")
_CLEAN, _DAMAGED = 0.06, 0.12


def plain(token: Token) -> str:
    """Return a word in small letters without marks, digits that stand for letters mended: ``ph6`` gives ``pho``."""
    return fold(token.text).translate(_DIGITS) if token.kind == "word" else fold(token.text)


def stands_for(token: Token, words: Collection[str], damaged: bool) -> bool:
    """Whether a token is one of some small words, in text without marks as far as it can be told."""
    if token.kind != "word":
        return False
    if token.text.lower() in words:
        return True
    if damaged and fold(token.text) in ("cua", "che") and "chưa" in words:
        return False  # "của" and "quy chế" without their marks are far more common than a misread "chưa".
    if damaged and "chưa" in words and fold(token.text) == "cha":
        return True  # What recognition without Vietnamese often leaves of it.
    # What is left of "chưa" keeps its last letter; "đồng chí" and "vẫn chạy" are no denials.
    known = _small_words(token.text, damaged)
    if damaged and fold(token.text)[-1] not in "a4":
        known = tuple(word for word in known if word != "chưa")
    return any(word in words for word in known)


@lru_cache(maxsize=16_384)
def _small_words(written: str, damaged: bool) -> tuple[str, ...]:
    """Return the small words that a written one may stand for, in text without marks as far as it can be told."""
    limit = _DAMAGED if damaged else _CLEAN
    return tuple(
        _ALL.syllables[place]
        for place, cost in _ALL.candidates(written, damaged)
        if cost <= limit and _as_long(written, _ALL.syllables[place])
    )


def _as_long(written: str, word: str) -> bool:
    """Whether a word of two or three letters was read as one of as many: ``c6`` may be ``có``, ``c4o`` may not."""
    return len(word) > 3 or len(written) == len(word)
