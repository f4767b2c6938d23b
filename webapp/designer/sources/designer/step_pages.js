// Ways from a step to what the server says of it: who would get it, and what it does when it is run alone.
import { el, icon } from "./dom.js";
import { modelOf, typeOf } from "./kinds.js";
import { isWork } from "./steps.js";
import { say } from "./words/index.js";

export function stepPages(element, { ofStep, leave }, choices) {
  const link = (page, sign, words) => {
    const href = ofStep(modelOf(element).id, page);
    const follow = (event) => !(event.ctrlKey || event.metaKey) && (event.preventDefault(), leave(href));
    return el("a", { class: "btn btn-sm btn-plain", href, onclick: follow }, icon(sign), el("span", {}, words));
  };
  return [
    isWork(element) ? link("receivers", "people", say("Ai sẽ nhận?")) : null,
    choices.tried.includes(typeOf(element.type)) ? link("trial", "play-fill", say("Chạy thử riêng")) : null,
  ].filter(Boolean);
}
