"""Hashes and checks passwords and says which are too easy; slow on purpose, so never inside a transaction."""

import re
import secrets
import threading
import unicodedata
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import Invalid
from models.text import fold

SHORTEST, LONGEST = 12, 256
_FEWEST_DIFFERENT = 5
# OWASP's smaller setting: 25 ms of CPU; two at once at most, so that a flood of guesses cannot take the machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(2)
_DISGUISES = str.maketrans("@$013!", "asoiei")
# Folded, without digits and signs: what is left of the passwords most used, in Vietnam and elsewhere.
_COMMON_WORDS = (
    "password passwords passw passwd admin administrator letmein welcome iloveyou qwerty qwertyuiop asdfghjkl zxcvbnm "
    "qwertyasdfgh qazwsxedc abcdefgh abcdefghijkl test testtest changeme secret dragon monkey sunshine princess "
    "matkhau matkhaumoi khongcomatkhau matma dangnhap nguoidung quantri quantrivien xinchao xinchaovietnam vietnam "
    "vietnamvodich anhyeuem emyeuanh yeuem yeuanh anhyeuemnhieulam conyeume meyeucon giadinh hanhphuc concobebe hanoi "
    "saigon quangninh campha halong lienthong ubnd mattran matkhaulienthong lienthongmatkhau"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password; its Unicode form is made the same on every keyboard."""
    with _turns:
        return _hasher.hash(unicodedata.normalize("NFC", password))


def made() -> str:
    """Return a password nobody chose: 64 random bits, in groups that can be read out."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def check_password(stored: str | None, password: str) -> bool:
    """Tell whether the password is the one of the hash; without a hash it takes as long and is wrong."""
    dummy = _dummy_hash()  # for the first caller the slower part, whether the login exists or not
    known = stored is not None and len(password) <= LONGEST
    guess = unicodedata.normalize("NFC", password[:LONGEST])
    with _turns:
        try:
            return _hasher.verify(stored if known and stored else dummy, guess) and known
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def require_good(password: str, *, login: str) -> None:
    """Refuse a password somebody chose when it is too short, too long or easy to guess."""
    reason = _weakness(unicodedata.normalize("NFC", password), login)
    if reason is not None:
        raise Invalid({"password": reason}, reason=reason, shortest=SHORTEST, longest=LONGEST)


def _weakness(password: str, login: str) -> str | None:
    if len(password) < SHORTEST:
        return "password_too_short"
    if len(password) > LONGEST:
        return "password_too_long"
    stem = password.rstrip("0123456789!@#$%^&*()-_=+.,? ")
    words = {re.sub(r"[^a-z]", "", fold(form)) for form in (password, stem.translate(_DISGUISES))}
    if words & _COMMON or len(set(password)) < _FEWEST_DIFFERENT or _is_run(password):
        return "password_common"
    if login and fold(login).replace(" ", "") in fold(password).replace(" ", ""):
        return "password_names_login"
    return None


def _is_run(password: str) -> bool:
    """Tell whether almost every sign follows from the one before (123456…, abcdef…, 98765…)."""
    steps = [ord(b) - ord(a) for a, b in pairwise(password)]
    return sum(step in (-1, 0, 1) for step in steps) >= len(steps) - 2


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_hex())
