"""Old encodings of Vietnamese are told apart by their result; what is not certain is refused, never guessed."""

from __future__ import annotations

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.readers import Unreadable, read_document
from nq57_assets.readers.encodings import decode
from nq57_assets.vietnamese.syllables import is_syllable

TEXT = (
    "Ủy ban nhân dân xã Lúa Vàng báo cáo: đã tổ chức 12 buổi tập huấn, hướng dẫn 1.250 người dân sử dụng "
    "dịch vụ công trực tuyến; tỷ lệ hồ sơ nộp qua mạng đạt 96,5%."
)
# The same sentence as other programs write it: the first three by iconv, VNI as typed.
TCVN3 = (
    b"\x9ey ban nh\xa9n d\xa9n x\xb7 L\xf3a V\xb5ng b\xb8o c\xb8o: \xae\xb7 t\xe6 ch\xf8c 12 bu\xe6i t\xcbp hu\xcan, "
    b"h\xad\xedng d\xc9n 1.250 ng\xad\xeai d\xa9n s\xf6 d\xf4ng d\xdech v\xf4 c\xabng tr\xf9c tuy\xd5n; t\xfb l\xd6 "
    b"h\xe5 s\xac n\xe9p qua m\xb9ng \xae\xb9t 96,5%."
)
VISCII = (
    b"\x9cy ban nh\xe2n d\xe2n x\xe3 L\xfaa V\xe0ng b\xe1o c\xe1o: \xf0\xe3 t\xb1 ch\xd1c 12 bu\xb1i t\xa7p hu\xa4n, "
    b"h\xdf\xbeng d\xe7n 1.250 ng\xdf\xb6i d\xe2n s\xd8 d\xf8ng d\xb8ch v\xf8 c\xf4ng tr\xf1c tuy\xaan; t\xd6 l\xae "
    b"h\xb0 s\xbd n\xb5p qua m\xd5ng \xf0\xd5t 96,5%."
)
WINDOWS_1258 = (
    b"U\xd2y ban nh\xe2n d\xe2n xa\xde L\xfaa V\xe0ng b\xe1o c\xe1o: \xf0a\xde t\xf4\xd2 ch\xfd\xecc 12 bu\xf4\xd2i "
    b"t\xe2\xf2p hu\xe2\xecn, h\xfd\xf5\xecng d\xe2\xden 1.250 ng\xfd\xf5\xcci d\xe2n s\xfd\xd2 du\xf2ng di\xf2ch vu\xf2 "
    b"c\xf4ng tr\xfd\xf2c tuy\xea\xecn; ty\xd2 l\xea\xf2 h\xf4\xcc s\xf5 n\xf4\xf2p qua ma\xf2ng \xf0a\xf2t 96,5%."
)
VNI = (
    "Uûy ban nhaân daân xaõ Luùa Vaøng baùo caùo: ñaõ toå chöùc 12 buoåi taäp huaán, höôùng daãn 1.250 ngöôøi daân "
    "söû duïng dòch vuï coâng tröïc tuyeán; tyû leä hoà sô noäp qua maïng ñaït 96,5%."
).encode("cp1252")
LEGACY = [
    (TCVN3, "tcvn3", "TCVN3 (ABC)"),
    (VISCII, "viscii", "VISCII"),
    (WINDOWS_1258, "windows-1258", "Windows-1258"),
    (VNI, "vni", "VNI"),
]


@pytest.mark.parametrize(("data", "encoding", "named"), LEGACY)
def test_a_legacy_encoding_is_read_and_named_in_a_finding(data, encoding, named):
    document = read_document(data, "bao-cao.txt", catalogue())
    assert document.text == TEXT
    assert document.encoding == encoding
    assert [(f.rule, f.observed) for f in document.findings] == [("file_encoding", named)]


def test_all_capitals_in_vni_keep_their_marks():
    assert decode(
        "UÛY BAN NHAÂN DAÂN XAÕ LUÙA VAØNG, THAØNH PHOÁ HAÛI PHOØNG, ÑOÄC LAÄP".encode("cp1252")
    ).text == ("ỦY BAN NHÂN DÂN XÃ LÚA VÀNG, THÀNH PHỐ HẢI PHÒNG, ĐỘC LẬP")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_with_a_finding(encoding):
    document = read_document(TEXT.encode(encoding), "bao-cao.txt", catalogue())
    assert document.text == TEXT
    assert [finding.rule for finding in document.findings] == ["file_encoding"]


@pytest.mark.parametrize(("data", "encoding", "named"), LEGACY)
def test_legacy_letters_pasted_into_utf8_are_turned(data, encoding, named):
    pasted = decode((data.decode("latin-1") + "\n").encode("utf-8") * 2)
    assert pasted.text.split("\n")[0] == TEXT
    assert named in pasted.remark


def test_text_encoded_twice_is_turned_back():
    twice = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in TEXT.encode()).encode()
    decoded = decode(twice)
    assert decoded.text == TEXT and "hai lần" in decoded.remark


def test_a_few_broken_bytes_in_utf8_are_shown_and_their_lines_named():
    data = bytearray((TEXT + "\n" + TEXT).encode())
    data[data.index("người".encode()) + 3] = 0x20
    decoded = decode(bytes(data))
    assert "\ufffd" in decoded.text and decoded.text.endswith(TEXT)
    assert decoded.encoding == "utf-8-damaged" and "dòng 1" in decoded.remark


def test_an_upload_cut_inside_a_letter_is_remarked():
    data = TEXT.encode()
    cut = data[: data.index("ến;".encode()) + 1]
    assert decode(cut).encoding == "utf-8-damaged"


def test_ocr_without_vietnamese_stays_as_it_is():
    damaged = (
        "UY BAN NHAN DAN\nSé: 16p BAO CAO Két qua trién khai Nghi quyét sé 57 Bô Chính tri\n"
        "- Da t6 chirc 12 budi tap hudn cho cán b6, céng chirc; hwéng dan 1.250 ngudi dan\n"
        "st dung dich vu céng truc tuyén\n"
    ) * 5
    decoded = decode(damaged.encode())
    assert (decoded.text, decoded.remark) == (damaged, None)


def test_typographic_marks_alone_need_no_statistics():
    decoded = decode("Bao cao \x93nhanh\x94 \x96 dat 96,5%".encode("latin-1"))
    assert (decoded.text, decoded.encoding) == ("Bao cao “nhanh” – dat 96,5%", "windows-1252")


@pytest.mark.parametrize(
    "data",
    [
        "Привет, это отчёт о цифровой трансформации города".encode("cp1251"),
        "報告書 デジタル化".encode("shift_jis"),
        "Zażółć gęślą jaźń, proszę o szybką odpowiedź, dziękuję".encode("cp1250"),
        "b\xb8o c\xb8o".encode("latin-1"),
    ],
)
def test_what_is_not_certain_is_refused_and_never_guessed(data):
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert caught.value.finding.rule == "file_unreadable"
    assert "bảng mã" in caught.value.finding.observed


@pytest.mark.parametrize(
    "word",
    [
        "nghiêng",
        "khuỷu",
        "Quyết",
        "giếng",
        "gì",
        "Thủy",
        "thuỷ",
        "hoà",
        "hòa",
        "NGHỊ",
        "đặc",
        "ướt",
        "yếu",
        "uyển",
        "ỷ",
    ],
)
def test_vietnamese_words_are_syllables(word):
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Mỹx", "hwéng", "quyét", "chirć", "DânG", "bănk", "zô", "ngê̂", "héñ", "wá"])
def test_other_words_are_none(word):
    assert not is_syllable(word)
