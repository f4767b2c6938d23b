// The same process as a table and as a tree: whoever cannot or will not draw does everything here, by keyboard.
import { formOptions } from "./choices.js";
import { button, el, icon, redraw } from "./dom.js";
import { modelOf } from "./kinds.js";
import { showPageOf } from "./modeler.js";
import { wordFor } from "./naming.js";
import { addressed, laneOf } from "./panel/work.js";
import { add, connect, hasDue, isWork, neighbours, nextOf, remove, stepsOf, swap } from "./steps.js";
import { stepPages } from "./step_pages.js";
import translate from "./translate.js";
import { say } from "./words/index.js";

const event = (type, kind) => ({ type: `bpmn:${type}`, ...(kind ? { eventDefinitionType: `bpmn:${kind}EventDefinition` } : {}) });
const ADDED = [
  { word: say("Việc của người"), name: say("Việc mới"), type: "bpmn:UserTask" },
  { word: say("Rẽ nhánh (chọn một)"), name: say("Câu hỏi mới?"), type: "bpmn:ExclusiveGateway" },
  { word: say("Song song"), name: "", type: "bpmn:ParallelGateway" },
  { word: say("Chờ thông điệp"), name: say("Chờ thông điệp"), ...event("IntermediateCatchEvent", "Message") },
  { word: say("Gửi thông điệp"), name: say("Gửi thông điệp"), ...event("IntermediateThrowEvent", "Message") },
  { word: say("Hẹn giờ"), name: say("Hẹn giờ"), ...event("IntermediateCatchEvent", "Timer") },
  { word: say("Bảng quyết định"), name: say("Tra bảng quyết định"), type: "bpmn:BusinessRuleTask" },
  { word: say("Kết thúc"), name: say("Kết thúc"), ...event("EndEvent") },
];

export class Outline {
  constructor({ box, modeler, choices, pages, tell, showDetails }) {
    Object.assign(this, { box, modeler, choices, pages, tell, showDetails, asTree: false });
    const bus = modeler.get("eventBus");
    bus.on(["commandStack.changed", "import.done"], () => {
      for (const fold of this.box.querySelectorAll(".outline-acts[open]")) fold.open = false; // its act is done
      this.draw();
    });
    bus.on("selection.changed", () => this.mark());
  }

