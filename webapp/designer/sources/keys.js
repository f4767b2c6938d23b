// Single keys: j and k walk the rows, o opens, x selects; any other key acts on the element that carries it in data-key.
const SWITCH = "lienthong-keys";
const NO_TEXT = new Set(["button", "checkbox", "radio", "submit", "reset", "file", "image", "range", "color"]);
const PREFIX_LASTS = 1_500;
let prefix = "";
let prefixEnds;

export function watchKeys() {
  document.addEventListener("keydown", pressed);
  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.checked = keysAreOn();
    box.addEventListener("change", () => localStorage.setItem(SWITCH, box.checked ? "on" : "off"));
  }
}

const keysAreOn = () => localStorage.getItem(SWITCH) !== "off";

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.keyCode === 229) return;
  if (event.defaultPrevented || isTyping(event.target) || !keysAreOn()) return;
  const key = prefix + event.key;
  prefix = "";
  clearTimeout(prefixEnds);
  if (event.key === "g" && key === "g") {
    prefix = "g ";
    prefixEnds = setTimeout(() => { prefix = ""; }, PREFIX_LASTS);
    return;
  }
  if (act(key)) event.preventDefault();
}

// Telex and other ways of typing Vietnamese use plain letters: never act where letters can be typed.
function isTyping(target) {
  if (target.isContentEditable || target.matches?.("textarea, select")) return true;
  return target.matches?.("input") && !NO_TEXT.has(target.type);
}

function act(key) {
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  const row = currentRow();
  if (key === "o" && row) return press(row.querySelector("a.row-link, a"));
  if (key === "x" && row) return press(row.querySelector("input[type=checkbox]"));
  const carrier = `[data-key="${CSS.escape(key)}"]`;
  return press(row?.querySelector(carrier) ?? [...document.querySelectorAll(carrier)].find((one) => one.checkVisibility()));
}

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
const currentRow = () => document.activeElement?.closest("[data-row]");

function walk(step) {
  const all = rows();
  const here = all.indexOf(currentRow());
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step];
  next?.querySelector("a.row-link, a")?.focus();
  return Boolean(next);
}

function press(element) {
  if (!element) return false;
  if (element.matches("input, textarea") && isTyping(element)) element.focus();
  else element.click();
  return true;
}
