"""What ``nq57 inspect`` prints for a person.

Belongs here: laying out the object that ``inspect_file`` returns. Does not belong: anything that is not in that object.
"""

from __future__ import annotations

from typing import Any

from nq57_assets.catalogue import Catalogue

_QUOTE_WIDTH = 90
_MARKS = {"accepted": "✔", "review": "?", "rejected": "✘"}


def render(result: dict[str, Any], catalogue: Catalogue) -> str:
    """Return header, figures, statements and findings of one inspected file as lines for a terminal."""
    document = result["document"]
    commune = catalogue.commune.get(document["commune_code"] or "")
    sender = f"{commune.commune_code} {commune.full_name}" if commune else "not known"
    number = "/".join(part for part in (document["number"], document["symbol"]) if part)
    lines = [
        f"{document['type']}{' (draft)' if document['is_draft'] else ''} {number}".rstrip(),
        f"  from      {sender} ({document['identity']['method']})",
        f"  issued    {document['issued_on'] or 'date not known'}",
        f"  subject   {document['subject'] or '—'}",
    ]
    lines += [f"  cites     {r['symbol']} {r['issued_on'] or ''}".rstrip() for r in document["references"]]
    lines += [
        f"  signed    {s['signer']} {s['signed_at'] or ''} ({s['status']})" for s in document["signatures"]
    ]
    lines.append(f"figures: {len(result['observations'])}")
    for one in result["observations"]:
        lines.append(
            f"  {_MARKS[one['status']]} {one['indicator']} = {_figure(one)} {one['unit']}  [{_place(one)}]"
        )
        lines.append(f"      “{_short(one['quote'])}”  {one['confidence']:.2f}")
    lines.append(f"statements: {len(result['statements'])}")
    for one in result["statements"]:
        to = f" to {one['addressee']}" if one["addressee"] else ""
        lines.append(f"  {one['kind']}{to} ({', '.join(one['themes'])})  [{_place(one)}]")
        lines.append(f"      “{_short(one['text'])}”")
    lines.append(f"findings: {len(result['findings'])}")
    lines += [f"  {f['severity']:8} {f['rule']}: {f['message_vi']}" for f in result["findings"]]
    return "\n".join(lines)


def _figure(one: dict[str, Any]) -> str:
    if one["qualifier"] == "range":
        return f"{one['low']:g}–{one['high']:g}"
    sign = {"over": "> ", "under": "< ", "approx": "≈ "}.get(one["qualifier"], "")
    parts = f" ({one['numerator']:g}/{one['denominator']:g})" if one["denominator"] is not None else ""
    figure = f"{one['value']:g}" if abs(one["value"]) < 100_000 else f"{one['value']:.0f}"
    return f"{sign}{figure}{parts}"


def _place(one: dict[str, Any]) -> str:
    if one["cell"]:
        return f"{one['sheet']}!{one['cell']}"
    page = f"page {one['page']}, " if one["page"] else ""
    return f"{page}line {one['line']}"


def _short(quote: str) -> str:
    flat = " ".join(quote.split())
    return flat if len(flat) <= _QUOTE_WIDTH else flat[: _QUOTE_WIDTH - 1] + "…"
