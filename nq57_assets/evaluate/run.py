"""Read every document of a folder and score it against its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rapidfuzz.distance.Levenshtein import distance

from nq57_assets.catalogue import Catalogue
from nq57_assets.evaluate.matching import Matching, match, same_figure
from nq57_assets.evaluate.scores import ErrorKind, Evaluation, Mistake, Scored, Verdict
from nq57_assets.evaluate.statements import pair
from nq57_assets.evaluate.truth import (
    HEADER_FIELDS,
    TrueDocument,
    TrueFigure,
    TrueStatement,
    find_documents,
)
from nq57_assets.extract.identity import identify
from nq57_assets.extract.reading import read_submission
from nq57_assets.model import Observation, Reading, Reference, Statement

Read = Callable[[bytes, str, Catalogue], Reading]


def evaluate(
    folder: Path, catalogue: Catalogue, read: Read = read_submission, supplement: Path | None = None
) -> Evaluation:
    """Score the reading of every document under ``folder`` that has a truth.

    Args:
        folder: Documents with ``NAME.truth.yaml`` files, or a folder with ``gold/`` and ``submissions/``.
        catalogue: The reference data.
        read: What turns bytes into a reading; it is replaced to score another extraction.
        supplement: CSV of further true figures for a gold folder, in the columns of its ``quantities.csv``.

    Returns:
        The scores by channel and indicator, and every difference.

    Raises:
        TruthError: No document has a truth, or a truth file has a mistake.
    """
    result = Evaluation()
    for document in find_documents(folder, catalogue, supplement):
        reading = read(document.path.read_bytes(), document.path.name, catalogue)
        result.documents[document.channel] += 1
        commune = identify(reading.identity_votes, document.path.name, catalogue).commune_code
        _score_header(result, document, reading, commune)
        _score_figures(result, document, reading)
        if document.statements is not None:
            _score_statements(result, document, document.statements, reading.statements)
    return result


def _score_statements(
    result: Evaluation, document: TrueDocument, noted: Sequence[TrueStatement], read: Sequence[Statement]
) -> None:
    tally = result.statements[document.channel]
    pairs, false, missed = pair(read, noted)
    tally.documents += 1
    tally.expected += len(noted)
    tally.seen += len(read)
    tally.found += len(pairs)

    def differs(
        kind: ErrorKind, subject: str, expected: str | None, seen: str | None, one: Statement | TrueStatement
    ) -> None:
        line = one.address.line if isinstance(one, Statement) else one.line
        name = document.path.name
        result.mistakes.append(
            Mistake(kind, document.channel, name, subject, expected, seen, line, quote=one.text)
        )

    for one, true in pairs:
        if one.kind != true.kind:
            differs("statement_kind", "kind", true.kind, one.kind, one)
            continue
        tally.matched += 1
        tally.theme_right += one.themes[0] == true.themes[0]
        if one.themes[0] != true.themes[0]:
            differs("statement_theme", "theme", ",".join(true.themes), ",".join(one.themes), one)
        if true.addressee is not None:
            tally.addressed += 1
            tally.addressee_right += one.addressee == true.addressee
            if one.addressee != true.addressee:
                differs("statement_addressee", "addressee", true.addressee, one.addressee, one)
    for one in false:
        differs("statement_false", one.kind, None, ",".join(one.themes), one)
    for true in missed:
        differs("statement_missed", true.kind, ",".join(true.themes), None, true)


def _score_figures(result: Evaluation, document: TrueDocument, reading: Reading) -> None:
    channel, name = document.channel, document.path.name
    damaged = [figure for figure in document.figures if channel in figure.illegible]
    observations = _without_misread(result, channel, reading.observations, document, damaged)
    matching = match(observations, [figure for figure in document.figures if channel not in figure.illegible])
    for figure in damaged:
        for tally in (result.channels[channel], result.indicators[channel, figure.indicator]):
            tally.illegible += 1
    for observation in observations:
        if observation.status != "rejected":
            wrong = (*matching.false_accepted, *matching.false_review)
            right = not any(observation is other for other in wrong)
            result.confidences.append(Scored(channel, observation.confidence, right))
        if observation.status == "accepted":
            for tally in (result.channels[channel], result.indicators[channel, observation.indicator]):
                tally.accepted += 1
    _count_truths(result, channel, matching)
    for observation in matching.false_accepted:
        result.mistakes.append(_observed("false_accepted", channel, name, observation))
    for truth in matching.truths:
        if truth.observation is not None:
            result.mistakes.extend(
                _seen_mistakes(channel, name, truth.figure, truth.observation, truth.standing)
            )
        elif truth.qualifier_only is not None:
            mistake = _observed("qualifier", channel, name, truth.qualifier_only, str(truth.figure))
            result.mistakes.append(mistake)
        else:
            figure = truth.figure
            missed = Mistake(
                "missed", channel, name, figure.indicator, expected=str(figure), line=figure.line
            )
            result.mistakes.append(missed)


def _without_misread(
    result: Evaluation,
    channel: str,
    observations: Sequence[Observation],
    document: TrueDocument,
    damaged: Sequence[TrueFigure],
) -> list[Observation]:
    """Take out one observation for each damaged figure: that which reads its digits as the paper now shows them.

    Only an observation whose digits are at most one letter off is the damage's fault; reading the next column in
    place of a lost cell remains a false figure.
    """
    kept = list(observations)
    for figure in damaged:
        for observation in kept:
            if observation.indicator != figure.indicator or observation.status == "rejected":
                continue
            if distance(_digits(observation.value), _digits(figure.value)) > 1:
                continue
            if not any(same_figure(observation, true) for true in document.figures if true is not figure):
                kept = [other for other in kept if other is not observation]
                for tally in (result.channels[channel], result.indicators[channel, figure.indicator]):
                    tally.misread += observation.status == "accepted"
                break
    return kept


def _digits(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}".replace(".", "")


def _count_truths(result: Evaluation, channel: str, matching: Matching) -> None:
    for truth in matching.truths:
        for tally in (result.channels[channel], result.indicators[channel, truth.figure.indicator]):
            tally.expected += 1
            tally.matched += truth.standing == "accepted"
            tally.in_review += truth.standing == "review"
            tally.qualifier_only += truth.qualifier_only is not None
    for wrong, attribute in (
        (matching.false_accepted, "false_accepted"),
        (matching.false_review, "false_review"),
    ):
        for observation in wrong:
            for tally in (result.channels[channel], result.indicators[channel, observation.indicator]):
                setattr(tally, attribute, getattr(tally, attribute) + 1)


def _seen_mistakes(
    channel: str, name: str, figure: TrueFigure, observation: Observation, standing: str
) -> Iterable[Mistake]:
    if standing == "review":
        yield _observed("in_review", channel, name, observation, str(figure))
    if figure.detail is not None and observation.detail != figure.detail:
        yield Mistake(
            "detail",
            channel,
            name,
            figure.indicator,
            figure.detail,
            observation.detail,
            observation.address.line,
        )
    expected = (figure.numerator, figure.denominator)
    seen = (observation.numerator, observation.denominator)
    if figure.numerator is not None and expected != seen:
        line = observation.address.line
        yield Mistake(
            "detail", channel, name, figure.indicator, str(expected), str(seen), line, observation.quote
        )


def _observed(
    kind: Any, channel: str, name: str, observation: Observation, expected: str | None = None
) -> Mistake:
    shown = TrueFigure(
        observation.indicator,
        observation.value,
        observation.low,
        observation.high,
        observation.qualifier,
        observation.numerator,
        observation.denominator,
    )
    return Mistake(
        kind,
        channel,
        name,
        observation.indicator,
        expected=expected,
        seen=f"{shown} ({observation.confidence:.2f})",
        line=observation.address.line,
        quote=observation.quote,
        why=observation.why,
    )


def _score_header(result: Evaluation, document: TrueDocument, reading: Reading, commune: str | None) -> None:
    for name in HEADER_FIELDS:
        if name not in document.header:
            continue
        expected = document.header[name]
        if name == "references":
            _score_references(result, document, reading.header.references)
            continue
        seen = commune if name == "commune_code" else getattr(reading.header, name)
        verdict = _verdict(name, expected, seen)
        result.headers[document.channel, name][verdict] += 1
        if verdict != "right":
            kind: Any = "commune" if name == "commune_code" else "header"
            result.mistakes.append(
                Mistake(
                    kind, document.channel, document.path.name, name, str(expected), f"{seen} ({verdict})"
                )
            )


def _verdict(name: str, expected: Any, seen: Any) -> Verdict:
    if isinstance(seen, date):
        seen = seen.isoformat()
    if name == "number" and expected is not None and seen is not None:
        # Padding differs between offices: 05 and 0204 are the numbers 5 and 204.
        expected, seen = str(expected).lstrip("0"), str(seen).lstrip("0")
    if expected == seen:
        return "right"
    return "unknown" if seen is None or seen == "unknown" else "wrong"


def _score_references(result: Evaluation, document: TrueDocument, seen: Iterable[Reference]) -> None:
    """Count each noted reference once: unknown when it was not found, wrong when its date differs."""
    dates: dict[str, set[str | None]] = {}
    for reference in seen:
        issued = reference.issued_on.isoformat() if reference.issued_on else None
        dates.setdefault(reference.symbol, set()).add(issued)
    for noted in document.header["references"]:
        symbol, _, issued_on = str(noted).partition("@")
        verdict: Verdict = "right"
        if symbol not in dates:
            verdict = "unknown"
        elif issued_on and issued_on not in dates[symbol]:
            verdict = "unknown" if dates[symbol] == {None} else "wrong"
        result.headers[document.channel, "references"][verdict] += 1
        if verdict != "right":
            shown = ", ".join(f"{symbol}@{day}" for day in dates.get(symbol, ())) or None
            result.mistakes.append(
                Mistake("header", document.channel, document.path.name, "references", str(noted), shown)
            )
