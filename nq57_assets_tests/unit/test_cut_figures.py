"""Which figures of a report are cut out of its text at all; what they count is for others to tell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nq57_assets.catalogue import catalogue
from nq57_assets.extract.header import read_header
from nq57_assets.extract.observe import PassageReader, observe
from nq57_assets.extract.outline import read_outline
from nq57_assets.model import Observation
from nq57_assets.readers import read_document
from nq57_assets_tests.reports import accepted

HEAD = "ỦY BAN NHÂN DÂN\nXÃ HƯNG THÁI\n\nBÁO CÁO\nKết quả chuyển đổi số năm 2025\n\n"


def cut(text: str) -> list[float]:
    """Return every figure that is cut out of a report, in its order, but for those beside the value of a row."""
    return [figure for figure, beside in heard(text) if not beside]


def heard(text: str) -> list[tuple[float, bool]]:
    """Return every figure that is weighed, in its order, and whether it stands beside the value of a row."""
    met: list[tuple[float, bool]] = []

    class Listening(PassageReader):
        def completed(self, found: Sequence[Observation]) -> list[Observation]:
            met.extend((0 if one.none else one.low, one.beside) for _, one, _ in self._met)
            return []

    reference = catalogue()
    document = read_document((HEAD + text + "\n").encode(), "bao-cao.txt", reference)
    observe(document, read_header(document, reference), read_outline(document), reference, Listening)
    return met


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Thành viên đầu kỳ 140, cuối kỳ 151.", [140, 151]),
        ("Hồ sơ tiếp nhận cả kỳ 6.020, nộp trực tuyến trong kỳ 5.910.", [6020, 5910]),
        ("Hiện có: tổ 24, tv 168; thôn 19; pano 8.", [24, 168, 19, 8]),
        ("Ban hành 25 văn bản, gồm kế hoạch 6, thông báo 4, công văn 15.", [25, 6, 4, 15]),
        ("Văn bản 24 - trong đó CV 12, KH 5; hội nghị 3", [24, 12, 3]),
        ("Hiện có: tổ 33, tv 240 (kỳ trước 231)", [33, 240, 231]),
        ("Tập huấn tổ 2 buổi, 150 tv", [2, 150]),
        ("Đã bồi dưỡng 150 thành viên qua năm buổi.", [150, 5]),
        ("Giúp việc Ban Chỉ đạo có một tổ duy nhất.", [1]),
        ("23 TDP", [23]),
        ("6 OCOP, 5 lên sàn", [6, 5]),
        ("VP: VB chỉ đạo 14/ CV 9/ HN 3/ tin 40", [14, 9, 3, 40]),
        ("Hồ sơ trực tuyến 4.210 tỷ lệ 97,5%", [4210, 97.5]),
        ("Sổ một cửa: vào 3.120hs, trên mạng 2.980hs", [3120, 2980]),
        ("Lớp của tổ: 215tv dự, phường thưởng 40ng, hết 86tr", [215, 40]),
        ("Chứng thư số: sửa 14 người; thu 9 người, 3 tổ chức.", [14, 9, 3]),
        ("Phần mềm văn phòng: cấp 31 tài khoản.", [31]),
        ("[TỔ] số tổ: 12 | người: 84 | đã học: 84\n[LOA] tin: 40 | lượt: 310", [12, 84, 84, 40, 310]),
    ],
)
def test_figures_behind_words_that_mostly_name_something_are_cut(text: str, figures: list[float]) -> None:
    assert cut(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "Hộ dân tổ 3, khu 5 phản ánh loa nhỏ.",
        "Các thôn 4, thôn 7 và thôn 9 lắp thêm loa.",
        "Kỳ họp kỳ 3 của Hội đồng nhân dân xã.",
        "2 CTS mới cho cá nhân: đang làm",
        "Công văn số 13/ CV của Ủy ban nhân dân xã",
    ],
)
def test_names_of_places_sessions_and_papers_are_no_figures(text: str) -> None:
    assert cut(text) == []


def test_numbers_alone_on_their_lines_are_cells_when_others_stand_alone_nearby() -> None:
    text = "Buổi bồi dưỡng cho Tổ\nbuổi\n3\n4\nNgười trong Tổ đã học\nngười\n140\n152\n"
    assert cut(text) == [3, 4, 140, 152]
    assert cut("Xã đã hướng dẫn người dân dùng dịch vụ công\n3\ncho 640 người.") == [640]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "4) Truyền thông – tin, bài đăng mạng / tin, bài phát thanh / lượt phát thanh: 66 / 31 / 402",
            {"media_posts": 66, "media_broadcast_items": 31, "media_broadcasts": 402},
        ),
        ("Tổ công nghệ số – tổ / thành viên:\n14 / 98", {"team_count": 14, "team_members": 98}),
        ("+ Sản phẩm OCOP / sản phẩm OCOP lên sàn: 6 / 2", {"econ_ocop_products": 6, "econ_ocop_online": 2}),
        (
            "Hồ sơ tiếp nhận; hồ sơ nộp trực tuyến: 3.105; 3.020.",
            {"egov_dossiers_total": 3105, "egov_dossiers_online": 3020},
        ),
    ],
)
def test_as_many_figures_as_a_line_names_things_are_told_in_turn(
    text: str, expected: dict[str, float]
) -> None:
    assert dict(accepted(HEAD + text)) == expected


def test_one_thing_named_beside_a_part_and_its_whole_stays_a_share() -> None:
    assert cut("Hộ có cáp quang, đạt tỷ lệ cao: 4.100/5.000 hộ") == [4100]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "| TT | Việc đã làm | ĐVT | Năm 2024 | 11 tháng 2025 | Nói rõ |\n"
            "| 1 | Lượt phát thanh | lượt | 300 | 402 | 3 lượt/ngày |\n"
            "| 2 | Pa nô, băng rôn | chiếc | 31 | 44 | mới 12 |\n",
            {"media_broadcasts": 402, "media_banners": 44},
        ),
        (
            "| Mục | Trước | Sau | Nhận định |\n"
            "| Hồ sơ quá hạn | 15 | 4 | giảm |\n"
            "| Màn hình LED | 5 | 3 | gọn |\n"
            "| Lượt phát thanh | 100 | 210 | đều |\n",
            {"egov_dossiers_overdue": 4, "media_led_screens": 3, "media_broadcasts": 210},
        ),
        (
            "Nội dung\tĐVT\tKế hoạch\tSáu tháng cuối 2025\tNăm trước\n"
            "Hội nghị quán triệt\thội nghị\t5\t6\t2\nLượt phát thanh\tlượt\t380\t395\t420\n"
            "Pa nô, băng rôn, khẩu hiệu\tchiếc\t70\t81\t60\n",
            {"steer_conferences": 6, "media_broadcasts": 395, "media_banners": 81},
        ),
        (
            "| Kênh | Tin, bài | Lượt |\n| Truyền thanh xã | 47 | 530 |\n| Trang thông tin điện tử xã | 88 | |\n"
            "| Nhóm zalo khu dân cư | | 40 |\n",
            {"media_broadcast_items": 47, "media_broadcasts": 530, "media_posts": 88},
        ),
        (
            "Giá trị\nTên gọi\nĐơn vị\n38\nMàn hình LED\nchiếc\n4.020\nHồ sơ tiếp nhận\nhồ sơ\n"
            "3.980\nHồ sơ nộp trực tuyến\nhồ sơ\n",
            {"media_led_screens": 38, "egov_dossiers_total": 4020, "egov_dossiers_online": 3980},
        ),
    ],
)
def test_titles_of_columns_tell_where_the_figures_stand(rows: str, expected: dict[str, float]) -> None:
    assert dict(accepted(HEAD + rows)) == expected


def test_figures_told_in_the_cell_behind_a_change_are_cut_and_those_before_it_are_not() -> None:
    rows = (
        "| Mục | Trước | Sau | Nhận định |\n| Tổ: tổ, người | 30 tổ, 190 người | 21 tổ, 147 người | gọn |\n"
        "| Hồ sơ quá hạn | 15 | 4 | giảm |\n"
    )
    assert cut(rows) == [21, 147, 4]


def test_the_sum_of_a_week_is_told_apart_from_its_days() -> None:
    rows = "Ngày\tNhận\tQuá hạn\n10/11\t96\t1\n11/11\t88\t0\nCả tuần\t184\t1\n"
    assert cut(rows) == [184, 1]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Pano 31, màn led ko có, khẩu hiệu 9", [31, 0, 9]),
        ("Hồ sơ nhận 64, trên mạng 60, quá hạn ko", [64, 60, 0]),
        ("Chứng thư số: cấp cá nhân 3, cấp tổ chức không, thu hồi 2", [3, 0, 2]),
        ("CHƯA CÓ:\n- màn hình LED nào;\n- sản phẩm OCOP nào trên sàn.", [0, 0]),
        ("Diện tích 5,81 km2", [5.81]),
    ],
)
def test_a_denial_in_the_place_of_a_figure_is_a_zero(text: str, figures: list[float]) -> None:
    assert cut(text) == figures


@pytest.mark.parametrize(
    "text", ["Nhà văn hóa có hay không, 3 thôn", "Xã có 2 thôn, đường chưa được sửa vì mưa, 5 hộ"]
)
def test_a_denied_deed_in_a_row_is_no_zero(text: str) -> None:
    assert 0 not in cut(text)


def test_a_yes_that_lost_its_mark_is_no_short_denial() -> None:
    assert 0 not in cut("~ Zalo nhom T6 cng nghé sé cong déng = cé\n3 thén. Két qua: c6, tir thang truéc.")
    assert 0 in cut("LED ko c6; pand 25, chira ké ct. S6 hé so qua han ko; 3 thén")


def test_cells_of_persons_and_bodies_a_line_are_told_apart() -> None:
    rows = (
        "Loại việc\nĐối với cá nhân\nĐối với tổ chức\nCấp mới chứng thư số\n12\n2\n"
        "Thay đổi thông tin chứng thư số\n7\nkhông phát sinh\nThu hồi chứng thư số\n3\n1\n"
    )
    expected = {
        "egov_certs_issued_people": 12,
        "egov_certs_issued_orgs": 2,
        "egov_certs_changed_people": 7,
        "egov_certs_changed_orgs": 0,
        "egov_certs_revoked_people": 3,
        "egov_certs_revoked_orgs": 1,
    }
    assert dict(accepted(HEAD + rows)) == expected


def test_every_figure_of_a_row_is_weighed_whichever_its_value_is() -> None:
    table = """| Việc | Giao | Làm được | Cùng kỳ 2024 |
