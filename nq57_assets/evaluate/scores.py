"""The scores of an evaluation and how a person reads them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from nq57_assets.evaluate.statements import StatementTally

ErrorKind = Literal[
    "false_accepted", "missed", "in_review", "qualifier", "detail", "header", "commune", "crash",
    "statement_false", "statement_missed", "statement_kind", "statement_addressee", "statement_theme",
]  # fmt: skip
Verdict = Literal["right", "unknown", "wrong"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One difference between reading and truth.

    Attributes:
        kind: What went wrong; ``in_review`` was seen but not accepted.
        channel: Folder that the document lies in, such as ``clean`` or ``ocr_vie``.
        document: File name.
        subject: Indicator or header field.
        expected: What the truth says; None where nothing was expected.
        seen: What was read; None where nothing was.
        line: Line in the read text for an observation, else in the clean text.
        quote: Words that the observation was read from.
        why: What the extraction says it matched.
    """

    kind: ErrorKind
    channel: str
    document: str
    subject: str
    expected: str | None = None
    seen: str | None = None
    line: int | None = None
    quote: str | None = None
    why: str | None = None


@dataclass(slots=True)
class Tally:
    """Counts over some set of figures; the shares are 1 where there is nothing to count.

    ``illegible`` counts true figures whose digits the channel's reading lost, which nobody could find there;
    ``misread`` the accepted observations that took such a damaged figure at its word. Neither enters a share.
    """

    expected: int = 0
    matched: int = 0
    in_review: int = 0
    accepted: int = 0
    false_accepted: int = 0
    false_review: int = 0
    qualifier_only: int = 0
    illegible: int = 0
    misread: int = 0

    @property
    def precision(self) -> float:
        """Share of the accepted observations that a true figure bears out."""
        return 1 - self.false_accepted / self.accepted if self.accepted else 1.0

    @property
    def recall(self) -> float:
        """Share of the true figures that were accepted."""
        return self.matched / self.expected if self.expected else 1.0

    @property
    def seen(self) -> float:
        """Share of the true figures that were accepted or wait in review."""
        return (self.matched + self.in_review) / self.expected if self.expected else 1.0

    @property
    def qualifier_right(self) -> float:
        """Share of the true figures seen with their number whose qualifier was right too."""
        found = self.matched + self.in_review
        return found / (found + self.qualifier_only) if found + self.qualifier_only else 1.0

    def to_dict(self) -> dict[str, float | int]:
        """Return counts and shares under their names."""
        return {
            "expected": self.expected,
            "accepted": self.accepted,
            "matched": self.matched,
            "in_review": self.in_review,
            "false_accepted": self.false_accepted,
            "false_review": self.false_review,
            "qualifier_only": self.qualifier_only,
            "illegible": self.illegible,
            "misread": self.misread,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "seen": round(self.seen, 4),
            "qualifier_right": round(self.qualifier_right, 4),
        }


@dataclass(frozen=True, slots=True)
class Scored:
    """One observation's confidence and whether a true figure bears it out, to choose the gate by."""

    channel: str
    confidence: float
    right: bool


