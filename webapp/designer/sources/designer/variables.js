// Every value the process keeps: which steps write it, which read it, and what is odd about that.
import { el, redraw } from "./dom.js";
import { titleOf } from "./panel/work.js";
import { say } from "./words/index.js";

const TROUBLES = {
  unused: say("Không bước nào dùng"), unset: say("Không bước nào ghi"), early: say("Có thể được đọc trước khi ghi"),
};

export function showVariables(box, variables, { modeler, choices, reveal }) {
  const registry = modeler.get("elementRegistry");
  const label = (name) => choices.fields.find((one) => one.key === name)?.label;
  const places = (ids, name, what) => (ids.length ? el("ul", { class: "outline-next" }, ids.map((id) => {
    const element = registry.get(id);
    return el("li", {}, element ? el("button", { type: "button", class: "btn-link-plain", id: `variable-${name}-${what}-${id}`, onclick: () => reveal(element) }, titleOf(element)) : el("code", {}, id));
  })) : el("span", { class: "muted" }, "–"));
  if (!variables.length) return redraw(box, el("p", { class: "muted" }, say("Quy trình chưa giữ giá trị nào.")));
  const head = [say("Trường"), say("Ghi ở"), say("Đọc ở"), say("Lưu ý")];
  return redraw(box, el("table", { class: "rows keep" },
    el("caption", { class: "visually-hidden" }, say("Các giá trị của quy trình")),
    el("thead", {}, el("tr", {}, head.map((word) => el("th", { scope: "col" }, word)))),
    el("tbody", {}, variables.map((one) => el("tr", {}, [
      [label(one.name) && label(one.name) !== one.name ? el("b", {}, label(one.name)) : null, el("code", { class: "variable-key" }, one.name)],
      places(one.written_by, one.name, "w"), places(one.read_by, one.name, "r"), one.trouble ? TROUBLES[one.trouble] ?? one.trouble : "",
    ].map((cell, at) => el("td", { "data-label": head[at] }, cell)))))));
}
