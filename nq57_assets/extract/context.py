"""Whether a figure is a result of this round for the whole commune, judged from headings, plans, years and places.

Belongs here: the year reported, targets and plans, other years, single villages.
Does not belong: which indicator a figure fills, what else it may measure (``measure``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import re2

from nq57_assets.extract.cues import Cues, Doubt, surfaces_in
from nq57_assets.extract.grammar import Grammar, Pattern
from nq57_assets.extract.legend import Legend
from nq57_assets.extract.lexicon import Hit
from nq57_assets.extract.measure import (
    added,
    one_quarter,
    other_matter,
    other_measure,
    raised_to,
    rate_of_time,
    told_of_a_whole,
)
from nq57_assets.extract.pairs import told_beside
from nq57_assets.extract.passages import Token
from nq57_assets.extract.periods import (
    bracketed_off,
    compared_with,
    opens_with_named_month,
    tells_on,
    year_at,
)
from nq57_assets.extract.places import place_doubts
from nq57_assets.extract.quantities import Quantity
from nq57_assets.extract.report_period import Period, beyond_period, is_ahead
from nq57_assets.extract.scene import Scene, titles_before, words_of
from nq57_assets.model import Document, Header
from nq57_assets.vietnamese.fold import fold

_TITLE_LENGTH = 60
_LONG = Period()
_NO_LEGEND = Legend()
_PROPOSED = re2.compile(r"^\W*(?:[ivx\d]{1,4}\W+)?(?:nhung |cac |mot so )?de xuat(?:$|,| va |:)")
_YEAR = re2.compile(r"(?i)(?:^|[^\pL])n[ăaiâ]{1,2}[mn]\s{0,2}((?:19|20)\d{2})")
_ANY_YEAR = re2.compile(r"(?:^|[^\d/]|[IVX]\s?/\s?)(20\d{2})(?:$|[^\d])")
# Future words that govern everything behind them in their sentence, however the verbs go on.
_FIRM = frozenset({"sang năm", "phấn đấu", "dự kiến", "sẽ", "đặt mục tiêu", "giao chỉ tiêu", "đăng ký cử"})
_LAUNCH = "media_launch_participants"
_BIDDING = frozenset({"phải", "cần", "đề nghị"})
_PLANS = frozenset({"kế hoạch năm", "kế hoạch cả năm", "mục tiêu", "chỉ tiêu"})
# Of these a figure may stand beside what came of it.
_PAIRED = frozenset({"dự kiến", "đặt mục tiêu", "giao chỉ tiêu", "đăng ký cử"})
_TASKS = ("nhiem vu", "phuong huong", "muc tieu", "chi tieu nam")
_OPENING = 20
# "Lãnh đạo thực hiện các nhiệm vụ trọng tâm" tells what was done; "Chỉ tiêu về chữ ký số" names a field.
_CARRIED_OUT = re2.compile(
    r"(?:ket qua|lanh dao|chi dao|tinh hinh|da) (?:trien khai |thuc hien )+(?:cac |nhung )?nhiem vu"
    r"|^\W*(?:[ivx\d]{1,4}\W+)?chi tieu ve "
)
# Not what is to be reached but what is reported on: "Chỉ tiêu đếm được", "Tiến độ chỉ tiêu".
_REPORTED_ON = re2.compile(
    r"\b(?:tien do|so lieu|thong ke|danh muc|bang) (?:cac |ve )?chi tieu(?:$|[^\pL\d]*$)"
    r"|\bchi tieu (?:dem duoc|uoc|bang (?:khong|0)|theo (?:kieu|dang|nhom)|dinh luong|thong ke)\b"
    r"|\bchi tieu (?:da|khong|chua) (?:dat|hoan thanh|phat sinh)\b"
)
_TASKS_NAMED = frozenset(
    {"nhiệm vụ trọng tâm", "nhiệm vụ giải pháp", "nhiệm vụ và giải pháp", "giải pháp", "chỉ tiêu", "mục tiêu"}
)
_ASKING = re2.compile(
    r"^\W*(?:[ivx\d]{1,4}\W+)?(?:xin|mong|uoc)(?:$| (?:duoc|cap tren|thanh pho|cac cap|so|them)|:)"
)
_WISHES = frozenset({"đề nghị", "kiến nghị", "yêu cầu"})
_PLAN_WORDS = ("kế hoạch", "chỉ tiêu", "mục tiêu", "giao")


def report_year(document: Document, header: Header) -> int | None:
    """Return the year that a document reports on: of its subject, else the one it was issued in.

    A report of January or February mostly tells of the year before, so there the year named most decides.
    """
    issued = header.issued_year
    for match in _YEAR.finditer(header.subject or ""):
        year = int(match.group(1))
        if issued is None or issued - 1 <= year <= issued:
            return year
    if issued is not None and (header.issued_month or 12) > 2:
        return issued
    named = Counter(int(match.group(1)) for match in _YEAR.finditer(document.text[:20_000]))
    near = {year: n for year, n in named.items() if issued is None or issued - 1 <= year <= issued}
    return max(near, key=lambda year: near[year]) if near else issued


class Judge:
    """Judges the quantities of one document.

    Args:
        grammar: Cues of context.
        year: Year that the document reports on, or None.
        names: Names of communes in the letterhead: the sender's own.
        period: What the document reports on: a month or quarter named in it may be no part of the period.
        month: Month in which the document was issued.
        legend: What the document says of its brackets and asterisks.
    """

    def __init__(
        self,
        grammar: Grammar,
        year: int | None,
        names: frozenset[str] = frozenset(),
        period: Period = _LONG,
        month: int | None = None,
        legend: Legend = _NO_LEGEND,
    ) -> None:
        self._grammar = grammar
        self._year = year
        self._names = names
        self._period = period
        self._month = period.last_month or month
        self._legend = legend
        self._sections: dict[tuple[str, ...], Doubt | None] = {}

    @property
    def year(self) -> int | None:
        """Year that the document reports on."""
        return self._year

    def section(self, path: tuple[str, ...]) -> Doubt | None:
        """Return what the headings speak against results: plans, wishes, difficulties."""
        if path not in self._sections:
            self._sections[path] = self._of_headings(path)
        return self._sections[path]

    def _of_headings(self, path: tuple[str, ...]) -> Doubt | None:
        for title in reversed(path):
            # "Cộng sổ cả năm (sau khi rà)" says nothing of the year after.
            parts = re2.split(r"[()\[\]]", title)
            # In brackets the words count that open them: "(dự kiến)", but not "(cột này chỉ để theo dõi chỉ tiêu)".
            told = [
                part if i % 2 == 0 or not parts[0].strip() else part[:_OPENING]
                for i, part in enumerate(parts)
            ]
            found = frozenset().union(*(surfaces_in(part, self._grammar) for part in told))
            if _CARRIED_OUT.search(fold(title)):
                found = found - _TASKS_NAMED
            if _REPORTED_ON.search(fold(title)):
                found = found - {"chỉ tiêu"}
            years = [int(match.group(1)) for match in _ANY_YEAR.finditer(title)]
            ahead = self._year is not None and bool(years) and min(years) > self._year
            if found & self._grammar.cues["result_headings"] and not ahead:
                return None
            ahead = ahead or is_ahead(title, self._year, self._month)
            proposed = _PROPOSED.match(fold(title)) is not None or _ASKING.match(fold(title)) is not None
            if (
                ahead
                or proposed
                or fold(title).startswith(_TASKS)
                or found & self._grammar.cues["future_headings"]
            ):
                return Doubt("rejected", f"mục {title[:40]}")
            if found & self._grammar.cues["trouble_headings"]:
                return Doubt("review", f"mục {title[:40]}")
        return None

    def _ahead(self, scene: Scene, quantity: Quantity) -> Doubt | None:
        """Return what the line that introduces a list, or a title before the sentence, says of the future."""
        if is_ahead(scene.passage.text, self._year, self._month):
            return Doubt("rejected", f"mục {scene.passage.text[:40]}")
        titles = [scene.passage.lead] if scene.passage.lead else []
        titles += [words_of(scene, span) for span in titles_before(scene, quantity)]
        found = [self.section((title,)) for title in titles if len(title) <= _TITLE_LENGTH]
        return next((doubt for doubt in found if doubt and doubt.level == "rejected"), None)

    def doubts(
        self, scene: Scene, quantity: Quantity, spared: Sequence[Hit], pattern: Pattern | None = None
    ) -> list[Doubt]:
        """Return what speaks against a figure being a result.

        Args:
            scene: The passage.
            quantity: One of its figures.
            spared: Hits that announce the indicator itself; a cue inside one of them proves nothing.
            pattern: What the figure was taken for. Of an indicator that counts needs or proposals the future speaks
                for it; one that counts what is there is no less so for being a running total.
        """
        planned = pattern is not None and pattern.planned
        stock = pattern is not None and pattern.indicator.kind == "stock"
        certificates = pattern is not None and pattern.indicator.code.startswith("egov_certs_")
        section = self.section(scene.passage.path) or self._ahead(scene, quantity)
        doubts = [section] if section and not planned else []
        doubts += self._legend.doubts(scene.tokens, quantity)
        if scene.passage.kind == "row":
            return doubts
        cues = Cues(scene, self._grammar, frozenset(i for hit in spared for i in range(hit.start, hit.end)))
        doubts += other_measure(cues, scene, quantity, spared, self._period.short, planned)
        if not planned:
            doubts += _future(cues, scene.tokens, quantity, spared if certificates else ())
            doubts += self._years(cues, scene, quantity)
            doubts += told_beside(scene.tokens, quantity)
        doubts += place_doubts(
            cues, scene, quantity, self._names, pattern is not None and pattern.indicator.code == _LAUNCH
        )
        monthly = self._period.kind == "month"
        doubts += other_matter(cues, scene, quantity, monthly, planned)
        shifting = pattern is not None and (
            pattern.indicator.kind == "rate" or pattern.indicator.code.startswith("egov_dossiers_")
        )
        if shifting and not self._period.short and opens_with_named_month(scene.tokens, *quantity.sentence):
            doubts.append(Doubt("review", "riêng một tháng"))
        if not monthly:
            doubts += one_quarter(scene.tokens, quantity, self._period.kind == "quarter")
        if pattern is not None and pattern.indicator.group != "place":
            doubts += told_of_a_whole(scene.tokens, quantity, spared)
        if stock and not planned:
            doubts += added(scene.tokens, quantity)
        if stock or not self._period.short:
            doubts += raised_to(scene.tokens, quantity)
        if not stock:
            doubts += beyond_period(scene.tokens, quantity, self._period)
        return doubts + rate_of_time(scene.tokens, quantity)

    def _years(self, cues: Cues, scene: Scene, quantity: Quantity) -> list[Doubt]:
        """Doubt a figure that a year other than the report's governs."""
        if self._year is None:
            return []
        before = [
            (i, year)
            for i in range(quantity.sentence[0], quantity.start)
            if (year := year_at(scene.tokens, i)) is not None
            and not bracketed_off(scene.tokens, i, quantity)
            and not _left_behind(scene.tokens, i, quantity)
        ]
        near = min(quantity.last, quantity.unit_end + 3)
        beside = range(quantity.unit_end, near)
        told = next((i for i in beside if year_at(scene.tokens, i) == self._year), None)
        if told is not None and not any(scene.tokens[i].text in ",;" for i in range(quantity.unit_end, told)):
            return []  # "xuống còn 03 hồ sơ năm 2025"; behind a comma the year opens a statement of its own
        if before:
            place, year = before[-1]
            compared = compared_with(scene.tokens, place) and place < quantity.first
            figures = any(t.kind == "figure" for t in scene.tokens[place + 1 : quantity.start])
            # "từ 05 sản phẩm năm 2024, đến nay 09": the year ends a part of its own.
            figures = figures or scene.tokens[place + 1].text in ",;"
            turned = fold(scene.tokens[quantity.start - 1].text) in ("con", "len", "thanh")
            changed = turned and cues.last("change", quantity.sentence[0], quantity.start) is not None
            now = figures and (turned or cues.last("now", place, quantity.start) is not None)
            over = now or changed
            if year != self._year and not compared and not over:
                far = year < self._year and place < quantity.first
                return [Doubt("review" if far else "rejected", f"năm {year}")]
        for i in range(quantity.index + 1, min(quantity.last, quantity.unit_end + 9)):
            if not quantity.owns(i):
                continue  # "45 buổi (năm 2024: 28 buổi)"
            behind = year_at(scene.tokens, i)
            compared = behind is not None and compared_with(
                scene.tokens[quantity.index : i], i - quantity.index
            )
            if behind is not None and behind != self._year and not compared and not tells_on(scene.tokens, i):
                close = i <= quantity.unit_end + 4
                return [Doubt("rejected" if close else "review", f"năm {behind}")]
        return []


