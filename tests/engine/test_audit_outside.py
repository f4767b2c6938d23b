"""The checker given to outsiders agrees with the product and with `cryptography`, on what is right and what is not."""

import ast
import importlib.util
import random
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.audit import tree
from engine.audit.notes import LOG, WITNESS, BadNote, Checkpoint, Note, PublicKey, cosign, sign
from tests.world import NOW

FILE = Path(__file__).parents[2] / "webapp/outside/verify.py"
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def verify():
    spec = importlib.util.spec_from_file_location("outside_verify", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_is_one_file_that_shares_nothing_and_runs_on_python_3_9():
    read = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 9))
    imported = {alias.name for node in ast.walk(read) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(read) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)
    # Newer than 3.9 although the grammar is not: keyword of zip, defaults of int.from_bytes, unions outside of hints.
    calls = [node for node in ast.walk(read) if isinstance(node, ast.Call)]
    assert not [call for call in calls if any(word.arg == "strict" for word in call.keywords)]
    for call in calls:
        if getattr(call.func, "attr", "") in ("from_bytes", "to_bytes"):
            assert len(call.args) == 2


def test_it_tests_itself():
    done = subprocess.run([sys.executable, "-I", "-S", str(FILE), "--self-test"], capture_output=True, text=True)
    assert (done.returncode, "RFC" in done.stderr) == (0, False)


