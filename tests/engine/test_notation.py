"""Numbers, money and dates are read the Vietnamese way, and asked back instead of guessed."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.notation import (
    Ambiguous,
    BadNotation,
    format_date,
    format_document_date,
    format_figure,
    format_money,
    format_number,
    parse_date,
    parse_figure,
    parse_number,
)

CASES = json.loads((Path(__file__).parents[1] / "data" / "text_cases.json").read_text(encoding="utf-8"))
NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@pytest.mark.parametrize("case", CASES["parse_number_vi"], ids=lambda case: case["in"])
def test_every_listed_number_is_read_or_refused(case):
    money = case["note"] == "only in money fields"
    if case["out"] is None:
        with pytest.raises(BadNotation):
            parse_number(case["in"])
    else:
        assert parse_number(case["in"], money=money) == Decimal(str(case["out"]))


def test_a_point_before_one_digit_is_asked_back_with_both_readings():
    with pytest.raises(Ambiguous) as asked:
        parse_number("198.6")
    assert asked.value.question == "198,6 hay 1.986?"
    assert [parse_number(reading) for reading in asked.value.readings] == [Decimal("198.6"), 1986]


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("5.00", "5,00 hay 500?"),
        ("0.123", "0,123 hay 123?"),
        ("1234.567", "1.234,567 hay 1.234.567?"),
        ("1,234,567", "1.234.567?"),
        ("1,234.56", "1.234,56?"),
    ],
)
def test_other_notations_are_asked_back(typed, question):
    with pytest.raises(Ambiguous) as asked:
        parse_number(typed)
    assert asked.value.question == question


@pytest.mark.parametrize(("typed", "question"), [("1,086", "1.086?"), ("1,000", "1.000 hay 1?"), ("198.6", "1.986?")])
def test_a_count_asks_whether_thousands_were_meant(typed, question):
    with pytest.raises(Ambiguous) as asked:
        parse_number(typed, decimals=0)
    assert asked.value.question == question


def test_a_count_has_no_decimals_and_a_measure_no_more_than_its_own():
    assert parse_number("5,00", decimals=0) == 5
    assert parse_number("285,50", decimals=1) == Decimal("285.5")
    for typed, decimals, code in (("2,5", 0, "count"), ("2,55", 1, "decimals")):
        with pytest.raises(BadNotation) as refused:
            parse_number(typed, decimals=decimals)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "blank"), (" \u00a0", "blank"), ("-3", "negative"), ("−3", "negative"), (".5", "not_a_number"),
        ("5,", "not_a_number"), ("1e5", "words"), ("NaN", "not_a_number"), ("inf", "not_a_number"),
        ("١٢", "not_a_number"), ("１２", "not_a_number"), ("1.23.456", "not_a_number"), ("12 quả", "words"),
        ("109 triệu", "words"), ("9" * 16, "too_long"), ("1" * 5000, "too_long"), ("--3", "negative"),
    ],
)  # fmt: skip
def test_what_is_not_a_number_is_refused_with_its_reason(typed, code):
    with pytest.raises(BadNotation) as refused:
        parse_number(typed)
    assert refused.value.code == code


def test_a_number_may_be_negative_only_where_allowed():
    assert parse_number("-1.234,5", negative=True) == Decimal("-1234.5")


def test_groups_may_be_set_off_by_spaces_as_printed_tables_do():
    assert parse_number("12 283") == parse_number("12\u00a0283") == 12283


@pytest.mark.parametrize("typed", ["52 lượt", "52 lượt người", "52 luot nguoi", "52lượt"])
def test_the_unit_may_be_typed_after_the_number(typed):
    assert parse_number(typed, unit="lượt người") == 52


@pytest.mark.parametrize(("typed", "unit"), [("5 m", "mô hình"), ("5 km", "m"), ("5 m", "km")])
def test_another_unit_is_refused(typed, unit):
    with pytest.raises(BadNotation) as refused:
        parse_number(typed, unit=unit)
    assert refused.value.code == "words"


def test_a_percent_sign_is_a_unit():
    assert parse_number("34,35%", unit="%") == Decimal("34.35")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("109 triệu", 109_000_000), ("109 TRIỆU đồng", 109_000_000), ("1,5 tỷ", 1_500_000_000),
        ("1 tỉ 200 triệu", 1_200_000_000), ("500 nghìn", 500_000), ("109.000.000", 109_000_000),
        ("50.000đ", 50_000), ("50000 VNĐ", 50_000), ("0", 0),
    ],
)  # fmt: skip
def test_money_is_read_in_words_and_kept_in_whole_dong(typed, amount):
    assert parse_number(typed, money=True) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.5 tỷ", "two_readings"), ("109,000 triệu", "two_readings"), ("1,000", "count"), ("2,5", "count"),
        ("0,0000000001 tỷ", "count"), ("triệu", "money_words"), ("3 triệu 2 tỷ", "money_words"),
        ("9 quả", "money_words"), ("3 triệu 200", "money_words"),
    ],
)  # fmt: skip
def test_money_that_is_unclear_or_broken_is_not_guessed(typed, code):
    with pytest.raises(BadNotation) as refused:
        parse_number(typed, money=True)
    assert refused.value.code == code


def test_the_readings_of_unclear_money_are_clear():
    with pytest.raises(Ambiguous) as asked:
        parse_number("1.5 tỷ", money=True)
    assert [parse_number(reading, money=True) for reading in asked.value.readings] == [1_500_000_000, 15_000_000_000]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("trên 5.000", ("over", 5000)), ("hơn 200", ("over", 200)), ("Gần 19.000", ("nearly", 19000)),
        ("khoảng 40", ("about", 40)), ("52", (None, 52)),
    ],
)  # fmt: skip
def test_a_qualifier_may_be_typed_before_the_number(typed, read):
    assert parse_figure(typed) == read


@pytest.mark.parametrize(("number", "written"), CASES["format_number_vi"])
def test_every_listed_number_is_written(number, written):
    assert format_number(number) == written


def test_a_fixed_number_of_decimals_is_kept():
    assert format_number(Decimal("34.3"), decimals=2) == "34,30"
    assert format_number(Decimal("-0.001"), decimals=2) == "0,00"


def test_a_figure_is_written_with_its_word_and_unit():
    assert format_figure(19000, qualifier="nearly", unit="lượt người") == "gần 19.000 lượt người"
    assert format_figure(109_000_000, unit="đồng", money=True) == "109 triệu đồng"


@given(NUMBERS)
def test_a_written_number_is_read_back(number):
    assert parse_number(format_number(number), negative=True) == number


@given(st.integers(min_value=0, max_value=10**14))
def test_written_money_is_read_back(amount):
    assert parse_number(format_money(amount), money=True) == amount


@given(st.text(max_size=80), st.booleans(), st.one_of(st.none(), st.integers(0, 3)))
def test_any_text_is_read_or_refused_but_never_crashes(text, money, decimals):
    try:
        value = parse_figure(text, money=money, decimals=decimals, unit="lượt người")[1]
    except BadNotation:
        return
    assert value.is_finite()
    assert value >= 0


@given(st.text(alphabet="0123456789.,", min_size=1, max_size=12))
def test_every_reading_offered_is_itself_clear(text):
    try:
        parse_number(text)
    except Ambiguous as asked:
        for reading in asked.readings:
            assert parse_number(reading).is_finite()
    except BadNotation:
        pass


@pytest.mark.parametrize(("typed", "day"), CASES["parse_date_vi"])
def test_every_listed_date_is_read_refused_or_asked_for_its_year(typed, day):
    if day == "ask for the year":
        with pytest.raises(Ambiguous) as asked:
            parse_date(typed, today=date(2018, 10, 12))
        assert asked.value.question == "5/2/2018?"
    elif day is None:
        with pytest.raises(BadNotation, match="no_such_day"):
            parse_date(typed)
    else:
        assert parse_date(typed).isoformat() == day


@pytest.mark.parametrize("typed", ["12102018", "12.10.2018", "12 10 2018", "ngày 12 tháng 10 năm 2018"])
def test_dates_of_a_number_pad_and_of_documents_are_read(typed):
    assert parse_date(typed) == date(2018, 10, 12)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "blank"), ("hôm qua", "not_a_date"), ("12/10-2018", "not_a_date"), ("31/2", "no_such_day"),
        ("12/13/2018", "no_such_day"), ("1/1/1066", "year"), ("5/2/18", "which_year"), ("29/2", "which_year"),
        ("١٢/١٠/٢٠١٨", "not_a_date"), ("20181012", "year"),
    ],
)  # fmt: skip
def test_what_is_not_a_date_is_refused_with_its_reason(typed, code):
    with pytest.raises(BadNotation) as refused:
        parse_date(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(("case", "written"), CASES["format_date_vi"])
def test_every_listed_date_is_written(case, written):
    day = date(2018, 10, 12)
    by_case = {
        "2018-10-12": format_date(day),
        "2018-10-12 long": format_date(day, long=True),
        "document place-date": format_document_date(day, place="Cẩm Phả"),
    }
    assert by_case[case] == written


def test_document_dates_pad_the_first_days_and_the_first_two_months():
    assert format_document_date(date(2018, 2, 5)) == "ngày 05 tháng 02 năm 2018"
    assert format_document_date(date(2018, 3, 5)) == "ngày 05 tháng 3 năm 2018"


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_a_written_date_is_read_back(day):
    assert parse_date(format_date(day)) == parse_date(day.isoformat()) == parse_date(format_document_date(day)) == day