def _left_behind(tokens: Sequence[Token], place: int, quantity: Quantity) -> bool:
    """Whether a semicolon ends what a year is told of; a year that opens the sentence is told of all of it."""
    opens = place <= quantity.sentence[0] + 4
    return not opens and any(t.text == ";" for t in tokens[place : quantity.start])


def _names_a_target(tokens: Sequence[Token], future: Hit) -> bool:
    """Whether ``chỉ tiêu`` is only the name of an item of a list: ``Chỉ tiêu số 6 (...): được 24 tổ``."""
    if future.phrase not in ("chỉ tiêu", "mục tiêu") or future.end + 1 >= len(tokens):
        return False
    following = tokens[future.end]
    numbered = following.text.lower() == "số" and tokens[future.end + 1].kind in ("figure", "label")
    return numbered or (following.kind == "figure" and tokens[future.end + 1].text in ".:(")


def _came_to(cues: Cues, tokens: Sequence[Token], start: int, here: int) -> bool:
    """Whether a planned figure stands at the start, and before the figure in question words of what came of it."""
    planned = next((i for i in range(start, here) if tokens[i].kind == "figure"), None)
    return planned is not None and cues.last("came_to", planned + 1, here) is not None


def _future(
    cues: Cues, tokens: Sequence[Token], quantity: Quantity, deeds: Sequence[Hit] = ()
) -> list[Doubt]:
    """Doubt what a plan, a target or a wish governs; one that bids a deed counted as done (``deeds``) does not.

    ``Số chứng thư phải thu hồi là 13``: what had to be withdrawn was.
    """
    start, here = quantity.sentence[0], quantity.start
    future = cues.last("future", start, here)
    if future is None or _names_a_target(tokens, future):
        return []
    asked = future.phrase == "đề nghị" and fold(tokens[future.end].text) == "cap"
    if (
        future.phrase in _BIDDING
        and not asked
        and any(future.end <= hit.start <= future.end + 1 for hit in deeds)
    ):
        return []
    if tokens[future.start].text.lower() == "chi" and tokens[future.end - 1].text.lower() == "tiêu":
        return []  # "chi tiêu không dùng tiền mặt"
    if (
        future.phrase.startswith("kế hoạch")
        and future.start
        and tokens[future.start - 1].text.lower() in (",", "cả")
    ):
        return []  # "văn bản chỉ đạo, kế hoạch là 11"
    if future.phrase == "yêu cầu" and any(tokens[i].text == ":" for i in range(future.end + 3, here)):
        return []  # "Yêu cầu mọi máy có phần mềm: 120 máy đã có"
    if future.phrase in _PLANS and future.start and fold(tokens[future.start - 1].text) in ("khai", "hien"):
        return []  # "hội nghị triển khai kế hoạch năm"
    if future.phrase in _PAIRED and _came_to(cues, tokens, future.end, here):
        return []  # "dự kiến 25, thực hiện 23"
    closed = [i for i in range(future.end, here) if tokens[i].text in "()"]
    if closed and tokens[closed[0]].text == ")":
        return []  # "1.733 người (đạt 115% chỉ tiêu) và 1.290 lượt": what brackets say ends with them.
    governs = future.phrase in _FIRM or any(word in future.phrase for word in _PLAN_WORDS)
    governs = governs or (future.phrase in _WISHES and future.start <= start + 5)
    parted = max((i for i in range(future.end, here) if tokens[i].text == ";"), default=None)
    if parted is not None and (cues.last("done", parted, here) or cues.last("besides", parted, here)):
        return []
    if future.phrase not in _FIRM:
        done = cues.last("done", future.end, here)
        figures = [i for i in range(future.end, here) if tokens[i].kind == "figure"]
        if done is not None and (not governs or (figures and figures[0] < done.start)):
            return []
        # A target named in passing binds its own part of the sentence; one that opens the sentence binds all of it.
        if any(tokens[i].text == ";" for i in range(future.end, here)) and future.start > start + 4:
            return []
    if governs:
        return [Doubt("rejected", future.phrase)]
    return [Doubt("review", future.phrase)] if future.start >= quantity.first else []
