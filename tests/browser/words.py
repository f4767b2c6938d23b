"""Finds words that are not Vietnamese: what is spelled in plain Latin letters is a possible syllable, or reviewed."""

import re
from collections.abc import Iterator

# How a syllable without any mark is spelled (before c, ch, p and t there always is one). What does not fit is foreign.
SYLLABLE = re.compile(
    r"(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
    r"(a|ai|ao|au|ay|e|eo|i|ia|iu|o|oa|oai|oao|oay|oe|oeo|oi|oo|u|ua|ui|uy|uya|uyu|y)"
    r"(ng|nh|m|n)?",
    re.IGNORECASE,
)
# Possible syllables that on a page of ours would be English.
ENGLISH = frozenset({"by", "go", "he", "hi", "him", "me", "my", "no", "on", "run", "the", "them", "then", "us", "you"})
# Reviewed: abbreviations, units, names of formats and programs, what Vietnamese borrowed, and the "moi truong" of the
# example that shows how to search without marks.
REVIEWED = frozenset(
    """
    cn ct ubnd mttq tncs chqs cbcs vp tp lhpn ccb vsmt ntm
    km kg kb mb
    bpmn dmn json csv pdf png svg jpg qr excel word api openapi sha
    javascript ctrl chrome linux google microsoft authenticator
    internet email logo pano video wifi zalo website
    truong
    """.split()  # noqa: SIM905 - a list for people to review
)
WORD = re.compile(r"[^\W\d_]+")
# Addresses, names of files and codes are no words.
NO_WORDS = re.compile(r"\S+@\S+|/api/\S+|\S+\.(bpmn|dmn|json|png|py)\b|\b[0-9A-F]{4}(-[0-9A-F]{4})+\b")

# What people read or hear: text, and the texts in attributes; not what is said in another language on purpose.
# Without callbacks: where scripts are off the browser would not call them.
READ = """() => {
  const texts = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (element.tagName === 'NOSCRIPT' || element.closest('[lang="en"], script, style, kbd, code')) continue;
    if (element !== node && element.tagName === 'TEXTAREA') continue; // what stands in a field are not our words
    if (element.closest('.bjs-powered-by')) continue; // the licence of the drawing library wants its mark kept
    if (element !== node) texts.push(node.data);
    else for (const name of ['placeholder', 'aria-label', 'alt', 'title', 'data-label'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
  }
  return texts.map(text => text.trim()).filter(Boolean);
}"""


def foreign(texts: list[str]) -> list[str]:
    """Return the words that are neither Vietnamese nor reviewed, each with the text it stands in."""
    return sorted({f"{word}: {text[:80]}" for text in texts for word in _foreign_in(text)})


def _foreign_in(text: str) -> Iterator[str]:
    for word in WORD.findall(NO_WORDS.sub(" ", text)):
        plain = word.lower()
        if len(word) == 1 or not word.isascii() or plain in REVIEWED:
            continue
        if plain in ENGLISH or not SYLLABLE.fullmatch(word):
            yield word