def by_library(public, text, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_signatures_are_judged_as_cryptography_judges_them(verify):
    chance = random.Random(8032)
    for number in range(60):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        public, text = private.public_key().public_bytes_raw(), chance.randbytes(number)
        signature = private.sign(text)
        altered = bytearray(signature)
        altered[chance.randrange(64)] ^= 1 << chance.randrange(8)
        for one in (signature, bytes(altered), chance.randbytes(64), signature[:63]):
            assert verify.is_signed(public, text, one) == by_library(public, text, one)
        assert verify.is_signed(public, text + b"x", signature) is False


def test_keys_that_anybody_could_sign_for_are_refused(verify):
    small = [bytes(32), bytes([1]) + bytes(31), bytes([236]) + b"\xff" * 30 + b"\x7f"]
    small += [bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")]
    small += [bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
    for key in small:
        assert not verify.is_signed(key, b"", bytes([1]) + bytes(63))


def notes():
    """Give notes that are right, and each altered at every place."""
    private, seen = Ed25519PrivateKey.from_private_bytes(b"l" * 32), Ed25519PrivateKey.from_private_bytes(b"w" * 32)
    log, witness = PublicKey.of("lienthong/x", LOG, private), PublicKey.of("mttq.example", WITNESS, seen)
    text = Checkpoint(log.name, 1234, bytes(range(32)), NOW).text
    note = Note(text, (sign(text, log.name, private), cosign(text, witness.name, seen, at=NOW)))
    return log, witness, str(note)


def test_notes_are_read_and_judged_as_the_product_does(verify):
    log, witness, written = notes()
    keys = [verify.Key(str(key)) for key in (log, witness)]
    chance = random.Random(7)
    tried = [written, written.replace("1234", "1235"), written.replace("\u2014", "-"), written + "x", written[:-1]]
    for _ in range(150):
        place = chance.randrange(len(written))
        tried.append(written[:place] + chance.choice("0aZ/+= \n") + written[place + 1 :])
    for one in tried:
        try:
            note = Note.read(one)
            product = [bool(note.is_signed_by(log)), note.seen_by(witness) is not None]
        except BadNote:
            product = None
        try:
            mine = [verify.Note(one).signed_by(key) for key in keys]
        except verify.Wrong:
            mine = None
        # A note one of them cannot read is signed for neither.
        assert any(product or ()) == any(mine or ()), one
        if product is not None and mine is not None:
            assert product == mine


def test_proofs_are_judged_as_the_product_judges_them(verify):
    leaves = [tree.leaf_hash(bytes([n])) for n in range(40)]
    chance = random.Random(9162)

    def subtree(level, number):
        return tree.complete(leaves[number << level : (number + 1) << level])

    for _ in range(300):
        new = chance.randint(1, 40)
        old, index = chance.randint(1, new), chance.randrange(new)
        roots = [tree.between(subtree, 0, size) for size in (old, new)]
        path = tree.inclusion(subtree, index, new)
        growth = tree.consistency(subtree, old, new)
        if chance.random() < 0.5:
            path = [*path, leaves[0]] if chance.random() < 0.5 or not path else path[1:]
            growth = [*growth, leaves[0]] if chance.random() < 0.5 or not growth else [leaves[0], *growth[1:]]
        product = tree.includes(roots[1], new, index, leaves[index], path)
        assert verify.includes(roots[1], new, index, leaves[index], path) == product
        product = tree.is_consistent((old, roots[0]), (new, roots[1]), growth)
        assert verify.is_consistent(old, roots[0], new, roots[1], growth) == product


@pytest.mark.parametrize(
    "twin",
    [
        b'{"seq":1,"v":1.0}', b'{"seq":1, "v":1}', b'{"v":1,"seq":1}', b'{"seq":1,"seq":1,"v":1}', b'{"seq":01,"v":1}',
        b'{"a":"Hoa\xcc\x80","seq":1,"v":1}', b'{"a":"\\u0041","seq":1,"v":1}', b'{"a":true,"seq":1,"v":1}',
        b'{"a":null,"seq":1,"v":1}', b'{"a":NaN,"seq":1,"v":1}', b'{"a":"\\ud800","seq":1,"v":1}',
        b'{"a":1e3,"seq":1,"v":1}',
        b'{"a":-0,"seq":1,"v":1}', b'{"seq":"1","v":1}', b'{"seq":true,"v":1}', b'{"seq":1,"v":3}', b"[]", b"", b"\xff",
        b'{"a":' + b"[" * 9999 + b"]" * 9999 + b',"seq":1,"v":1}', b'{"seq":1,"v":1}\r',
    ],
)  # fmt: skip
def test_a_twin_of_an_entry_is_no_entry(verify, twin):
    assert verify.entry_of(b'{"seq":1,"v":1}', 1) == (1, None)
    with pytest.raises(verify.Wrong):
        verify.entry_of(twin, 1)


WRITTEN = (
    '{"at":"2018-10-12","fact":"task:completed","facts":{"count":12,"kept":[1,20],"title":"Trình"},"seq":7,"v":2}',
    '{"at":"2018-10-12","fact":"task:completed","facts":{"seq":[{"seq":"7"}]},"refused":0,"seq":1234,"v":1}',
    '{"facts":{"after":{"to":{"#":"' + "0a" * 32 + '"}},"note":{"#":"' + "1b" * 32 + '","as":"number"}},"seq":3,"v":2}',
)  # fmt: skip


def judged(read, line):
    """Return number, texts, or which error: unreadable, not canonical, a value that may not stand there."""
    try:
        return read(line)
    except Exception as error:
        return type(error).__name__, str(error)


def test_an_entry_known_by_its_form_is_judged_as_one_that_is_read(verify):
    def read(line):
        seq, facts = verify.entry_of(line, 5)
        return seq, verify.spoken_of(line, facts)

    chance, forms = random.Random(9), verify.Forms()
    for line in WRITTEN:
        assert forms.look(line.encode(), 5) == read(line.encode())
    assert forms.count == len(WRITTEN)
    bits = [
        *"\\ \t\x7f\x01{}[]\",:#0123456789.e-", "ế", "e\u0302\u0301", "01", "-1", "1.5", "1e5", "true", "null", '"a":',
        '"seq":9,', ',"v":3', ',"v":2', "9" * 18, "9" * 5000, '","', '{"#":"x"}', "\\u0041", "\\n",
    ]  # fmt: skip
    for _ in range(2500):
        line = chance.choice(WRITTEN)
        for _ in range(chance.choice((1, 1, 2))):
            begin = chance.randrange(len(line) + 1)
            line = line[:begin] + chance.choice(bits) + line[begin + chance.choice((0, 1, 1, 2)) :]
        raw = line.encode()
        raw = raw if chance.random() < 0.9 else raw.replace(chance.choice(b"{1at").to_bytes(1, "big"), b"\xff", 1)
        assert judged(lambda one: forms.look(one, 5), raw) == judged(read, raw), raw
