"""Which rimes recognition without Vietnamese writes for which: ``é`` for ``ố``, ``ệ`` or ``ề``, ``ugc`` for ``ược``.

Counted over the development half of the corpus by ``python -m nq57_assets_tests.corpus.rimes``: clean texts laid beside what
recognition made of their pages. A line holds the letters as written and the rimes that they were, in four grades: mostly,
often, now and then, seldom.
"""

from __future__ import annotations

from functools import lru_cache

from nq57_assets.vietnamese.fold import fold

_TABLE = """
& ở ã ỡ -
&@ ở - - -
0 o ở - -
0i ời - - -
1 i - - -
4 ã - à -
4m âm - - -
4n - ấn - -
4p áp - - -
4u áu - - -
6 - ố,ổ ộ,ó,ồ,ở,ô,ỗ,õ ệ,ế
60i ời - - -
6a óa - - -
6c ộc ốc - -
6i - ổi,ội ỗi,ối,ới,ôi,ồi,õi -
6m - ồm,õm ôm,óm -
6n ôn ốn ồn,ổn,ớn -
6ng - ông,ộng ổng,ồng,ống -
6ot ột - - -
6p ộp ớp - -
6t ột - ốt,ót -
6é - ó,ộ,ồ ổ -
6éc ộc - - -
6éi ổi - - -
6én ôn - - -
6éng - ông,ộng,ồng ổng,ống -
@ ở - ã,ờ,ỡ -
@i ội - - -
a - - ưa,ú ủ
adi ải - - -
adm ăm - - -
ai - - - ới
al ai - - -
aém ẩm ăm - -
c - ực,úc - -
d - ộ,ó ở,ồ,ố,ờ,ổ,á,ô,ợ,ỏ,ỡ ã,ả
da óa - - -
dc ác - - -
dch ách - - -
di - ới,ội ời,ối,ỗi,ổi,ồi,ói,ôi,ỏi,ái,õi,ởi ải
dm ăm ồm ẩm,ảm,ám,ớm -
dn - ôn,án,ớn - -
dng ông ộng áng,óng,ồng,ảng -
do áo - ão -
dp - ộp,ớp áp -
dt ột - - -
du - áu,ẩu - -
dy ấy ày,ây - -
déa óa - - -
déi ội - - -
dép ộp - - -
d’ ờ - - -
e - - ở ứ
et - - ượt -
f ỹ ữ - -
fing ũng - - -
ft ít - - -
g ở ợ - -
gi - ội,ổi,ới ợi,ối -
gp ợp - - -
ha ủa - - -
i - - ũ,ủ,ữ,ứ,ử,ổi,ừ,ú,ỗi,ối,ù ội,ới,ời,ồi
ia - ủa ưa,ửa ũ
ic - ức,úc ực -
if ữ - ứ -
ifa ữa - - -
ifc ức - - -
ife ức - - -
ifng ứng ừng ững -
ifu ữu - - -
igt ượt - - -
igu iệu - - -
ii ũ - - -
iia ủa - - -
iic úc - ức -
iing - ũng,ùng ứng -
iinh ình - - -
iiy ũy - - -
il ũ - - -
im - ăm ẩm -
imng ừng - - -
ing ùng ứng ừng,úng,ũng,ững -
ir ừ ử ữ,ứ -
ira ừa ửa - -
irc ức - ực -
iri ửi - - -
irng ừng ứng ững -
it - ữ út,ứ,ức,ũ,ử ừ
ita ừa ửa ữa -
itc ức - - -
ite ức - - -
iti ửi - ũ -
iting ũng - - -
itng ứng ừng ững -
itu ữu ưu,ứu - -
ity ũy - - -
iu - iệu - -
iv ừ ữ,ử ứ -
iva - ưa,ừa ửa -
ive ức - - -
iy ũy - - -
iyng ừng - - -
iéc iệc iếc - -
iém - iểm,iệm,iếm iêm,iềm -
ién - iện,iên iến,iền,iển,iễn -
iéng iêng - iếng,iệng -
iép iếp iệp - -
iét iệt iết - -
iéu - iệu,iêu,iều iểu,iếu,iễu -
i’ ừ - - -
j - ỹ - -
l ử - - -
la ủa - - -
li ũ - - -
lia ủa - - -
ling ùng ũng - -
lp úp - - -
lr ừ ử - -
lung ùng - - -
ly ừ - - -
l’ ừ - - -
m ồm - - -
n ôn ốn - -
ng - ông,ộng ổng,óng,ồng,ứng -
oadn oán - - -
oda óa - - -
odan oản - - -
odc oặc - - -
odi ới - - -
odn oán oản - -
odng oảng - - -
oi - - ươi -
ong - - ương,ượng ường,ướng
ot - ượt - -
oéa óa - - -
oém óm - - -
o’ ơ - ợ -
o’p ợp - - -
p ấp ớp,ộp - -
r ử ừ - -
t - ử,ủ ứ,ữ,ừ,ú,ũ,ù ột,ặt
ta ủa ửa ừa -
tc ức - - -
te ử ừ - -
teng ứng - - -
tfa ửa ữa - -
tfc ức - - -
tfng ứng - - -
ti ửi ũ,ủ - -
tia ủa - - -
tic úc ức - -
ting ứng ũng ùng,úng -
tip úp - - -
tiy ũy - - -
tng ứng - - -
tp úp - - -
tr ử - ứ,ừ,ữ -
tra ửa - ữa,ừa -
trc ức - - -
tri ửi - - -
trng ứng ừng - -
tt - ử,ữ - -
tta ửa ữa - -
ttc ức - - -
tti ửi - - -
ttng ứng ừng - -
tv ử ứ - -
tva ửa - - -
tvc ức - - -
ty ủy - ừ,ử -
t’ ử - - -
t’c ức - - -
u - - ực ưa
u'c ực - - -
u'o'ng ường - - -
u'ong ường - - -
u0i ười - - -
u6c uộc - - -
u6i - uổi,ười - -
u6n uồn - - -
u6ng uống uông - -
u6éc uộc - - -
u6én uồn - - -
u6éng ướng - - -
u@i ười - - -
u@ng ường ưỡng,ướng - -
uaén uấn - - -
uc - - ược ước
uce ực - - -
uct ượt - - -
udc uộc ược,ước - -
ude ược - - -
udi uổi ười uối,ưới,uôi ươi
udn uấn - uần,uộn,uẩn -
udng ường ướng ưởng,ưỡng,uống,uông -
udong ường - - -
udt uốt - - -
udéc ước uộc - -
udéi uổi - - -
udéng ướng ường,ưởng - -
ue ực - ược -
uet ượt - - -
ug ược - - -
ugc ược - - -
uge ược - - -
ugi uổi - - -
ugng ượng - ướng,ưỡng -
ugt ượt - - -
ug¢c ược - - -
ui - ươi,ưới,ười ủ,uổi,uối -
uia ủa - - -
ula ủa - - -
un - uấn - -
ung - - ướng,ường,ưỡng,ưởng ượng
uo'ng ường ương - -
uodi ười - - -
uodng ường uông - -
uoéng ường - - -
ura ưa - - -
urc ực - - -
ut - - ưu -
utc ực - - -
utgc ược - - -
uti ười - - -
utu ưu - - -
uvc ực - - -
uvot ượt - - -
uw ư - - -
uwa ưa - - -
uwdi ười - - -
uwodi ười - - -
uwoi ười - - -
uwong ường - ương -
uwot ượt - - -
uwu ưu - - -
uwéi ười - - -
uwéng ướng ường - -
uyén - uyên,uyền,uyển,uyến uyện,uyễn -
uyét uyệt uyết - -
u¢c ược - - -
u¢gc ược - - -
u¢i ười - - -
u¢t ượt - - -
ué uê - uệ,uế -
uéc ước uộc - -
uédc uộc - - -
uéi - uổi,ười uối,ưới -
uén - ướn,uồn uốn,uôn -
uéng ướng - ường,ưỡng,ưởng,uống,uông -
uét uốt - - -
u’ ư ự - -
u’a ưa - - -
u’c ực - - -
u’ong ương - - -
u’éc ước - - -
u’én ướn - - -
v - ử,ự,ư ỹ,ừ -
va ưa - - -
vdng ường - - -
vong ượng ường - -
vot ượt - - -
véng ường ưởng - -
v’ ử - - -
w ự ư ử,ứ,ừ,ực -
w0i ười - - -
w6i ười - - -
wa ưa - - -
wc ực - - -
wdc ước - - -
wdi ười - - -
wdng ường ướng - -
we ực - - -
wet ượt - - -
wgng ượng - - -
wng ứng - - -
woc ược ước - -
wodi ười - - -
woi ười - - -
wong ường - ượng,ương,ướng -
wot ượt - - -
woéng ướng - - -
wu ưu - - -
wy ủy - - -
wéc ước - - -
wéi ười - - -
wéng ướng ường - -
y - - ự ụ,ư,ừ,ực
yc ực - - -
yén yền - yến,yên -
yét yết - - -
yéu yếu yêu - -
{ch ích - - -
¢ ở ợ - -
¥ ỹ - - -
é - ố,ệ ề,ế,ó,ộ,ể,ở,ổ,ễ,ồ,ê,ẻ,ỗ,ẽ,ô,ờ,ỏ,ữ,è,õ,é,ỡ á
é6 - ộ,ổ ồ -
é6t ột - - -
é@ ở - - -
éa óa - - -
éc ộc ốc ác,óc -
éch ệch - - -
éda óa - - -
éi - ổi,ới,ội ối,ồi,ỗi,õi,ôi,ói,ỏi,ởi ời
ém - ềm,êm óm,èm,ẩm,ăm,ớm,ồm,ếm,ôm,ém,õm âm
én ên ến ôn,ền,ớn,ốn,ồn,ẽn án
éng ông - ộng,ổng,ồng,ống,óng,ỏng -
énh ênh - - -
éo éo èo áo -
ép - ép,ớp,ếp ộp,áp ấp
ét ết ột ét,ốt,ớt -
éu ều - êu,ếu -"""
# Written so often that a rime that was never seen written so is hardly meant.
_OFTEN = """
& 4 6 6i 6n 6ng 6é @ a ac ach ai am an ang anh ao ap at au ay d dc di dm dng do dp e em en eo et
gp i ia ic ich iem ien iet ieu ifc in ing inh ir irc it itc itng iéc iém ién iéng iép iét iéu la
ng o oa oach oai oan oang oanh oat oc odn oi om on ong op ot o’ t tia ting tip tng tr trc ttc ty
u ua uan uat uc udc udi udn udng ugc ugng ugt ui um ung uoc uodi uoi uong uot urc ut uu uwoi uy
uyen uyén ué uéc uéi uéng wa woi wong wot wéi y yén yét yéu ¢ é éa éc éi ém én éng ép ét éu
"""
_COMMON = frozenset(_OFTEN.split())
# Costs by grade; written with letters that are no other Vietnamese rime, a word says more.
_COSTS = (0.105, 0.11, 0.115, 0.14)
_PLAIN = 0.015
_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdghklmnpqrstvx", "")
_FOR_L = frozenset("l1|ij[")


