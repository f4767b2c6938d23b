"""Vietnamese text is kept as typed, found without its marks and sorted as in a Vietnamese dictionary."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import fold, matches, nfc, rank, sort_key

CASES = json.loads((Path(__file__).parents[1] / "data" / "text_cases.json").read_text(encoding="utf-8"))
VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạằỉỵĐẨ Hh-0123456789.", max_size=20)


@pytest.mark.parametrize("case", CASES["search"], ids=lambda case: case["query"])
def test_every_listed_search_finds_its_text(case):
    assert matches(case["query"], case["must_find"])
    assert rank(case["query"], case["must_find"]) is not None


def test_a_query_typed_in_decomposed_form_finds_the_composed_text():
    assert rank(unicodedata.normalize("NFD", "cẩm phả"), "Cẩm Phả") == 0


def test_d_with_a_stroke_is_found_by_d():
    assert fold("Đầm Hà, Vân Đồn") == "dam ha van don"


def test_what_people_typed_is_never_rewritten():
    assert nfc("Uỷ ban, Hoà") == "Uỷ ban, Hoà" != "Ủy ban, Hòa"


def test_no_hit_has_no_rank():
    assert rank("hạ long", "Cẩm Phả") is None


def test_hits_with_the_same_tones_come_before_other_tones_which_are_still_found():
    texts = ["ma trận", "mả tổ", "má", "xóm mạ", "ma", "thôn mã", "mã"]
    assert sorted(texts, key=lambda text: rank("mã", text))[:3] == ["mã", "thôn mã", "má"]
    assert all(rank("mã", text) is not None for text in texts)


def test_a_plain_query_ranks_exact_then_folded_exact_then_start_then_within():
    shuffled = ["Thành phố Cẩm Phả", "cam", "Cẩm Phả", "Cẩm"]
    ranked = sorted(shuffled, key=lambda text: rank("cam", text))
    assert ranked == ["cam", "Cẩm", "Cẩm Phả", "Thành phố Cẩm Phả"]
    assert len({rank("cam", text) for text in ranked}) == 4


def test_both_ways_of_placing_the_tone_are_the_same_word():
    assert rank("Hoà", "Hòa") == 0
    assert rank("cộng hoà", "xã Cộng Hòa") == 2


def test_the_listed_names_sort_as_in_a_dictionary():
    assert sorted(CASES["sort_vi"]["input"], key=sort_key) == CASES["sort_vi"]["expected"]


def test_space_sorts_before_digits_before_letters_and_signs_in_between():
    assert sorted(["khua", "khu7", "khu 7", "khu-7", "khu"], key=sort_key) == ["khu", "khu 7", "khu-7", "khu7", "khua"]


def test_tones_decide_only_between_equal_letters_and_case_only_between_equal_tones():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "Ma", "ma", "mạc"], key=sort_key) == [
        "ma", "Ma", "mà", "mả", "mã", "má", "mạ", "mạc",
    ]  # fmt: skip


def test_every_letter_of_the_alphabet_keeps_its_place():
    alphabet = CASES["sort_key_rule"]["alphabet"]
    assert sorted(alphabet, key=sort_key) == list(alphabet)


@given(VIETNAMESE)
def test_a_text_sorts_and_folds_the_same_in_every_unicode_form(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert sort_key(text) == sort_key(decomposed)
    assert fold(text) == fold(decomposed)


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_and_a_sort_key_is_digits(text):
    assert fold(fold(text)) == fold(text)
    assert sort_key(text).isdecimal()
    assert sort_key(text).isascii()


@given(VIETNAMESE, VIETNAMESE)
def test_a_longer_text_never_sorts_before_its_own_beginning(text, more):
    assert sort_key(nfc(text)) <= sort_key(nfc(text) + "a" + more)
