"""A sentence of the audit log: one fact in both languages, with its sign."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """A fact in words; {who} acted, [what is in brackets] is said where it is known."""

    vi: str
    en: str
    icon: str = "record-circle"
    style: str = ""  # hand: the work changed hands; bad, good: for the colour of the dot


S = Sentence  # what a table of a hundred of them is read by
