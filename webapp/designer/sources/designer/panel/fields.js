// Labelled fields of the panel; each says what it is for, and tells once what was typed when the field is left.
import { button, el } from "../dom.js";
import { say } from "../words/index.js";

export function field(label, control, hint = "") {
  const about = hint ? el("p", { class: "panel-hint", id: `${control.id}-hint` }, hint) : null;
  if (about) control.setAttribute("aria-describedby", about.id);
  return el("div", { class: "panel-field" }, el("label", { for: control.id }, label), control, about);
}

export function text(id, label, value, act, { hint = "", ...more } = {}) {
  const input = el("input", { id: `panel-${id}`, class: "form-control form-control-sm", type: "text", autocomplete: "off", ...more });
  input.value = value ?? "";
  input.addEventListener("change", () => act(input.value.trim() || undefined));
  return field(label, input, hint);
}

export function days(id, label, value, act, hint = "") {
  return text(id, label, value, act, { hint, inputmode: "numeric", pattern: "[1-9][0-9]{0,2}", maxlength: 3 });
}

export function area(id, label, value, act, { hint = "", rows = 3, ...more } = {}) {
  const input = el("textarea", { id: `panel-${id}`, class: "form-control form-control-sm", rows, ...more });
  input.value = value ?? "";
  input.addEventListener("change", () => act(input.value.trim() || undefined));
  return field(label, input, hint);
}

// `options` are {id, name}; a value that is not among them stays, and is shown as it is written in the file.
export function select(id, label, value, options, act, { hint = "", none = say("Không chọn") } = {}) {
  const known = options.some((one) => one.id === value);
  const input = el("select", { id: `panel-${id}`, class: "form-select form-select-sm" },
    none === null ? null : el("option", { value: "" }, none),
    value && !known ? el("option", { value }, value) : null,
    options.map((one) => el("option", { value: one.id }, one.name)));
  input.value = value ?? "";
  input.addEventListener("change", () => act(input.value || undefined));
  return field(label, input, hint);
}

// Some of the options: those chosen, each with a button that takes it out, and a list of the others to add.
// `read` gives the values when they are changed, which may be before the last change was drawn.
export function several(id, label, read, options, act) {
  const values = read();
  const chosen = values.map((value) => {
    const { name } = options.find((one) => one.id === value) ?? { name: value };
    return el("li", {}, name, " ", button(say("Bỏ"), () => act(read().filter((one) => one !== value)), { "aria-label": say("Bỏ {name}", { name }), id: `panel-${id}-${value}` }));
  });
  const others = options.filter((one) => !values.includes(one.id));
  return el("div", {}, select(id, label, "", others, (value) => value && act([...read(), value]), { none: say("Thêm…") }), chosen.length ? el("ul", { class: "panel-list" }, chosen) : null);
}

export function check(id, label, value, act) {
  const input = el("input", { id: `panel-${id}`, class: "form-check-input", type: "checkbox" });
  input.checked = value;
  input.addEventListener("change", () => act(input.checked));
  return el("p", { class: "form-check mb-2" }, input, " ", el("label", { for: input.id, class: "form-check-label" }, label));
}

export function note(...words) {
  return el("p", { class: "panel-hint" }, ...words);
}
