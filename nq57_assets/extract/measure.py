"""Whether a figure measures something else: a change, an average, another period, a part, another field of work.

Belongs here: doubts from words near the figure about what it measures.
Does not belong: headings, plans, years and places (``context``), another figure beside it (``parts``).
"""

from __future__ import annotations

from collections.abc import Sequence

import re2

from nq57_assets.extract.cues import Cues, Doubt
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.passages import Token
from nq57_assets.extract.periods import begins_with_month, compared_with, in_one_month
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.said_behind import said_behind
from nq57_assets.extract.scene import Scene
from nq57_assets.vietnamese.fold import fold

# A dot or two directly before a figure may be what is left of a digit; three are a line to be filled in.
_LOOSE_DOT = re2.compile(r"(?:^|[^.…])\.{1,2}$")
_ATTENDANTS = ("người", "lượt người", "đại biểu", "lượt", "học viên", "hội viên", "đoàn viên")
_APART = (
    ("past", "kỳ khác"),
    ("each", "bình quân"),
    ("elsewhere", "nơi khác"),
    ("excluded", "không tính"),
)
_REGULARLY = ("hang ", "hang")
_JOINS = frozenset({"va", "trong", "do", "con", "thi", "la"})
_LIKENED = frozenset({"hon", "kem", "nhu", "bang", "khac", "tu", "so", "voi"})
_RAISED = re2.compile(
    r"^[^.;\d]{0,40}\b(?:nang|dua) (?:tong so|tong cong|luy ke|con so)\b[^.;\d]{0,60}\blen\b[^.;\d]{0,12}\d"
)
_ONE = frozenset({"mot", "1", "01"})
_HENCE = frozenset({"nen", "vi", "tong", "cong", "thanh", "tat", "toan"})
_KIND_OF = frozenset({"khoi", "hinh", "thuc", "so", "ve"})
_TELLING = frozenset({"co", "dat", "la", "duoc", "thi"})
_UNTIL = frozenset({"den", "het", "toi", "tu", "sau", "cuoi", "dau", "thoi", "tinh", "trong"})
_QUARTERS = frozenset({"i", "ii", "iii", "iv", "1", "2", "3", "4", "nay"})
_PERIODS = (
    "nam",
    "thang",
    "tuan",
    "ngay",
    "quy",
    "thon",
    "to",
    "lan",
    "bai",
    "dot",
    "ho",
    "nguoi",
    "km2",
    "km",
)


