"""Which characters the bytes of a text mean: UTF-8, or one of the encodings that Vietnamese offices used before it.

A legacy encoding leaves no mark in the file. It is told by its result: only under the right one are nearly all
words with letters beyond ASCII possible Vietnamese syllables. Belongs here: bytes → characters with the name of the
encoding. Does not belong: lines, pages, cleaning.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from nq57_assets.readers.unreadable import Unreadable
from nq57_assets.vietnamese.syllables import marked_words


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read from; ``remark`` is what the sender should be told, None for sound UTF-8."""

    text: str
    encoding: str
    remark: str | None = None


# Characters of bytes 0x80–0xFF. TCVN3 is TCVN 5712, VISCII is RFC 1456; the few capitals below 0x20 are apart.
_TCVN3_HIGH = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
    "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒ"
    "ĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_TCVN3_LOW = {
    1: "Ú",
    2: "Ụ",
    4: "Ừ",
    5: "Ử",
    6: "Ữ",
    17: "Ứ",
    18: "Ự",
    19: "Ỳ",
    20: "Ỷ",
    21: "Ỹ",
    22: "Ý",
    23: "Ỵ",
}
_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳ"
    "ĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = {2: "Ẳ", 5: "Ẵ", 6: "Ẫ", 20: "Ỷ", 25: "Ỹ", 30: "Ỵ"}

# VNI writes a base letter and then a mark as a letter of its own; single letters stand for the rest.
_VNI_MARKS = {
    "ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_VNI_BASES = {"a": "ùøûõïâáàåãäêéèúüë", "e": "ùøûõïâáàåãä", "o": "ùøûõïâáàåãä", "u": "ùøûõï", "y": "ùøûõ",
              "ô": "ùøûõï", "ö": "ùøûõï"}  # fmt: skip

# Characters that the statistics look at; a report says what it is written in long before.
_SAMPLE = 50_000
# What is asked of a decoding before it counts as certain.
_LEAST_WORDS, _LEAST_SHARE, _LEAST_LEAD = 5, 0.9, 0.1
# A sound UTF-8 text may still hold legacy letters, pasted from a document in an old font. OCR damages texts too, so
# more is asked before such a text is turned.
_PASTED_WORDS, _PASTED_SHARE = 20, 0.95
_MOST_DAMAGE = 0.01

_ASCII_BYTES = bytes(range(128))
# Ellipsis, quotes, bullet, dashes and the hard space in Windows-1252 and Windows-1258.
_TYPOGRAPHIC_BYTES = b"\x85\x91\x92\x93\x94\x95\x96\x97\xa0"


