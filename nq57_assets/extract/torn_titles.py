"""Titles of columns that recognition wrote line by line: ``KH 6 Cả`` above ``năm tháng năm`` are three titles.

Belongs here: putting the words of wrapped titles together again. Does not belong: what a whole title asks for
(``column_roles``), titles that leave words unexplained (``titles``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

import re2
from rapidfuzz.distance.Levenshtein import distance

from nq57_assets.extract.column_roles import Role, result_column, role_of, roles_of
from nq57_assets.extract.report_period import Period
from nq57_assets.vietnamese.fold import fold

# Whole titles, folded; N is a number up to twelve, Q a quarter, Y a year, D a day.
_NUMBERS = "tt;stt;so tt;so thu tu;ma;ma so;ma chi tieu;ky hieu;muc"
_LABELS = """
noi dung;noi dung bao cao;noi dung chi tieu;noi dung cong viec;noi dung thong ke;thong tin;khoan muc
chi tieu;ten chi tieu;chi tieu thong ke;chi tieu bao cao;danh muc;danh muc chi tieu;chi so;chi so thong ke
nhiem vu;dau viec;hang muc;tieu chi;cong viec;viec;ten viec;linh vuc;hoat dong;noi dung cong tac
noi dung nhiem vu;viec da lam
"""
_OTHERS = """
don vi;don vi tinh;dvt;dv tinh;ke hoach;ke hoach Y;ke hoach nam;ke hoach nam Y;ke hoach giao;ke hoach ca nam
ke hoach duoc giao;kh;kh Y;kh nam;kh nam Y;kh giao;chi tieu giao;chi tieu Y;chi tieu nam;chi tieu nam Y
chi tieu ke hoach;ctg;ctg Y;ct;giao;giao ca nam;giao nam;thanh pho giao;tp giao;xa giao;duoc giao;muc tieu
muc tieu Y;muc tieu nam Y;phan dau;ke hoach quy;ke hoach quy Q;ket qua;ket qua thuc hien;ket qua nam Y
ket qua Y;ket qua dat duoc;ket qua D;ket qua den D;ket qua quy Q;ket qua thang N;ket qua N thang;thuc hien
thuc hien Y;thuc hien nam;thuc hien nam Y;thuc hien den D;thuc hien quy Q;thuc hien thang N;th;th Y;th nam Y
th den D;th N thang;so lieu;so lieu Y;so lieu nam Y;so lieu quy Q;so lieu den D;so luong;gia tri;gia tri Y
dat;dat duoc;so dat;con so;con so dat;con so dat duoc;den D;D;nam Y;Y;da lam;lam duoc;ky nay;nam nay
ky bao cao;trong ky;dat quy Q;quy Q dat;hien trang;thuc te;uoc ca nam;uoc nam Y;luy ke;luy ke nam
luy ke tu dau nam;luy ke den nay;luy ke Y;luy ke N thang;luy ke den D;tu dau nam;den nay;ca nam;ca nam Y
N thang;N thang Y;N thang nam Y;ca ky;toan ky;tong;cong;tong cong;tong so;toan xa;toan phuong;hien co
thang N;thang N Y;thang nay;trong thang;trong quy;quy nay;quy Q;quy Q Y;rieng thang N;rieng thang;cung ky
cung ky nam truoc;cung ky Y;cung ky nam Y;ck;ck Y;nam truoc;ket qua nam truoc;ky truoc;quy truoc;thang truoc
nam ngoai;ty le;ty le %;ty le hoan thanh;ty le hoan thanh %;ty le dat;%;% hoan thanh;% kh;% dat;dat %
dat % kh;% so kh;so kh;so ctg;so ck;so voi cung ky;so voi ke hoach;so voi kh;so sanh;so sanh %;th so kh
th/kh;th/giao;th/kh %;th/giao %;th so kh %;tang giam;tang;giam;chenh lech;so voi cung ky nam truoc
tang giam so voi cung ky;tang giam %;ghi chu;danh gia;nguon;nguon so lieu;nhan xet;dien giai;thuyet minh
giai trinh;giai thich;luu y;ly do;nguyen nhan
"""
_SLOTS = (
    ("N", re2.compile(r"^(?:0?[1-9]|1[0-2])$")),
    ("Q", re2.compile(r"^(?:i{1,3}|iv|ih|hi)$")),
    ("Y", re2.compile(r"^20\d\d$")),
    ("D", re2.compile(r"^\d{1,2}[/.]\d{1,2}(?:[/.]20\d\d)?$")),
)
_SENTENCE = re2.compile(r":|[.;?]\s*$")
_ROMANS = frozenset({"i", "ii", "iii", "iv", "ih", "hi"})
_MISREAD = str.maketrans({"6": "o", "0": "o", "¢": "e", "€": "e", "@": "a", "1": "i"})
_SHORT = {"bvt": "dvt", "pvt": "dvt", "bon": "don", "ih": "iii", "hi": "iii"}
_MOST_LINES, _MOST_WORDS, _LONGEST_TITLE, _LONGEST_LINE = 4, 15, 5, 130
_MOST_PARSES, _TOO_MANY = 4, 99
_LONG = Period()
_LABEL = "noi dung"
# Before a column of labels these are no plans: "Chỉ tiêu" is the label, and the year a column of its own.
_BEHIND_LABEL = frozenset({"chitieuY", "chitieunam", "chitieunamY", "chitieugiao", "chitieukehoach"})
VALUED = frozenset({"plan", "past", "part", "total", "asked", "share"})
"""Columns in which figures stand side by side."""

Word = tuple[str, str, bool]
Parse = tuple[int, frozenset[tuple[str, ...]]]


def _keys(phrases: str) -> dict[str, str]:
    """Return the phrases by their letters alone; a quarter may be counted by a digit."""
    listed = [" ".join(phrase.split()) for phrase in phrases.replace("\n", ";").split(";")]
    listed += [phrase.replace("Q", "N") for phrase in listed if "Q" in phrase]
    return {phrase.replace(" ", "").replace("/", ""): phrase for phrase in listed if phrase}


_LABEL_KEYS = frozenset(_keys(_LABELS))
_TITLES = _keys(_NUMBERS) | _keys(_LABELS) | _keys(_OTHERS)
_VOCABULARY = frozenset(
    word
    for phrase in _TITLES.values()
    for word in phrase.replace("/", " ").split()
    if word not in tuple("NQYD")
)
_STARTS = frozenset(key[:i] for key in _TITLES for i in range(1, len(key) + 1))


@lru_cache(maxsize=4096)
def _known(word: str) -> str:
    """Return a word as titles write it, figures as their slot; nothing for marks."""
    plain = "".join(c for c in fold(word) if c.isalnum() or c in "%/.").strip("./")
    if plain in _VOCABULARY:
        return plain
    for slot, pattern in _SLOTS if plain[:1].isdigit() or plain in _ROMANS else ():
        if pattern.match(plain):
            return slot
    plain = plain.replace("/", "").replace(".", "")
    plain = _SHORT.get(plain, plain)
    if not plain or plain in _VOCABULARY or plain in _TITLES:
        return plain
    mended = plain.translate(_MISREAD) if any(map(str.isalpha, plain)) else plain
    if mended in _VOCABULARY or mended in _TITLES:
        return mended
    near = [known for known in _VOCABULARY if len(known) > 3 and distance(known, mended, score_cutoff=1) < 2]
    return near[0] if len(near) == 1 else mended


def _words(line: str) -> tuple[Word, ...]:
    """Return (word as titles write it, as written, whether a rule parts it from the one before)."""
    found: list[Word] = []
    for i, part in enumerate(line.split("|")):
        known = [(_known(word), word) for word in part.split()]
        kept = [one for one in known if one[0]]
        found += [(name, word, i > 0 and place == 0) for place, (name, word) in enumerate(kept)]
    return tuple(found)


@lru_cache(maxsize=512)
def whole_titles(lines: tuple[str, ...], year: int | None = None, period: Period = _LONG) -> tuple[str, ...]:
    """Return the titles of all columns, folded, put together from lines that hold nothing else.

    Args:
        lines: Lines of titles, the upper first; rules between columns may be lost.
        year: Year that the document reports on.
        period: What it reports on.

    Returns:
        Titles in order, every column of labels named alike; none where words stay unexplained or can be parted in
        ways that differ in which column holds what.

    >>> whole_titles(("Mã | Tên chỉ tiêu Đơn | KH 6 Cả | Ghi chú", "vị năm | tháng | năm"))
    ('ma', 'noi dung', 'don vi', 'kh nam', '6 thang', 'ca nam', 'ghi chu')
    """
    if not 0 < len(lines) <= _MOST_LINES or max(map(len, lines)) > _LONGEST_LINE:
        return ()
    words = [_words(line) for line in lines]
    if not all(words) or max(map(len, words)) > _MOST_WORDS:
        return ()
    _, parses = _parse(words)
    if not all(titles.count(_LABEL) < 2 for titles in parses):
        return ()
    told = {
        (result_column(titles, year, period), *(role in VALUED for role in roles_of(titles, year)))
        for titles in parses
    }
    return min(parses) if len(told) == 1 else ()


def _parse(words: Sequence[Sequence[Word]]) -> Parse:
    """Return (how many columns at least, the ways to part the words into so many)."""
    ends = tuple(map(len, words))

    @cache
    def rest(at: tuple[int, ...], labelled: bool) -> Parse:
        if at == ends:
            return 0, frozenset({()})
        best, found = _TOO_MANY, set[tuple[str, ...]]()
        for upto, key, title in _columns(words, 0, at, "", ()):
            if key in _BEHIND_LABEL and not labelled:
                continue
            cost, parses = rest(upto, labelled or key in _LABEL_KEYS)
            if cost + 1 < best:
                best, found = cost + 1, set()
            if cost + 1 == best and len(found) < _MOST_PARSES:
                found |= {(title, *parse) for parse in parses}
        return best, frozenset(found)

    return rest((0,) * len(words), False)


def _columns(
    words: Sequence[Sequence[Word]], line: int, upto: tuple[int, ...], key: str, slots: tuple[str, ...]
) -> Iterator[tuple[tuple[int, ...], str, str]]:
    """Yield (where the words of each line go on, its letters, title) of every column that may begin at some words."""
    if line == len(words):
        if key in _TITLES:
            yield upto, key, _written(key, slots)
        return
    yield from _columns(words, line + 1, upto, key, slots)
    here = upto[line]
    for stop in range(here + 1, min(here + _LONGEST_TITLE, len(words[line])) + 1):
        known, written, ruled = words[line][stop - 1]
        key += known
        if (ruled and stop - 1 > here) or key not in _STARTS:
            return
        slots = (*slots, fold(written).strip(" .,:;()[]")) if known in tuple("NQYD") else slots
        yield from _columns(words, line + 1, (*upto[:line], stop, *upto[line + 1 :]), key, slots)


def _written(key: str, slots: Sequence[str]) -> str:
    """Return a whole title with its own figures; all titles of labels are one."""
    if key in _LABEL_KEYS:
        return _LABEL
    figures = iter(slots)
    return " ".join(
        _SHORT.get(figure := next(figures), figure) if word in tuple("NQYD") else word
        for word in _TITLES[key].split()
    )


def title_lines(
    lines: Sequence[str], year: int | None = None, period: Period = _LONG
) -> tuple[int, tuple[str, ...]]:
    """Return (how many of the lines are titles, the titles put together).

    Two columns at least, one of labels and one of values among them; nothing when the next line holds words of titles
    that could not be put together with them.
    """
    if not lines or not may_begin(lines[0]):
        return 0, ()
    for count in range(min(len(lines), _MOST_LINES), 0, -1):
        if any(_SENTENCE.search(line) for line in lines[:count]):
            continue
        titles = whole_titles(tuple(lines[:count]), year, period)
        roles = roles_of(titles, year)
        if len(titles) > 1 and "label" in roles and VALUED & set(roles):
            return (0, ()) if count < len(lines) and _names_more(lines[count]) else (count, titles)
    return 0, ()


def may_begin(line: str) -> bool:
    """Whether every word of a line may be of a title: cheap, and most lines are told by their first word."""
    return len(line) <= _LONGEST_LINE and all(
        not known or known in _VOCABULARY or known in _STARTS or known in tuple("NQYD")
        for known in map(_known, line.replace("|", " ").split())
    )


def _names_more(line: str) -> bool:
    """Whether a line holds words of titles, years and days, and nothing else."""
    words = [known for known, _, _ in _words(line)]
    return bool(words) and all(word in _VOCABULARY or word in _TITLES or word in ("Y", "D") for word in words)


def column_named(line: str) -> Role:
    """Return what a line that is the title of one column and nothing else asks for; an empty text for other lines.

    >>> column_named("Kết quả"), column_named("Kết quả tập huấn")
    ('asked', '')
    """
    titles = whole_titles((line,)) if may_begin(line) else ()
    return role_of(titles[0]) if len(titles) == 1 else ""