def other_measure(
    cues: Cues,
    scene: Scene,
    quantity: Quantity,
    spared: Sequence[Hit],
    short: bool = False,
    planned: bool = False,
) -> list[Doubt]:
    """Doubt changes, averages, other periods, other places, examples and what is left over.

    In a report on a month or quarter (``short``), ``riêng tháng 4`` singles out nothing; of an indicator that counts
    needs (``planned``), ``chưa có`` denies nothing.
    """
    doubts = []
    here, tokens = quantity.start, scene.tokens
    comma = max((i for i in range(quantity.first, here) if tokens[i].text == ","), default=quantity.first)
    for name, reason in _APART:
        hit = cues.last(name, comma, here)
        if hit is None or (name == "each" and _in_brackets_before(tokens, hit.start, here)):
            continue
        if name == "each" and quantity.percent is not None and fold(hit.phrase).startswith(_REGULARLY):
            continue  # "loa phát đều hằng ngày: 92,1%" is a share of the loudspeakers
        if name == "each" and _adds_up(tokens, hit.end, here):
            continue  # "mỗi thôn một tổ nên có 26 tổ"
        doubts.append(Doubt("rejected", f"{reason}: {hit.phrase}"))
    if tokens[here - 1].text == "/" and quantity.unit.startswith(("thôn", "tổ dân phố", "khu")):
        doubts.append(Doubt("review", "mẫu số"))
    if _opens_with_one(tokens, quantity, short):
        doubts.append(Doubt("review", "ví dụ: riêng"))
    opening = tokens[quantity.first].text.lower() if quantity.first < here else ""
    explains = opening == "vì" and fold(tokens[quantity.first + 1].text) not in ("vay", "the")
    if explains and not any(fold(t.text) == "nen" for t in tokens[quantity.first : here]):
        doubts.append(Doubt("review", "lý do"))
    recalled = cues.last("recalled", quantity.sentence[0], quantity.sentence[0] + 6)
    if recalled is not None and recalled.end <= here:
        doubts.append(Doubt("review", f"ví dụ: {recalled.phrase}"))
    semicolon = max((i for i in range(quantity.sentence[0], here) if tokens[i].text == ";"), default=None)
    portion = cues.last("portion", quantity.sentence[0] if semicolon is None else semicolon, here)
    if portion is not None:
        doubts.append(Doubt("review", f"một nơi: {portion.phrase}"))
    if cues.last("all_topics", quantity.index, quantity.last):
        doubts.append(Doubt("review", "mọi lĩnh vực"))
    past = _opened_by_past(cues, tokens, quantity)
    if past is not None:
        doubts.append(Doubt("rejected", f"kỳ khác: {past.phrase}"))
    doubts += _denied_deed(cues, tokens, quantity)
    change = cues.last("change", quantity.first, here)
    if (
        change is not None
        and here - change.end <= 2
        and fold(tokens[here - 1].text) not in ("len", "con", "toi")
    ):
        doubts.append(Doubt("rejected", f"mức thay đổi: {change.phrase}"))
    bracket = here - 1
    if bracket > 0 and tokens[bracket].text == "(":
        for name in ("past", "of_plan", "future"):
            hit = cues.last(name, max(0, bracket - 4), bracket)
            if hit is not None and bracket - hit.end <= 2:
                doubts.append(Doubt("rejected", f"trong ngoặc: {hit.phrase}"))
    if quantity.unit.startswith(_ATTENDANTS) and _on_one_day(cues, scene, quantity):
        doubts.append(Doubt("review", "riêng một buổi"))
    doubts += _torn(scene, quantity)
    if _share_in_brackets(tokens, quantity):
        doubts.append(Doubt("review", "số của tỷ lệ"))
    if _singled_out(cues, tokens, quantity, short, spared):
        doubts.append(Doubt("review", "ví dụ"))
    return doubts + said_behind(cues, scene, quantity, spared, planned)


def _torn(scene: Scene, quantity: Quantity) -> list[Doubt]:
    """Doubt digits that stand so close to dots or other figures that they may be parts of something else."""
    doubts = []
    tokens = scene.tokens
    ahead = scene.passage.raw[max(0, tokens[quantity.index].start - 4) : tokens[quantity.index].start]
    # Of a line to be filled in recognition makes zeros: "......00+: 160 ngudi".
    filled = tokens[quantity.index].text in ("00", "000", "0000") and ahead[-1:] in tuple(".…")
    if _LOOSE_DOT.search(ahead) or (filled and scene.passage.damaged):
        doubts.append(Doubt("review", "số dính dấu chấm điền"))
    beside = [k for k in (quantity.index - 1, quantity.index + 1) if 0 < k < len(tokens)]
    bare = quantity.percent is None and quantity.ratio is None
    if bare and any(tokens[k].kind == "figure" for k in beside):
        doubts.append(Doubt("review", "hai số liền nhau"))  # Columns of a table whose rules were lost.
    around = range(max(1, quantity.index - 1), min(quantity.index + 2, len(tokens) - 1))
    if bare and any(
        tokens[k].text == "/" and tokens[k - 1].kind == tokens[k + 1].kind == "figure" for k in around
    ):
        doubts.append(Doubt("review", "một trong các số viết liền"))  # "16/22/5" for whatever three things
    return doubts


def _adds_up(tokens: Sequence[Token], start: int, here: int) -> bool:
    """Whether the one of each is told, and then what all of them come to."""
    one = next((i for i in range(start, min(start + 3, here)) if fold(tokens[i].text) in _ONE), None)
    return one is not None and any(fold(t.text) in _HENCE for t in tokens[one + 1 : here])


def _in_brackets_before(tokens: Sequence[Token], i: int, here: int) -> bool:
    """Whether a token stands in brackets that close before the figure: ``(giao mỗi thôn 1 tổ): được 24 tổ``."""
    return next((t.text for t in tokens[i:here] if t.text in "()"), "") == ")"