| Tổ công nghệ số | 20 | 19 | 11 |
| Lượt phát thanh | 400 | 412 | 280 |
"""
    assert heard(table)[-6:] == [(20, True), (19, False), (11, True), (400, True), (412, False), (280, True)]


def test_the_figures_of_two_items_in_one_row_are_all_weighed() -> None:
    table = """| Tổ dân phố | 31 | Hộ gia đình | 9.240 |
| Văn bản chỉ đạo | 22 | Công văn | 13 |
| Lượt phát thanh | 512 | Màn hình LED | 3 |
"""
    assert {31, 9240, 22, 13, 512, 3} <= {figure for figure, _ in heard(table)}


@pytest.mark.parametrize("answer", ["Không phat sinh", "", "...", "chưa"])
def test_the_number_of_a_row_is_no_figure_where_its_value_is_none(answer: str) -> None:
    drawn = f"| TT | Nội dung | Kết quả |\n| 9 | Pano | 55 |\n| 10 | Màn hình LED | {answer} |\n| 11 | Tổ | 24 |\n"
    torn = (
        f"TT Nội dung ĐVT Kết quả\n9 Pano, bang rôn chiéc 55\n10 M4n hinh LED man hinh {answer}\n11 Tổ 24\n"
    )
    assert 10 not in {figure for figure, _ in heard(drawn)}
    assert 10 not in {figure for figure, _ in heard(torn)}
