"""Vietnamese text as stored, matched and sorted: pure functions that fill the `*_fold` and `*_sort` columns."""

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng; ngang has no mark
_SHAPES = "\u0302\u0306\u031b"  # the hat, the breve and the horn make another letter, not another tone
_SPACE, _PUNCTUATION, _FIRST_DIGIT, _FIRST_LETTER, _FOREIGN = 10, 11, 20, 30, 90
_TO_D = str.maketrans("đĐ", "dD")
_OTHER_THAN_ASCII_WORDS = re.compile(r"[^0-9a-z]+")
_OTHER_THAN_WORDS = re.compile(r"[\W_]+")


def nfc(text: str) -> str:
    """Compose the text; nothing else of what was typed changes (Uỷ stays Uỷ)."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Reduce to lower-case ASCII words separated by one space, for matching only."""
    bare = unicodedata.normalize("NFD", nfc(text).translate(_TO_D))
    marks_dropped = "".join(character for character in bare if unicodedata.category(character) != "Mn")
    return _OTHER_THAN_ASCII_WORDS.sub(" ", marks_dropped.casefold()).strip()


def matches(query: str, text: str) -> bool:
    """Tell whether the folded query stands in the folded text; an empty query finds everything."""
    return fold(query) in fold(text)


def rank(query: str, text: str) -> int | None:
    """Grade a hit, 0 the best, None for no hit.

    0 equal with its marks, 1 and 2 the same tones at the start and within (only for a query typed with marks),
    3 equal when folded, 4 folded at the start, 5 folded within.
    """
    folded_query, folded_text = fold(query), fold(text)
    if folded_query not in folded_text:
        return None
    toned_query, toned_text = _toned(query), _toned(text)
    if toned_query == toned_text:
        return 0
    if toned_query != folded_query and (place := _same_tones_at(query, text)) is not None:
        return 1 if place == 0 else 2
    if folded_query == folded_text:
        return 3
    return 4 if folded_text.startswith(folded_query) else 5


def sort_key(text: str) -> str:
    """Give a string of digits that sorts like a Vietnamese word list under every database collation.

    First the letters (space, other signs, digits, the alphabet with đ after d), then the tones, then lower before
    upper case.
    """
    letters, tones, cases = [], [], []
    for base, marks in _letters(text):
        letter, tone = _letter_and_tone(base, marks)
        letters.append(_weight(letter))
        tones.append(str(tone + 1))
        cases.append("2" if base.isupper() else "1")
    return f"{''.join(letters)}00{''.join(tones).rstrip('1')}0{''.join(cases).rstrip('1')}"


def _same_tones_at(query: str, text: str) -> int | None:
    # The syllable form makes Hoà equal Hòa; the typed form finds a syllable not finished yet (hoà in hoàn).
    forms = ((_toned(query), _toned(text)), (_plain(query), _plain(text)))
    places = [place for wanted, whole in forms if (place := whole.find(wanted)) >= 0]
    return min(places, default=None)


def _plain(text: str) -> str:
    return _OTHER_THAN_WORDS.sub(" ", nfc(text).casefold()).strip()


def _toned(text: str) -> str:
    return " ".join(_toned_syllable(word) for word in _plain(text).split())


def _toned_syllable(word: str) -> str:
    pairs = [_letter_and_tone(base, marks) for base, marks in _letters(word)]
    tones = "".join(sorted(_TONES[tone - 1] for _, tone in pairs if tone))
    return "".join(letter for letter, _ in pairs) + tones


def _letters(text: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) != "Mn":
            pairs.append((character, ""))
        elif pairs:
            base, marks = pairs[-1]
            pairs[-1] = (base, marks + character)
    return pairs


def _letter_and_tone(base: str, marks: str) -> tuple[str, int]:
    shape = "".join(mark for mark in marks if mark in _SHAPES)
    tone = next((_TONES.index(mark) + 1 for mark in marks if mark in _TONES), 0)
    return nfc(base.lower() + shape), tone


def _weight(letter: str) -> str:
    if letter in _ALPHABET:
        return str(_FIRST_LETTER + _ALPHABET.index(letter))
    if letter in "0123456789":
        return str(_FIRST_DIGIT + int(letter))
    if letter.isspace():
        return str(_SPACE)
    if not letter.isalnum():
        return str(_PUNCTUATION)
    return "".join(f"{_FOREIGN}{ord(character):07d}" for character in letter)