def _opened_by_past(cues: Cues, tokens: Sequence[Token], quantity: Quantity) -> Hit | None:
    """Return the words that set the sentence, or the part of it that a semicolon opens, in an earlier period."""
    here = quantity.start
    semicolon = max((i for i in range(quantity.sentence[0], here) if tokens[i].text == ";"), default=None)
    starts = [quantity.sentence[0], *([] if semicolon is None else [semicolon + 1])]
    for start in starts:
        past = cues.last("past", start, start + 5)
        if past is None or past.end > here or compared_with(tokens, past.start):
            continue
        likened = fold(tokens[past.start - 1].text) in _LIKENED if past.start > start else False
        if (
            not likened
            and not cues.last("now", past.end, here)
            and (start == starts[-1] or semicolon is None)
        ):
            return past
    return None


def _denied_deed(cues: Cues, tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Doubt what a deed denied directly before it counts: ``không lập 76 tổ mà ghép``."""
    here = quantity.start
    for i in range(max(quantity.first, here - 4), here):
        deed = cues.at("deeds", i + 1) if cues.at("denials", i) else None
        if deed is not None and deed.end == here and not quantity.none:
            return [Doubt("review", f"phủ định: {deed.phrase}")]
    return []


def told_of_a_whole(tokens: Sequence[Token], quantity: Quantity, spared: Sequence[Hit]) -> list[Doubt]:
    """Doubt the whole that a part is told of: ``không hồ sơ nào quá hạn trên tổng 4.880 hồ sơ``."""
    start, here = quantity.sentence[0], quantity.start
    before = [fold(t.text) for t in tokens[max(start, here - 3) : here]]
    whole = before[-2:] == ["tren", "tong"] or before in (
        ["tren", "tong", "so"],
        ["tren", "tong", "cong"],
        ["trong", "tong", "so"],
    )
    ahead = any(start <= hit.start < here for hit in spared)
    behind = any(quantity.unit_end <= hit.start < quantity.last for hit in spared)
    told = whole and quantity.ratio is None and ahead and not behind
    return [Doubt("review", "mẫu số")] if told else []


def _opens_with_one(tokens: Sequence[Token], quantity: Quantity, short: bool) -> bool:
    """Whether a sentence is of one body, place or month: ``Riêng Công an phường: 4.310 hồ sơ, 100% trực tuyến``."""
    start = quantity.sentence[0]
    while start < quantity.start and tokens[start].kind == "mark":
        start += 1
    if start + 1 >= quantity.start or fold(tokens[start].text) != "rieng":
        return False
    if any(t.text == ";" for t in tokens[start : quantity.start]):
        return False
    name = tokens[start + 1]
    month = fold(name.text) == "thang" or (name.text[:1] == "T" and name.text[1:].isdigit())
    named = name.kind == "word" and name.text[:1].isupper() and not name.text.isupper()
    return (month and not short) or (named and not month)


def _singled_out(
    cues: Cues, tokens: Sequence[Token], quantity: Quantity, short: bool, spared: Sequence[Hit]
) -> bool:
    """Whether words before a figure pick out one case; ``một chuyên mục riêng`` only describes.

    ``văn bản 25, riêng công văn 14`` names nothing but what is counted.
    """
    example = cues.last("example", quantity.first, quantity.start)
    if example is None or example.phrase != "riêng":
        return example is not None
    named = {i for hit in spared for i in range(hit.start, hit.end)}
    between = [i for i in range(example.end, quantity.start) if tokens[i].kind != "mark"]
    bare = quantity.unit_end <= quantity.index + 1  # "riêng TikTok 64 clip" counts clips of one place
    while between and fold(tokens[between[0]].text) in _KIND_OF:
        between = between[1:]
    while between and fold(tokens[between[-1]].text) in _TELLING:
        between = between[:-1]
    if between and bare and named.issuperset(between):
        return False
    if short and fold(tokens[example.end].text) in ("thang", "quy", "ky", "trong"):
        return False
    before = tokens[example.start - 1] if example.start > quantity.sentence[0] else None
    return before is None or before.kind != "word" or fold(before.text) in _JOINS


def other_matter(
    cues: Cues, scene: Scene, quantity: Quantity, monthly: bool, planned: bool = False
) -> list[Doubt]:
    """Doubt what is told of another field of work, is not there yet, or is one month's unless the report is ``monthly``.

    Of an indicator that counts needs (``planned``) what is not there yet is the claim.
    """
    first, last = quantity.sentence
    end = max(quantity.last, quantity.unit_end)
    doubts = []
    own = cues.last("own_topics", first, last) or any(_names_resolution(t) for t in scene.tokens[first:last])
    topic = cues.last("other_topics", quantity.first, end)
    if topic is not None and topic.phrase == "lĩnh vực đất đai":
        topic = None if quantity.unit.startswith(("hồ sơ", "bộ", "trường hợp")) else topic
    if topic is not None and not own and not _all_of_them(scene.tokens, quantity.unit_end, topic.start):
        doubts.append(Doubt("review", f"lĩnh vực khác: {topic.phrase}"))
    if not monthly and begins_with_month(scene.tokens[first : quantity.start]):
        doubts.append(Doubt("review", "riêng một tháng"))
    others = [t.text for t in scene.tokens[quantity.first : end] if t.kind == "label" and "-NQ/" in t.text]
    if others and not own:
        doubts.append(Doubt("review", f"nghị quyết khác: {others[0]}"))
    if (
        not monthly
        and cues.last("cumulative", quantity.index, last)
        and in_one_month(scene.tokens[first : quantity.start])
    ):
        doubts.append(Doubt("review", "riêng một tháng"))
    lacking = cues.last("unfinished", quantity.first, min(end, quantity.unit_end + 6))
    denied = lacking is not None and any(
        fold(t.text) == "khong" for t in scene.tokens[max(quantity.first, lacking.start - 4) : lacking.start]
    )
    if lacking is not None and not planned and not denied:
        doubts.append(Doubt("review", f"chưa có: {lacking.phrase}"))
    return doubts


def _all_of_them(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether what follows a counted whole tells where all of it belongs: ``05 hồ sơ, đều thuộc lĩnh vực đất đai``."""
    return any(fold(token.text) == "deu" for token in tokens[start:end])


def _names_resolution(token: Token) -> bool:
    return token.kind == "label" and token.text.startswith("57")


def _on_one_day(cues: Cues, scene: Scene, quantity: Quantity) -> bool:
    """Whether the words before attendants set them on one day: ``Tại hội nghị ngày 12/9 có 180 người``.

    The launch of a movement is one day by its nature.
    """
    tokens, start, here = scene.tokens, quantity.sentence[0], quantity.start
    launched = cues.phrases("one_day")
    if any(hit.phrase in launched and start <= hit.start < quantity.last for hit in scene.hits):
        return False
    said = {fold(token.text) for token in tokens[quantity.first : quantity.last]}
    if said.isdisjoint(("tham", "du", "hut")):
        return False
    for i in range(max(start + 1, quantity.first - 24), here):
        told = tokens[i].kind in ("date", "figure") and fold(tokens[i - 1].text) == "ngay"
        numeral = tokens[i].numeral
        whole = numeral is not None and numeral.whole is not None
        before = fold(tokens[i - 2].text) if i > 1 else ""
        if told and (whole or tokens[i].kind == "date") and before not in ("den", "tu", "toi", "sau", "ca"):
            return not any(t.kind == "label" for t in tokens[max(start, i - 5) : i])
    return False


def _share_in_brackets(tokens: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a count stands in brackets directly behind a share, which it only explains: ``97,1% (11.557 hồ sơ)``."""
    if quantity.percent is not None or quantity.start < 2 or tokens[quantity.start - 1].text != "(":
        return False
    before = tokens[quantity.start - 2]
    return before.text == "%" or (before.numeral is not None and before.numeral.percent)


def one_quarter(tokens: Sequence[Token], quantity: Quantity, quarterly: bool = False) -> list[Doubt]:
    """Doubt a figure whose own words set it in one quarter or month: ``(quý II còn 7 hồ sơ)``, ``quý III có 820``.

    In a report on a quarter (``quarterly``) only months are parts.
    """
    begin = quantity.first
    while begin < quantity.start and (tokens[begin].kind == "mark" or fold(tokens[begin].text) in _JOINS):
        begin += 1
    named = begin + 1 < quantity.start and tokens[begin + 1].kind in ("figure", "label", "word")
    word = tokens[begin].text.lower()
    bracket = begin > 0 and tokens[begin - 1].text == "("
    quarter = not quarterly and word in ("quý", "quí") and named and fold(tokens[begin + 1].text) in _QUARTERS
    month = bracket and (word == "tháng" or (word[:1] == "t" and word[1:].isdigit()))
    month = month or _of_one_month(tokens, quantity, ("tháng",) if quarterly else ("tháng", "quý", "quí"))
    return [Doubt("review", "riêng một quý" if quarter else "riêng một tháng")] if quarter or month else []


def _of_one_month(tokens: Sequence[Token], quantity: Quantity, periods: tuple[str, ...]) -> bool:
    """Whether a month or quarter stands directly before a figure: ``quý III 66%``, ``dồn vào tháng 7 (10 hồ sơ)``."""
    here = quantity.start
    while here > quantity.sentence[0] and _only_tells(tokens[here - 1]):
        here -= 1
    behind = [t.text.lower() for t in tokens[quantity.unit_end : quantity.unit_end + 3]]
    if (
        len(behind) == 3
        and behind[0] == "của"
        and (
            (behind[1] in periods and behind[2].isdigit())
            or (behind[1][:1] == "t" and behind[1][1:].isdigit())
        )
    ):
        return True  # "nằm trong 965 lượt của tháng 8"
    if here - 2 < quantity.sentence[0]:
        return False
    word = tokens[here - 2].text.lower()
    numbered = tokens[here - 1].kind in ("figure", "label") or fold(tokens[here - 1].text) in _QUARTERS
    before = fold(tokens[here - 3].text) if here - 3 >= quantity.sentence[0] else ""
    return word in periods and numbered and before not in _UNTIL and not compared_with(tokens, here - 2)


def _only_tells(token: Token) -> bool:
    return token.text in ":=(" if token.kind == "mark" else fold(token.text) in _TELLING


def rate_of_time(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Doubt ``02 đợt/năm`` and ``7 người một tổ``: a frequency is no total."""
    behind = [fold(t.text) for t in tokens[quantity.unit_end : quantity.unit_end + 2]]
    if quantity.unit and behind[:1] in (["mot"], ["moi"]) and behind[1:] and behind[1] in _PERIODS:
        return [Doubt("review", "tần suất")]
    if (
        quantity.unit
        and behind[:1] in (["ay"], ["do"])
        and tokens[quantity.unit_end].text.lower() in ("ấy", "đó")
    ):
        return [Doubt("review", "nhắc lại")]
    for i in range(quantity.index + 1, min(quantity.unit_end + 2, len(tokens) - 1)):
        if quantity.unit.startswith("tin") and fold(tokens[i + 1].text) == "bai":
            break  # "447 tin/bài/clip"
        if tokens[i].text == "/" and fold(tokens[i + 1].text) in _PERIODS:
            return [Doubt("review", "tần suất")]
    return []


def added(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Doubt what was only added to what is there: ``thành lập thêm 2 tổ``, ``6 sản phẩm, thêm 2 đang chấm``."""
    words = [fold(t.text) for t in tokens[max(quantity.sentence[0], quantity.start - 2) : quantity.start]]
    more = words[-1:] == ["them"] or words in (["bo", "sung"], ["them", "duoc"], ["lap", "moi"])
    return [Doubt("review", "chỉ phần thêm")] if more else []


def raised_to(tokens: Sequence[Token], quantity: Quantity) -> list[Doubt]:
    """Doubt what was added to a total told behind it: ``vận động được 45 đơn vị, nâng tổng số lên 104``."""
    behind = " ".join(fold(t.text) for t in tokens[quantity.unit_end : quantity.sentence[1]])
    return [Doubt("review", "chỉ phần thêm")] if _RAISED.search(behind) else []
