// The panel beside the drawing: what the selected element means, in groups; every change goes through the drawing's commands.
import { el, redraw } from "../dom.js";
import { isFlowNode, modelOf } from "../kinds.js";
import translate from "../translate.js";
import { wordFor } from "../naming.js";
import { stepPages } from "../step_pages.js";
import { say } from "../words/index.js";
import { condition } from "./condition.js";
import { message, repetition } from "./talking.js";
import { assignment, automatic, deadline, figures, form, general, guidance, titleOf } from "./work.js";

const GROUPS = [
  ["general", say("Chung"), general], ["work", say("Giao việc"), assignment], ["due", say("Thời hạn"), deadline],
  ["form", say("Biểu mẫu"), form], ["figures", say("Số liệu và minh chứng"), figures], ["automatic", say("Việc tự động"), automatic],
  ["condition", say("Điều kiện"), condition], ["message", say("Thông điệp"), message],
  ["repetition", say("Nhiều lần, nhiều người"), repetition], ["guidance", say("Hướng dẫn"), guidance],
];
const FOLDED = ["figures", "repetition"];

export class Panel {
  constructor({ box, modeler, choices, pages, comments }) {
    Object.assign(this, { box, modeler, choices, pages, comments });
    const draw = () => this.draw();
    const bus = modeler.get("eventBus");
    bus.on("selection.changed", draw);
    bus.on("root.set", draw);
    bus.on("commandStack.changed", draw);
    bus.on("import.done", draw);
  }

  get element() {
    const selected = this.modeler.get("selection").get();
    const one = selected.length === 1 ? selected[0] : null;
    return one?.labelTarget ?? one ?? this.modeler.get("canvas").getRootElement();
  }

  // Waits for the end of what is going on: a change from the panel itself comes in several steps.
  draw() {
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    const { element } = this;
    if (!element?.businessObject) return;
    const context = this.context(element);
    const groups = GROUPS.map(([key, title, group]) => [key, title, group(context)]).filter(([, , fields]) => fields?.length);
    redraw(this.box,
      el("p", { class: "panel-kind" }, wordFor(element, translate)), el("h2", { class: "panel-title", tabindex: "-1", id: "panel-title" }, titleOf(element)),
      el("p", { class: "panel-ways" }, stepPages(element, this.pages, this.choices)),
      groups.map(([key, title, fields]) => el("details", { class: "panel-group", id: `panel-group-${key}`, open: !FOLDED.includes(key) },
        el("summary", {}, title), fields)),
      this.comments.group(element));
  }

  context(element) {
    const modeling = this.modeler.get("modeling");
    const model = modelOf(element);
    return {
      element, model, modeler: this.modeler, choices: this.choices, pages: this.pages,
      factory: this.modeler.get("bpmnFactory"), moddle: this.modeler.get("moddle"),
      steps: this.modeler.get("elementRegistry").filter(isFlowNode),
      write: (properties) => modeling.updateProperties(element, properties),
      writeTo: (part, properties) => modeling.updateModdleProperties(element, part, properties),
      rename: (name) => (element.parent ? modeling.updateLabel(element, name ?? "") : modeling.updateProperties(element, { name })),
    };
  }
}
