// The form editor's own texts cannot be translated by its settings: what it shows is put into Vietnamese as it appears.
import words from "./words/forms_vi.js";

const isEnglish = document.documentElement.lang === "en";
// Texts with something in them, longest first: the general ones come last.
const FILLED = Object.entries(words).filter(([english]) => english.includes("{")).sort(([one], [other]) => other.length - one.length)
  .map(([english, vietnamese]) => [new RegExp(`^${english.split(/{\w+}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+?)")}$`), [...english.matchAll(/{\w+}/g)].map(([name]) => name), vietnamese]);

// Returns a text of the editor in the language of the page; what is not known stays.
export function spoken(text) {
  if (isEnglish || !text) return text;
  if (Object.hasOwn(words, text)) return words[text];
  for (const [pattern, names, vietnamese] of FILLED) {
    const found = pattern.exec(text);
    if (found) return names.reduce((said, name, at) => said.replace(name, words[found[at + 1]] ?? found[at + 1]), vietnamese);
  }
  return text;
}

// The sign for a required field, and spaces around a text, stay as they are.
export function speak(box) {
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

function put(text) {
  if (text.parentElement?.closest(".cm-content")) return; // what somebody typed
  const said = text.data.trim();
  if (spoken(said) !== said) text.data = text.data.replace(said, () => spoken(said));
}