def _read_table() -> dict[str, tuple[tuple[str, float], ...]]:
    table = {}
    for line in _TABLE.strip().splitlines():
        written, *grades = line.split()
        plain = _PLAIN if written.isascii() and written.isalpha() else 0.0
        table[written] = tuple(
            (rime, cost + plain)
            for grade, cost in zip(grades, _COSTS, strict=True)
            for rime in grade.split(",")
            if rime != "-"
        )
    return table


_SOURCES = _read_table()


def unheard_of(written: str, rime: str) -> bool:
    """Whether letters as common as these were never seen where a rime was meant."""
    if written not in _COMMON or fold(rime) == written:
        return False
    return all(rime != source for source, _ in _SOURCES.get(written, ()))


@lru_cache(maxsize=8192)
def worn_readings(word: str) -> tuple[tuple[str, str, float], ...]:
    """Return (onset without marks, rime, cost) of what a word in small letters may have been before it was damaged.

    >>> worn_readings("dugc")
    (('d', 'ược', 0.12),)
    """
    plain = fold(word)
    found = []
    for onset in _ONSETS:
        if plain.startswith(onset):
            found += [(onset, rime, cost) for rime, cost in _SOURCES.get(word[len(onset) :], ())]
        elif onset == "l" and plain[:1] in _FOR_L:
            found += [(onset, rime, cost + 0.03) for rime, cost in _SOURCES.get(word[1:], ())]
    return tuple(found)
