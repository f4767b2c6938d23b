"""The Merkle tree of the log: as RFC 9162 has it, grown entry by entry, proven for any two sizes."""

import hashlib
import random

import pytest
from sqlalchemy import insert, select, text, update

from engine import audit
from engine.audit import Fact, nodes, proofs, tree
from engine.audit.tree import Range
from models.audit import AuditEntry, AuditNode, AuditTip
from models.errors import Invalid, NotFound
from models.permissions import SYSTEM

# The leaves and roots with which implementations of Certificate Transparency are tested.
LEAVES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "60" * 16)]
LEAVES[7] = bytes(range(0x60, 0x70))
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def plainly(leaves):
    """The definition of the RFC, word by word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return tree.node_hash(plainly(leaves[:half]), plainly(leaves[half:]))


def subtree_of(leaves):
    return lambda level, number: tree.complete(leaves[number << level : (number + 1) << level])


@pytest.mark.once
def test_the_roots_are_those_other_logs_have():
    grown = Range()
    assert grown.root.hex() == ROOTS[0]
    for leaf in LEAVES:
        grown.append(tree.leaf_hash(leaf))
        grown = Range.read(grown.size, grown.written)
        assert grown.root.hex() == ROOTS.get(grown.size, grown.root.hex())
    assert grown.root.hex() == ROOTS[8]


@pytest.mark.once
def test_every_proof_of_small_trees_fits_and_no_other_does():
    leaves = [tree.leaf_hash(bytes([n])) for n in range(20)]
    roots = [plainly(leaves[:size]) for size in range(21)]
    for size in range(1, 21):
        for index in range(size):
            path = tree.inclusion(subtree_of(leaves), index, size)
            assert tree.includes(roots[size], size, index, leaves[index], path)
            assert not tree.includes(roots[size], size, index, leaves[index - 1], path) or size == 1
            assert not tree.includes(roots[size], size, index, leaves[index], [*path, leaves[0]])
            assert not tree.includes(roots[size - 1], size, index, leaves[index], path)
        for old in range(1, size + 1):
            path = tree.consistency(subtree_of(leaves), old, size)
            assert tree.is_consistent((old, roots[old]), (size, roots[size]), path)
            assert not tree.is_consistent((old, roots[old - 1]), (size, roots[size]), path)
            assert old == size or not tree.is_consistent((old, roots[old]), (size, roots[size - 1]), path)
            assert not path or not tree.is_consistent((old, roots[old]), (size, roots[size]), path[:-1])


@pytest.fixture
def long_log(database, session):
    """A log of some hundred entries, with what is kept of its tree."""
    count = session.scalar(select(AuditTip.seq))
    for _ in range(700 - count):
        audit.record(session, SYSTEM, Fact.SETTING_CHANGED)
    audit.flush(session)
    while nodes.fill(session):
        pass
    return session


def test_proofs_from_kept_nodes_are_those_from_all_leaves(long_log):
    leaves = [bytes.fromhex(leaf) for leaf in long_log.scalars(select(AuditEntry.leaf).order_by(AuditEntry.seq))]
    assert long_log.scalar(select(AuditNode.hash).where(AuditNode.level == 8, AuditNode.number == 1))
    chance = random.Random(7)
    for _ in range(12):
        new = chance.randint(1, len(leaves))
        old, seq = chance.randint(1, new), chance.randint(1, new)
        assert proofs.consistency(long_log, old, new) == tree.consistency(subtree_of(leaves), old, new)
        path = proofs.inclusion(long_log, seq, new)
        assert tree.includes(plainly(leaves[:new]), new, seq - 1, leaves[seq - 1], path)


def test_the_end_of_the_log_is_the_tree_over_its_entries(long_log):
    leaves = [bytes.fromhex(leaf) for leaf in long_log.scalars(select(AuditEntry.leaf).order_by(AuditEntry.seq))]
    found = audit.verify(long_log)
    assert (found.is_sound, found.tip) == (True, plainly(leaves).hex())


def test_a_changed_node_is_found(long_log):
    long_log.execute(update(AuditNode).where(AuditNode.level == 8, AuditNode.number == 1).values(hash="0" * 64))
    found = audit.verify(long_log)
    assert (found.broken_seq, found.why) == (512, "node")


def test_what_is_not_in_the_log_cannot_be_proven(long_log):
    for wrong in ((0, 5), (6, 5), (1, 701)):
        with pytest.raises(Invalid):
            proofs.inclusion(long_log, *wrong)
        with pytest.raises(Invalid):
            proofs.consistency(long_log, *wrong)
    with pytest.raises(NotFound):
        proofs.entry_of(long_log, 701)


def test_subtrees_of_65536_entries_are_kept_too(session):
    size = 1 << 17
    session.execute(insert(AuditNode), [{"level": 8, "number": n, "hash": f"{n:064x}"} for n in range(size >> 8)])
    session.execute(text("UPDATE audit_tip SET seq = :size"), {"size": size})
    assert nodes.fill(session) == 2
    assert nodes.fill(session) == 0
    below = [bytes.fromhex(f"{n:064x}") for n in range(512)]
    assert nodes.subtree(session)(17, 0) == tree.complete(below)