@dataclass(slots=True)
class Evaluation:
    """What one run over a folder of documents with truth showed.

    Attributes:
        documents: Documents by channel.
        channels: Scores by channel.
        indicators: Scores by channel and indicator.
        headers: Verdicts by channel and header field, ``commune_code`` among them.
        mistakes: Every difference, in the order of the documents.
        confidences: Accepted and review observations of narratives and tables with their verdict.
        statements: Scores of difficulties, causes and recommendations by channel, where they were noted.
    """

    documents: Counter[str] = field(default_factory=Counter)
    channels: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    indicators: defaultdict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    headers: defaultdict[tuple[str, str], Counter[Verdict]] = field(
        default_factory=lambda: defaultdict(Counter)
    )
    mistakes: list[Mistake] = field(default_factory=list)
    confidences: list[Scored] = field(default_factory=list)
    statements: defaultdict[str, StatementTally] = field(default_factory=lambda: defaultdict(StatementTally))

    def commune(self, channel: str) -> dict[Verdict, int]:
        """Return how many documents of a channel had their commune right, unknown and wrong."""
        counted = self.headers[channel, "commune_code"]
        return {"right": counted["right"], "unknown": counted["unknown"], "wrong": counted["wrong"]}

    def gates(self, channel: str | None = None) -> list[dict[str, float]]:
        """Return precision and kept share of right observations at gates from 0.5 to 0.95, to choose one."""
        chosen = [s for s in self.confidences if channel is None or s.channel == channel]
        rights = sum(s.right for s in chosen) or 1
        rows = []
        for step in range(50, 100, 5):
            kept = [s for s in chosen if s.confidence >= step / 100]
            good = sum(s.right for s in kept)
            rows.append(
                {"gate": step / 100, "precision": good / len(kept) if kept else 1.0, "kept": good / rights}
            )
        return rows

    def to_dict(self, errors: bool = True) -> dict[str, Any]:
        """Return all scores as plain values for JSON; ``errors`` adds the list of differences."""
        result: dict[str, Any] = {
            "documents": dict(self.documents),
            "channels": {channel: tally.to_dict() for channel, tally in sorted(self.channels.items())},
            "commune": {channel: self.commune(channel) for channel in sorted(self.channels)},
            "headers": {
                channel: {name: dict(counts) for (at, name), counts in self.headers.items() if at == channel}
                for channel in sorted(self.channels)
            },
            "indicators": {
                channel: {
                    code: tally.to_dict()
                    for (at, code), tally in sorted(self.indicators.items())
                    if at == channel
                }
                for channel in sorted(self.channels)
            },
            "gates": {channel: self.gates(channel) for channel in sorted(self.channels)},
            "statements": {channel: tally.to_dict() for channel, tally in sorted(self.statements.items())},
        }
        if errors:
            fields = Mistake.__slots__
            result["mistakes"] = [
                {name: getattr(mistake, name) for name in fields} for mistake in self.mistakes
            ]
        return result

    def render(self, errors: bool = True, indicators: bool = True) -> str:
        """Return the scores as text: channels, statements, header fields, weak indicators and the differences."""
        parts = [
            "\n".join(self._channel_lines()),
            "\n".join(self._statement_lines()),
            "\n".join(self._header_lines()),
        ]
        if indicators:
            parts.append("\n".join(self._indicator_lines()))
        if errors:
            parts.append("\n".join(_mistake_lines(self.mistakes)))
        return "\n\n".join(part for part in parts if part)

    def _channel_lines(self) -> list[str]:
        lines = [
            f"{'channel':<12}{'docs':>5}{'figures':>9}{'accepted':>10}{'precision':>11}{'recall':>8}{'seen':>8}"
            f"{'qualifier':>11}{'lost/misread':>14}  commune right/unknown/wrong"
        ]
        for channel, tally in sorted(self.channels.items()):
            commune = self.commune(channel)
            lines.append(
                f"{channel:<12}{self.documents[channel]:>5}{tally.expected:>9}{tally.accepted:>10}"
                f"{tally.precision:>11.4f}{tally.recall:>8.4f}{tally.seen:>8.4f}{tally.qualifier_right:>11.4f}"
                f"{f'{tally.illegible}/{tally.misread}':>14}  {commune['right']}/{commune['unknown']}/{commune['wrong']}"
            )
        return lines

    def _statement_lines(self) -> list[str]:
        if not self.statements:
            return []
        lines = [
            f"{'statements':<12}{'docs':>5}{'noted':>9}{'read':>10}{'precision':>11}{'recall':>8}{'kind':>8}"
            f"{'addressee':>11}{'main theme':>14}"
        ]
        for channel, tally in sorted(self.statements.items()):
            lines.append(
                f"{channel:<12}{tally.documents:>5}{tally.expected:>9}{tally.seen:>10}{tally.precision:>11.4f}"
                f"{tally.recall:>8.4f}{tally.kind:>8.4f}{tally.addressee:>11.4f}{tally.theme:>14.4f}"
            )
        return lines

    def _header_lines(self) -> list[str]:
        names = sorted({name for _, name in self.headers})
        lines = [
            "header field (right/unknown/wrong)".ljust(36)
            + "".join(f"{c:>14}" for c in sorted(self.channels))
        ]
        for name in names:
            cells = []
            for channel in sorted(self.channels):
                counts = self.headers[channel, name]
                cells.append(f"{counts['right']}/{counts['unknown']}/{counts['wrong']}".rjust(14))
            lines.append(f"  {name:<34}" + "".join(cells))
        return lines

    def _indicator_lines(self) -> list[str]:
        lines = ["indicators short of full marks (matched+review/expected, false accepted)"]
        for (channel, code), tally in sorted(self.indicators.items()):
            if tally.matched < tally.expected or tally.false_accepted:
                found = f"{tally.matched}+{tally.in_review}/{tally.expected}"
                lines.append(f"  {channel:<10} {code:<32}{found:>10}{tally.false_accepted:>5}")
        return lines if len(lines) > 1 else []


def _mistake_lines(mistakes: Iterable[Mistake]) -> list[str]:
    lines = []
    for mistake in mistakes:
        place = f"{mistake.channel}/{mistake.document}" + (f":{mistake.line}" if mistake.line else "")
        told = [
            f"expected {mistake.expected}" if mistake.expected else "",
            f"seen {mistake.seen}" if mistake.seen else "",
        ]
        line = f"{mistake.kind:<15}{place}  {mistake.subject}  {'; '.join(part for part in told if part)}"
        lines.append(line)
        if mistake.quote:
            lines.append(f"{'':<15}“{mistake.quote}”" + (f"  [{mistake.why}]" if mistake.why else ""))
    return lines
