"""Finds words on a page that are not Vietnamese: a word in plain Latin letters has to be a possible syllable or reviewed."""

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
ENGLISH = frozenset("by go he hi him me my no on run the them then to us you".split())
# Reviewed: abbreviations of bodies and things, units, names of formats, and what Vietnamese borrowed.
REVIEWED = frozenset(
    "ubnd mttq tncs chqs cbcs vp tp lhpn ccb vsmt bpmn dmn json api km kg csv pdf excel word internet email "
    "logo pano video wifi zalo website".split()
)
WORD = re.compile(r"[^\W\d_]+")

# What people read or hear: text, and the texts in attributes; not what is said in another language on purpose.
# Without callbacks: where scripts are off the browser would not call them.
READ = """() => {
  const texts = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (element.closest('[lang="en"], script, style, kbd, code')) continue;
    if (element !== node) texts.push(node.data);
    else for (const name of ['placeholder', 'aria-label', 'alt', 'title', 'data-label'])
      if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
  }
  return texts.map(text => text.trim()).filter(Boolean);
}"""


def foreign(texts: list[str], *, known: frozenset[str] = frozenset()) -> list[str]:
    """Return the words that are neither Vietnamese nor reviewed, each with the text it stands in."""
    return sorted({f"{word}: {text[:80]}" for text in texts for word in _foreign_in(text, known)})


def _foreign_in(text: str, known: frozenset[str]) -> Iterator[str]:
    for word in WORD.findall(text):
        plain = word.lower()
        if len(word) == 1 or not word.isascii() or plain in REVIEWED or plain in known:
            continue
        if plain in ENGLISH or not SYLLABLE.fullmatch(word):
            yield word
