"""Wrong figures inside an otherwise good form, each with the rule that must find it.

A mistake under a rule of severity error makes the figures it concerns unpublishable; under a warning the commune means
what it writes, so the mistake becomes part of the truth. Belongs here: such mistakes and where they fit. Does not
belong: files that are wrong as a whole (``misfiled``), who makes which mistake (``plan``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from nq57_assets.outputs.form import Answer
from nq57_assets.sample.city import Sending
from nq57_assets.sample.forms import (
    error_cell,
    form_rows,
    formula_cell,
    text_cell,
)

Spoiler = Callable[[Sending], bool]
"""Spoils a sending and returns True, or returns False where the mistake does not fit and nothing was changed."""


def _free(sending: Sending, *codes: str, least: float = 1) -> bool:
    """Whether these indicators are asked, known, at least ``least`` and not spoilt yet; if so they are taken."""
    known = all(code in sending.asked and (sending.facts.get(code) or 0) >= least for code in codes)
    if not known or sending.touched & set(codes):
        return False
    sending.touched |= set(codes)
    return True


def _first_free(sending: Sending, codes: Sequence[str], least: float = 1) -> str | None:
    return next((code for code in codes if _free(sending, code, least=least)), None)


def _whole(sending: Sending, code: str) -> int:
    return int(sending.facts[code] or 0)


def _wrong(
    sending: Sending, kind: str, rule: str, code: str, value: float | str, *, doubtful: Sequence[str] = ()
) -> bool:
    """Enter a figure that must not be published; ``doubtful`` are right figures that may be held back beside it."""
    sending.answers[code] = replace(sending.answers.get(code, Answer()), value=value)
    sending.unpublished |= {code, *doubtful}
    sending.plant(kind, rule, code)
    return True


def _meant(sending: Sending, kind: str, rule: str, code: str, value: float) -> bool:
    """Enter an unusual figure that the commune stands by: it is published with a mark."""
    sending.facts[code] = value
    sending.answers[code] = replace(sending.answers.get(code, Answer()), value=int(value))
    sending.plant(kind, rule, code)
    return True


def _text_numbers(sending: Sending) -> bool:
    codes = [
        c
        for c in ("place_population", "skill_contest_registered", "media_posts")
        if _free(sending, c, least=10)
    ]
    written = {0: "{:,}", 1: " {:,} ", 2: "{}"}
    for position, code in enumerate(codes):
        text = written[position].format(_whole(sending, code)).replace(",", ".")
        sending.answers[code] = Answer(value=text)
        sending.plant("text_numbers", "value_text_number", code)
    return bool(codes)


def _thousands_as_decimal(sending: Sending) -> bool:
    options = (
        "team_citizens_guided",
        "skill_training_attendees",
        "media_participants",
        "egov_dossiers_total",
    )
    code = next((c for c in options[:3] if _whole_thousand(sending, c) and _free(sending, c)), None)
    if code is None:
        return False
    return _wrong(sending, "thousands_as_decimal", "value_not_whole", code, _whole(sending, code) / 1000)


def _whole_thousand(sending: Sending, code: str) -> bool:
    value = sending.facts.get(code) or 0
    return code in sending.asked and value >= 1000 and value % 1000 != 0


def _share_over_100(sending: Sending) -> bool:
    code = _first_free(sending, ("econ_cashless_pct", "soc_smartphone_pct"))
    if code is None:
        return False
    return _wrong(
        sending, "share_over_100", "value_share_over_100", code, round((sending.facts[code] or 0) * 10, 1)
    )


def _trained_over_members(sending: Sending) -> bool:
    part, whole = "team_members_trained", "team_members"
    if not _free(sending, part, whole):
        return False
    value = _whole(sending, whole) + sending.rng.randint(20, 60)
    return _wrong(
        sending, "trained_over_members", "record_trained_over_members", part, value, doubtful=[whole]
    )


def _online_over_total(sending: Sending) -> bool:
    part, whole, rate = "egov_dossiers_online", "egov_dossiers_total", "egov_online_rate"
    if not _free(sending, part, whole, rate):
        return False
    value = round(_whole(sending, whole) * 1.2) + 5
    return _wrong(
        sending, "online_over_total", "record_online_over_total", part, value, doubtful=[whole, rate]
    )


def _rate_not_parts(sending: Sending) -> bool:
    part, whole, rate = "egov_dossiers_online", "egov_dossiers_total", "egov_online_rate"
    if not _free(sending, part, whole, rate):
        return False
    value = round((sending.facts[rate] or 0) - sending.rng.uniform(15, 30), 2)
    return _wrong(sending, "rate_not_parts", "record_rate_not_parts", rate, value, doubtful=[part, whole])


def _overdue_over_total(sending: Sending) -> bool:
    part, whole = "egov_dossiers_overdue", "egov_dossiers_total"
    if not _free(sending, part, whole):
        return False
    value = _whole(sending, whole) + 30
    return _wrong(sending, "overdue_over_total", "record_overdue_over_total", part, value, doubtful=[whole])


def _ocop_online_over_products(sending: Sending) -> bool:
    part, whole = "econ_ocop_online", "econ_ocop_products"
    if not _free(sending, part, whole):
        return False
    value = _whole(sending, whole) + sending.rng.randint(4, 12)
    return _wrong(
        sending,
        "ocop_online_over_products",
        "record_ocop_online_over_products",
        part,
        value,
        doubtful=[whole],
    )


def _nil_and_figure(sending: Sending) -> bool:
    code = _first_free(sending, ("steer_directives", "media_broadcast_items"))
    if code is None:
        return False
    sending.answers[code] = replace(sending.answers[code], nil=True)
    sending.unpublished.add(code)
    sending.plant("nil_and_figure", "value_nil_and_figure", code)
    return True


def _negative(sending: Sending) -> bool:
    code = _first_free(sending, ("media_broadcasts", "media_banners", "skill_officials_trained"))
    return code is not None and _wrong(
        sending, "negative", "value_below_minimum", code, -_whole(sending, code)
    )


def _flag_number(sending: Sending) -> bool:
    code = _first_free(sending, ("media_portal_section",))
    return code is not None and _wrong(sending, "flag_number", "value_not_number", code, 3)


def _not_number(sending: Sending) -> bool:
    code = _first_free(sending, ("skill_mooc_completed", "skill_officials_trained", "steer_conferences"))
    return code is not None and _wrong(sending, "not_number", "value_not_number", code, "đang tổng hợp")


def _raw_cell(sending: Sending, code: str, column: str, cell: Callable[[str], str]) -> str:
    address = f"{column}{form_rows(sending.round_.round_id, sending.catalogue)[code]}"
    sending.cells[address] = cell(address)
    return address


def _error_cell(sending: Sending) -> bool:
    code = _first_free(sending, ("egov_enterprises_vneid_accounts", "steer_directives"))
    if code is None:
        return False
    _raw_cell(sending, code, "D", lambda address: error_cell(address, "#REF!"))
    sending.unpublished.add(code)
    sending.plant("error_cell", "value_error_cell", code)
    return True


def _formula_uncached(sending: Sending) -> bool:
    code = _first_free(sending, ("media_broadcast_items", "skill_contest_registered"))
    if code is None:
        return False
    _raw_cell(sending, code, "D", lambda address: formula_cell(address, "120+35"))
    sending.unpublished.add(code)
    sending.plant("formula_uncached", "value_formula_uncached", code)
    return True


def _wrong_unit(sending: Sending) -> bool:
    code = _first_free(sending, ("place_population",), least=2000)
    if code is None:
        return False
    _raw_cell(sending, code, "C", lambda address: text_cell(address, "nghìn người"))
    return _wrong(sending, "wrong_unit", "value_unit", code, round(_whole(sending, code) / 1000))


def _unknown_code(sending: Sending) -> bool:
    code = _first_free(sending, ("media_banners", "egov_proposed_tasks", "egov_office_accounts"))
    if code is None:
        return False
    _raw_cell(sending, code, "G", lambda address: text_cell(address, "media_tiktok_views"))
    sending.facts[code] = None
    sending.plant("unknown_code", "value_unknown_code")
    return True


def _duplicate_code(sending: Sending) -> bool:
    pair = (
        ("steer_official_letters", "steer_conferences")
        if sending.round_.report == "c"
        else (
            "team_member_sessions",
            "team_citizen_sessions",
        )
    )
    if not _free(sending, *pair) or sending.facts[pair[0]] == sending.facts[pair[1]]:
        return False
    _raw_cell(sending, pair[1], "G", lambda address: text_cell(address, pair[0]))
    sending.facts[pair[1]] = None
    sending.unpublished.add(pair[0])
    sending.plant("duplicate_code", "value_duplicate_code", pair[0])
    return True


def _completed_over_registered(sending: Sending) -> bool:
    code, other = "skill_contest_completed", "skill_contest_registered"
    if not _free(sending, code, other):
        return False
    value = round(_whole(sending, other) * 1.3) + 3
    return _meant(
        sending, "completed_over_registered", "record_completed_over_registered", code, float(value)
    )


def _household_size(sending: Sending) -> bool:
    if not _free(sending, "place_households", "place_population", least=500):
        return False
    value = round(_whole(sending, "place_population") / 11)
    return _meant(sending, "household_size", "record_household_size", "place_households", float(value))


VALUE_SPOILERS: tuple[Spoiler, ...] = (
    _text_numbers,
    _thousands_as_decimal,
    _share_over_100,
    _trained_over_members,
    _rate_not_parts,
    _nil_and_figure,
    _negative,
    _online_over_total,
    _error_cell,
    _ocop_online_over_products,
    _not_number,
    _wrong_unit,
    _formula_uncached,
    _overdue_over_total,
    _flag_number,
    _unknown_code,
    _duplicate_code,
    _completed_over_registered,
    _household_size,
)
"""Wrong figures in a form that is otherwise good, the ones that matter most first."""


def jump(later: Sending, earlier: Sending) -> bool:
    """Write ten times too much in one of two rounds; which of the two figures is wrong may stay open, so both wait."""
    code = next((c for c in ("media_posts", "media_broadcasts") if _both_free(later, earlier, c, 30)), None)
    if code is None:
        return False
    earlier.unpublished.add(code)
    return _wrong(later, "time_jump", "time_jump", code, _whole(later, code) * 10)


def disagree(later: Sending, earlier: Sending) -> bool:
    """Give a stock differently in two reports of the same year, and stand by both."""
    code = "egov_agencies_vneid_accounts"
    if not _both_free(later, earlier, code, 10):
        return False
    value = round(_whole(later, code) * 1.6)
    return _meant(later, "rounds_disagree", "submissions_rounds_disagree", code, float(value))


def _both_free(later: Sending, earlier: Sending, code: str, least: float) -> bool:
    both = (later, earlier)
    if any(code not in s.asked or code in s.touched or (s.facts.get(code) or 0) < least for s in both):
        return False
    for sending in both:
        sending.touched.add(code)
    return True