@cache
def _cp1252() -> str:
    """Return the 256 characters of Windows-1252, its five holes filled as browsers do."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in range(256))


@cache
def _table(high: str, low: tuple[tuple[int, str], ...]) -> str:
    controls = dict(low)
    return "".join(controls.get(byte, chr(byte)) for byte in range(128)) + high


def _tcvn3(data: bytes) -> str:
    return codecs.charmap_decode(data, "strict", _table(_TCVN3_HIGH, tuple(_TCVN3_LOW.items())))[0]


def _viscii(data: bytes) -> str:
    return codecs.charmap_decode(data, "strict", _table(_VISCII_HIGH, tuple(_VISCII_LOW.items())))[0]


def _windows_1252(data: bytes) -> str:
    return codecs.charmap_decode(data, "strict", _cp1252())[0]


def _windows_1258(data: bytes) -> str:
    return data.decode("cp1258")


@cache
def _vni_pairs() -> dict[str, str]:
    pairs = {}
    for base, marks in _VNI_BASES.items():
        letter = _VNI_SINGLE.get(base, base)
        for mark in marks:
            composed = unicodedata.normalize("NFC", letter + _VNI_MARKS[mark])
            pairs[base + mark] = composed
            pairs[base.upper() + mark.upper()] = composed.upper()
            # The mark of a capital is often typed small.
            pairs[base.upper() + mark] = composed.upper()
    return pairs


def _vni(data: bytes) -> str:
    characters = _windows_1252(data)
    pairs = _vni_pairs()
    singles = _VNI_SINGLE | {small.upper(): letter.upper() for small, letter in _VNI_SINGLE.items()}
    pieces: list[str] = []
    at = 0
    while at < len(characters):
        pair = characters[at : at + 2]
        if pair in pairs:
            pieces.append(pairs[pair])
            at += 2
        else:
            pieces.append(singles.get(characters[at], characters[at]))
            at += 1
    return "".join(pieces)


_LEGACY: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "tcvn3": ("TCVN3 (ABC)", _tcvn3),
    "vni": ("VNI", _vni),
    "windows-1258": ("Windows-1258", _windows_1258),
    "viscii": ("VISCII", _viscii),
    "windows-1252": ("Windows-1252", _windows_1252),
}


def _decodings(data: bytes) -> Iterator[tuple[float, int, Decoded]]:
    """Yield the share of possible words, the number of marked words and the text, for each legacy encoding."""
    for encoding, (title, decode) in _LEGACY.items():
        try:
            text = unicodedata.normalize("NFC", decode(data))
        except (UnicodeDecodeError, ValueError):
            continue
        marked, possible = marked_words(text[:_SAMPLE])
        yield (possible / marked if marked else 0.0), marked, Decoded(text, encoding, title)


def _legacy(data: bytes) -> Decoded:
    """Decode bytes that are no UTF-8.

    Raises:
        Unreadable: No encoding, or more than one, makes Vietnamese of the bytes.
    """
    ranked = sorted(_decodings(data), key=lambda decoding: -decoding[0])
    if not data.translate(None, _ASCII_BYTES + _TYPOGRAPHIC_BYTES):
        # Beyond ASCII there are only quotes, dashes and the like, which need no statistics.
        return Decoded(_windows_1252(data), "windows-1252", "Windows-1252")
    share, marked, best = ranked[0]
    rivals = [other for other_share, _, other in ranked[1:] if share - other_share < _LEAST_LEAD]
    if marked < _LEAST_WORDS or share < _LEAST_SHARE or any(rival.text != best.text for rival in rivals):
        raise Unreadable("văn bản không phải UTF-8 và không nhận ra được bảng mã")
    return best


def _to_bytes(text: str) -> bytes | None:
    """Return the bytes that a text in legacy letters was typed with, or None when it holds other characters."""
    # Some programs take over the codes 128 to 159 as they are instead of by Windows-1252.
    places = {chr(byte): byte for byte in range(128, 160)}
    places |= {character: byte for byte, character in enumerate(_cp1252())}
    try:
        return bytes(places[character] for character in text)
    except KeyError:
        return None


def in_legacy_letters(text: str, encoding: str) -> str | None:
    """Return what text typed for an old font shows, ``encoding`` being ``tcvn3`` or ``vni``; None when it is Unicode."""
    data = _to_bytes(text)
    if data is None:
        return None
    try:
        return unicodedata.normalize("NFC", _LEGACY[encoding][1](data))
    except (UnicodeDecodeError, ValueError):
        return None


def legacy_text(text: str) -> Decoded | None:
    """Return the true text of Unicode that holds legacy letters throughout; None for ordinary text."""
    return _pasted(text)


def _pasted(text: str) -> Decoded | None:
    """Return the true text of UTF-8 that holds legacy letters or was encoded twice; None for ordinary text."""
    if text.isascii():
        return None
    marked, possible = marked_words(unicodedata.normalize("NFC", text[:_SAMPLE]))
    if marked < _LEAST_WORDS or possible / marked > 0.5:
        return None
    data = _to_bytes(text)
    if data is None:
        return None
    try:
        return Decoded(data.decode("utf-8"), "utf-8-twice", "UTF-8 mã hóa hai lần")
    except UnicodeDecodeError:
        pass
    ranked = sorted(_decodings(data), key=lambda decoding: -decoding[0])
    share, words, best = ranked[0]
    if words < _PASTED_WORDS or share < _PASTED_SHARE or share - ranked[1][0] < _LEAST_LEAD:
        return None
    return Decoded(best.text, f"{best.encoding}-in-utf-8", f"{best.remark} dán vào tệp UTF-8")


def _damaged_utf8(data: bytes) -> Decoded | None:
    """Return UTF-8 with a few broken bytes, each shown as U+FFFD; None when it is another encoding."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not character.isascii() for character in text) - broken
    if sound < _LEAST_WORDS or broken > max(1, _MOST_DAMAGE * sound):
        return None
    lines = ", ".join(str(n) for n, line in enumerate(text.split("\n"), 1) if "\ufffd" in line)
    return Decoded(text, "utf-8-damaged", f"UTF-8 có {broken} ký tự hỏng (dòng {lines})")


def _utf16(data: bytes) -> Decoded | None:
    """Return text in UTF-16 or UTF-32, with or without a byte order mark; None when the bytes are neither."""
    encoding = None
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        encoding = "utf-32"
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif b"\0" in data and len(data) % 2 == 0:
        # Latin letters, digits and spaces leave every other byte zero.
        sample = data[:4096]
        zeros = [sample[start::2].count(0) / (len(sample) / 2) for start in (0, 1)]
        if max(zeros) > 0.3 and min(zeros) < 0.05:
            encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    if encoding is None:
        return None
    try:
        return Decoded(data.decode(encoding), encoding, encoding.upper())
    except UnicodeDecodeError as error:
        raise Unreadable(f"văn bản {encoding.upper()} bị hỏng hoặc bị cắt cụt") from error


def decode(data: bytes) -> Decoded:
    """Return the text of ``data`` with the name of its encoding.

    Raises:
        Unreadable: The bytes are no text, or their encoding is not certain.
    """
    wide = _utf16(data)
    if wide is not None:
        return wide
    if b"\0" in data:
        raise Unreadable("dữ liệu nhị phân, không phải văn bản")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _damaged_utf8(data) or _legacy(data)
    if text.startswith("\ufeff"):
        return _pasted(text[1:]) or Decoded(text[1:], "utf-8-sig")
    return _pasted(text) or Decoded(text, "utf-8")