  // Hidden, it costs nothing; it is drawn when its tab is opened.
  draw() {
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.box.checkVisibility() && this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.next);
    const steps = stepsOf(this.modeler);
    this.forms = formOptions(this.modeler, this.choices.forms);
    const form = (word, asTree, sign) => button(word, () => {
      this.asTree = asTree;
      this.drawNow();
    }, { sign, id: `outline-${asTree ? "tree" : "table"}`, "aria-pressed": String(this.asTree === asTree) });
    redraw(this.box,
      el("p", { class: "outline-tools" }, form(say("Bảng"), false, "table"), " ", form(say("Cây"), true, "diagram-3"), " ",
        steps.length ? null : button(say("Thêm bước đầu tiên"), () => this.added(null, ADDED[0]), { sign: "plus-lg" })),
      this.asTree ? this.tree(steps) : this.table(steps));
    this.mark();
  }

  table(steps) {
    const head = [say("Bước"), say("Ai làm"), say("Hạn (ngày làm việc)"), say("Biểu mẫu"), say("Tiếp theo"), say("Sửa")];
    return el("table", { class: "rows keep outline" },
      el("caption", { class: "visually-hidden" }, say("Các bước của quy trình, theo thứ tự thực hiện")),
      el("thead", {}, el("tr", {}, head.map((word) => el("th", { scope: "col" }, word)))),
      el("tbody", {}, steps.map(({ element, level }, at) => this.row(element, level, at + 1, head))));
  }

  row(element, level, number, head) {
    const cells = [this.name(element, number, level), this.who(element), this.due(element), this.form(element), this.following(element), this.acts(element)];
    const row = el("tr", { "data-step": element.id, onfocusin: () => this.select(element) }, cells.map((cell, at) => el("td", { "data-label": head[at] }, cell)));
    row.firstChild.classList.add(`outline-level-${Math.min(level, 4)}`);
    return row;
  }

  labelled(element, word) {
    return `${word}: ${modelOf(element).name || wordFor(element, translate)}`;
  }

  name(element, number, level) {
    const inside = level ? ` · ${say("bên trong, cấp {level}", { level })}` : "";
    const input = this.input(element, "name", say("Tên bước"), modelOf(element).name, (name) => this.modeling.updateLabel(element, name));
    return [el("span", { class: "outline-kind" }, `${number}. ${wordFor(element, translate)}${inside}`), input];
  }

  who(element) {
    if (!isWork(element)) return el("span", { class: "muted" }, "–");
    const lane = laneOf(modelOf(element));
    const none = lane?.get("lt:role") ? say("Theo làn: {lane}", { lane: lane.name || lane.id }) : say("Người khởi tạo");
    const more = addressed(modelOf(element), this.choices).map((line) => el("span", { class: "outline-kind" }, line));
    return [this.choice(element, "role", say("Ai làm"), "lt:role", this.choices.roles, none), ...more];
  }

  due(element) {
    if (!hasDue(element)) return el("span", { class: "muted" }, "–");
    if (modelOf(element).get("lt:due") === "assignment") return say("theo phần việc");
    const input = this.input(element, "due", say("Hạn, số ngày làm việc"), modelOf(element).get("lt:workingDays"), (days) => this.write(element, { "lt:workingDays": days || undefined }));
    input.setAttribute("inputmode", "numeric");
    input.classList.add("outline-days");
    return input;
  }

  form(element) {
    if (element.type !== "bpmn:UserTask") return el("span", { class: "muted" }, "–");
    const own = this.choices.forms.some((one) => one.id === element.id);
    return this.choice(element, "form", say("Biểu mẫu"), "lt:form", this.forms, own ? say("Theo mã của bước") : say("Chỉ xác nhận"));
  }

  following(element) {
    const ways = nextOf(element);
    if (!ways.length) return el("span", { class: "muted" }, element.type === "bpmn:EndEvent" ? say("Hết") : say("Chưa nối"));
    return el("ul", { class: "outline-next" }, ways.map((flow) => {
      const { name } = flow.businessObject;
      const to = modelOf(flow.target).name || wordFor(flow.target, translate);
      return el("li", {}, el("button", { type: "button", class: "btn-link-plain", id: `outline-flow-${flow.id}`, onclick: () => this.details(flow), title: say("Mở điều kiện và tên của đường đi") }, name ? `${name} → ${to}` : `→ ${to}`),
        ways.length > 1 || element.type !== "bpmn:StartEvent" ? button(say("Gỡ"), () => this.modeling.removeConnection(flow), { "aria-label": say("Gỡ đường đi tới {to}", { to }), style: "btn-plain outline-cut" }) : null);
    }));
  }

  acts(element) {
    const { up, down } = neighbours(element);
    const move = (word, target, key) => button(word, () => this.moved(element, ...(key === "up" ? [target, element] : [element, target])), { "aria-label": this.labelled(element, word), id: `outline-${key}-${element.id}`, disabled: !target });
    const canAdd = element.type !== "bpmn:EndEvent";
    const escape = ({ key, currentTarget }) => key === "Escape" && (currentTarget.open = false, currentTarget.firstChild.focus());
    return el("details", { class: "outline-acts", name: "outline-acts", id: `outline-acts-${element.id}`, onkeydown: escape },
      el("summary", { id: `outline-sum-${element.id}`, "aria-label": this.labelled(element, say("Sửa bước")) }, icon("pencil"), " ", say("Sửa")),
      el("div", { class: "outline-act-list" },
        button(say("Chi tiết"), () => this.details(element), { "aria-label": this.labelled(element, say("Chi tiết")), id: `outline-details-${element.id}` }),
        stepPages(element, this.pages, this.choices),
        move(say("Chuyển lên"), up, "up"), move(say("Chuyển xuống"), down, "down"),
        button(say("Xóa"), () => this.removed(element), { "aria-label": this.labelled(element, say("Xóa bước")), id: `outline-remove-${element.id}` }),
        canAdd ? this.picker(element, "add", say("Thêm sau bước này"), say("Thêm"), ADDED.map((one, at) => ({ id: String(at), name: one.word })), (at) => this.added(element, ADDED[Number(at)])) : null,
        canAdd ? this.picker(element, "connect", say("Nối tới"), say("Nối"), this.targets(element), (id) => this.connected(element, id)) : null));
  }

  targets(element) {
    return stepsOf(this.modeler).map((one) => one.element)
      .filter((one) => one !== element && one.type !== "bpmn:StartEvent" && !one.host && modelOf(one).$parent === modelOf(element).$parent)
      .map((one) => ({ id: one.id, name: modelOf(one).name || wordFor(one, translate) }));
  }

  picker(element, key, label, word, options, act) {
    const list = el("select", { id: `outline-${key}-${element.id}`, class: "form-select form-select-sm" }, options.map((one) => el("option", { value: one.id }, one.name)));
    return el("div", { class: "outline-picker" }, el("label", { for: list.id }, label), list,
      button(word, () => list.value && act(list.value), { "aria-label": this.labelled(element, label), id: `outline-${key}-do-${element.id}` }));
  }

  input(element, key, label, value, act) {
    const input = el("input", { id: `outline-${key}-${element.id}`, class: "form-control form-control-sm", "aria-label": this.labelled(element, label), autocomplete: "off" });
    input.value = value ?? "";
    input.addEventListener("change", () => act(input.value.trim()));
    return input;
  }

  choice(element, key, label, property, options, none) {
    const value = modelOf(element).get(property) ?? "";
    const known = !value || options.some((one) => one.id === value);
    const list = el("select", { id: `outline-${key}-${element.id}`, class: "form-select form-select-sm", "aria-label": this.labelled(element, label) },
      el("option", { value: "" }, none), known ? null : el("option", { value }, value), options.map((one) => el("option", { value: one.id }, one.name)));
    list.value = value;
    list.addEventListener("change", () => this.write(element, { [property]: list.value || undefined }));
    return list;
  }

  tree(steps) {
    const root = el("ul", { class: "outline-tree", "aria-label": say("Các bước của quy trình") });
    const levels = [root];
    for (const { element, level } of steps) {
      levels.length = level + 1;
      const ways = nextOf(element).map((flow) => modelOf(flow.target).name || wordFor(flow.target, translate));
      const item = el("li", { "data-step": element.id },
        el("button", { type: "button", class: "btn-link-plain", id: `outline-tree-${element.id}`, onclick: () => this.details(element) }, modelOf(element).name || wordFor(element, translate)),
        el("span", { class: "muted" }, ` ${wordFor(element, translate)}${ways.length ? ` → ${ways.join("; ")}` : ""}`));
      levels[level].append(item);
      levels.push(item.appendChild(el("ul")));
    }
    for (const list of root.querySelectorAll("ul:empty")) list.remove();
    return root;
  }

  get modeling() {
    return this.modeler.get("modeling");
  }

  write(element, properties) {
    this.modeling.updateProperties(element, properties);
  }

  added(after, shape) {
    const { word, ...kind } = shape;
    const made = add(this.modeler, after, kind);
    this.tell(say("Đã thêm «{word}».", { word }));
    this.drawNow();
    const input = document.getElementById(`outline-name-${made.id}`);
    input?.focus();
    input?.select();
  }

  removed(element) {
    const steps = stepsOf(this.modeler).map((one) => one.element);
    const before = steps[Math.max(0, steps.indexOf(element) - 1)];
    const name = modelOf(element).name || wordFor(element, translate);
    remove(this.modeler, element);
    this.tell(say("Đã xóa «{name}». Hoàn tác được bằng Ctrl+Z.", { name }));
    this.drawNow();
    document.getElementById(`outline-name-${before?.id}`)?.focus();
  }

  moved(element, first, second) {
    swap(this.modeler, first, second);
    this.tell(say("Đã chuyển «{name}».", { name: modelOf(element).name || element.id }));
    this.drawNow();
    document.getElementById(`outline-sum-${element.id}`)?.focus();
  }

  connected(element, id) {
    const target = this.modeler.get("elementRegistry").get(id);
    connect(this.modeler, element, target);
    this.tell(say("Đã nối tới «{name}».", { name: modelOf(target).name || id }));
    this.drawNow();
    document.getElementById(`outline-sum-${element.id}`)?.focus();
  }

  details(element) {
    this.select(element);
    this.showDetails();
  }

  select(element) {
    showPageOf(this.modeler, element);
    const selection = this.modeler.get("selection");
    if (!selection.isSelected(element)) selection.select(element);
  }

  mark() {
    const chosen = new Set(this.modeler.get("selection").get().map((one) => one.id));
    for (const row of this.box.querySelectorAll("[data-step]")) {
      if (chosen.has(row.dataset.step)) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}
