// Texts that a library shows without asking for a translation are put into Vietnamese as they appear.
const isEnglish = document.documentElement.lang === "en";
// What somebody typed: the text of an expression, and the cells of a table.
const TYPED = ".cm-content, .content-editable, td";

// Returns {spoken(text), speak(box)}: a text in the language of the page, and a part of the page that speaks it.
export function speaker(words) {
  // Texts with something in them, longest first: the general ones come last.
  const filled = Object.entries(words).filter(([english]) => english.includes("{")).sort(([one], [other]) => other.length - one.length)
    .map(([english, vietnamese]) => [new RegExp(`^${english.split(/{\w+}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+?)")}$`), [...english.matchAll(/{\w+}/g)].map(([name]) => name), vietnamese]);

  // What is not known stays.
  function spoken(text) {
    if (isEnglish || !text) return text;
    if (Object.hasOwn(words, text)) return words[text];
    for (const [pattern, names, vietnamese] of filled) {
      const found = pattern.exec(text);
      if (found) return names.reduce((said, name, at) => said.replace(name, words[found[at + 1]] ?? found[at + 1]), vietnamese);
    }
    return text;
  }

  function speak(box) {
    if (isEnglish) return;
    for (const area of [box, document.body]) new MutationObserver((changes) => {
      for (const { addedNodes, target, type } of changes) type === "characterData" ? put(target) : addedNodes.forEach(within);
    }).observe(area, { childList: true, characterData: true, subtree: area === box });
    within(box);
  }

  function within(node) {
    if (node.nodeType === Node.TEXT_NODE) return put(node);
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches("script, style")) return null;
    for (const name of ["title", "placeholder", "aria-label"]) {
      const said = node.getAttribute(name);
      if (said && spoken(said) !== said) node.setAttribute(name, spoken(said));
    }
    return node.childNodes.forEach(within);
  }

  // The sign for a required field, and spaces around a text, stay as they are.
  function put(text) {
    if (text.parentElement?.closest(TYPED)) return;
    const said = text.data.trim();
    if (spoken(said) !== said) text.data = text.data.replace(said, () => spoken(said));
  }

  return { spoken, speak };
}
