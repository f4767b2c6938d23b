// Makes elements of the page: attributes, listeners as `onclick`, and children; text is never read as markup.
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

let sprite = "";

export function useSprite(address) {
  sprite = address;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "use"));
  use.setAttribute("href", `${sprite}#${name}`);
  return svg;
}

export function button(words, act, { sign, style = "btn-plain", ...attributes } = {}) {
  return el("button", { type: "button", class: `btn btn-sm ${style}`, onclick: act, ...attributes },
    sign ? icon(sign) : null, el("span", {}, words));
}

// Draws a part of the page anew and leaves the focus where it was, by the id of what had it.
export function redraw(box, ...children) {
  const id = box.contains(document.activeElement) ? document.activeElement.id : "";
  const unfolded = new Set([...box.querySelectorAll("details[open][id]")].map((fold) => fold.id));
  const folded = new Set([...box.querySelectorAll("details[id]:not([open])")].map((fold) => fold.id));
  box.replaceChildren(...children.flat().filter(Boolean));
  for (const fold of box.querySelectorAll("details[id]")) {
    if (unfolded.has(fold.id)) fold.open = true;
    if (folded.has(fold.id)) fold.open = false;
  }
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}

export function download(name, content) {
  const address = URL.createObjectURL(content);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
