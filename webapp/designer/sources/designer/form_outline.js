// The same form as a table: whoever cannot or will not drag adds, names, orders and removes its fields here, by keyboard.
import { button, el, redraw } from "./dom.js";
import { spoken } from "./form_words.js";
import { say } from "./words/index.js";

const NO_LABEL = ["separator", "text"];
const isAsking = (config) => config.keyed && config.type !== "dynamiclist";

export class FormOutline {
  constructor({ box, editor, tell, showDetails }) {
    Object.assign(this, { box, editor, tell, showDetails });
    this.kinds = Object.values(editor.get("formFields")._formFields).map(({ config }) => config).filter(({ type }) => type !== "default");
    editor.on("changed", () => this.draw());
    box.addEventListener("keydown", (event) => this.key(event));
  }

  // Waits until the focus has left what was changed.
  draw() {
    cancelAnimationFrame(this.next);
    this.next = requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    cancelAnimationFrame(this.next);
    const rows = [...fieldsOf(this.root)];
    const head = [say("Nội dung hỏi"), say("Loại ô"), say("Bắt buộc"), say("Sửa")];
    redraw(this.box,
      el("table", { class: "rows keep outline" },
        el("caption", { class: "visually-hidden" }, say("Các ô của biểu mẫu, theo thứ tự hiện")),
        el("thead", {}, el("tr", {}, head.map((word) => el("th", { scope: "col" }, word)))),
        el("tbody", {}, rows.map(({ field, level }, at) => this.row(field, level, at + 1, head)))),
      this.adder());
  }

  // As on the drawing, but not where one types.
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input:not([type=checkbox])")) return;
    const key = event.key.toLowerCase();
    const act = key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : null;
    if (!act) return;
    this.editor.get("editorActions").trigger(act);
    event.preventDefault();
  }

  row(field, level, number, head) {
    const cells = [this.name(field, number, level), this.kind(field), this.required(field), this.acts(field)];
    const row = el("tr", { "data-component": field.id }, cells.map((cell, place) => el("td", { "data-label": head[place] }, cell)));
    row.firstChild.classList.add(`outline-level-${Math.min(level, 4)}`);
    return row;
  }

  name(field, number, level) {
    const inside = level ? ` · ${say("bên trong, cấp {level}", { level })}` : "";
    const kind = el("span", { class: "outline-kind" }, `${number}. ${this.called(field.type)}${inside}`);
    if (NO_LABEL.includes(field.type)) return [kind, field.text ? el("span", {}, field.text) : null];
    const input = el("input", { id: `field-name-${field.id}`, class: "form-control form-control-sm", autocomplete: "off", "aria-label": this.labelled(field, say("Nội dung hỏi")) });
    input.value = field.label ?? "";
    input.addEventListener("change", () => this.modeling.editFormField(field, { label: input.value.trim() }));
    return [kind, input];
  }

  kind(field) {
    if (!isAsking(this.configOf(field.type))) return el("span", { class: "muted" }, "–");
    const list = this.select(`field-kind-${field.id}`, this.labelled(field, say("Loại ô")), this.kinds.filter(isAsking));
    list.value = field.type;
    list.addEventListener("change", () => this.changed(field, list.value));
    return list;
  }

  required(field) {
    if (!isAsking(this.configOf(field.type)) || field.type === "checkbox") return el("span", { class: "muted" }, "–");
    const { required = false, ...more } = field.validate ?? {};
    return el("input", { type: "checkbox", class: "form-check-input", id: `field-required-${field.id}`, "aria-label": this.labelled(field, say("Bắt buộc")), checked: required,
      onchange: ({ target }) => this.modeling.editFormField(field, { validate: target.checked ? { ...more, required: true } : more }) });
  }

  acts(field) {
    const { at, among } = this.placeOf(field);
    const act = (word, key, does, disabled = false) => button(word, does, { "aria-label": this.labelled(field, word), id: `field-${key}-${field.id}`, disabled });
    return el("div", { class: "outline-field-acts" },
      act(say("Chuyển lên"), "up", () => this.moved(field, -1), at === 0), act(say("Chuyển xuống"), "down", () => this.moved(field, 1), at === among.length - 1),
      act(say("Chi tiết"), "details", () => this.details(field)), act(say("Xóa"), "remove", () => this.removed(field)));
  }

  adder() {
    const list = this.select("field-add", null, this.kinds);
    return el("div", { class: "outline-picker" }, el("label", { for: list.id }, say("Thêm ô")), list, button(say("Thêm"), () => this.added(list.value), { sign: "plus-lg", id: "field-add-do" }));
  }

  select(id, label, kinds) {
    return el("select", { id, class: "form-select form-select-sm", "aria-label": label }, kinds.map(({ type }) => el("option", { value: type }, this.called(type))));
  }

  labelled(field, word) {
    return `${word}: ${field.label || field.text || this.called(field.type)}`;
  }

  called(type) {
    const { name, label } = this.configOf(type);
    return spoken(name ?? label ?? type);
  }

  configOf(type) {
    return this.editor.get("formFields").get(type)?.config ?? {};
  }

  field(id) {
    return this.editor.get("formFieldRegistry").get(id);
  }

  get root() {
    return this.editor.get("formFieldRegistry").getAll().find(({ type }) => type === "default");
  }

  get modeling() {
    return this.editor.get("modeling");
  }

  placeOf(field) {
    const parent = this.field(field._parent);
    const among = parent.components;
    return { parent, among, at: among.findIndex(({ id }) => id === field.id) };
  }

  added(type) {
    this.made({ type }, this.root, this.root.components.length);
    this.tell(say("Đã thêm «{word}».", { word: this.called(type) }));
  }

  made(attributes, parent, at) {
    const { id } = this.modeling.addFormField(attributes, parent, at);
    this.drawNow();
    const input = document.getElementById(`field-name-${id}`) ?? document.getElementById(`field-remove-${id}`);
    input?.focus();
    input?.select?.();
  }

  // Another kind of field is another field: it keeps what is asked, under which name it is answered, and whether it must be.
  changed(field, type) {
    const { parent, at } = this.placeOf(field);
    const { label, key, description, properties, validate } = field;
    this.modeling.removeFormField(field, parent, at);
    this.made({ type, label, key, _parent: parent.id, ...(description ? { description } : {}), ...(properties ? { properties } : {}), ...(validate?.required ? { validate: { required: true } } : {}) }, parent, at);
  }

  moved(field, by) {
    const { parent, at } = this.placeOf(field);
    const row = this.editor.get("formLayouter").getRowForField(field);
    // The library counts places while the field is still in its old one.
    this.modeling.moveFormField(field, parent, parent, at, at + (by > 0 ? 2 : -1), row, null);
    this.drawNow();
    this.tell(say("Đã chuyển «{name}».", { name: field.label || this.called(field.type) }));
    const key = by < 0 ? "up" : "down";
    const pressed = document.getElementById(`field-${key}-${field.id}`);
    (pressed?.disabled ? document.getElementById(`field-${by < 0 ? "down" : "up"}-${field.id}`) : pressed)?.focus();
  }

  removed(field) {
    const { parent, at, among } = this.placeOf(field);
    const next = (among[at + 1] ?? among[at - 1])?.id;
    this.modeling.removeFormField(field, parent, at);
    this.drawNow();
    this.tell(say("Đã xóa «{name}». Hoàn tác được bằng Ctrl+Z.", { name: field.label || this.called(field.type) }));
    document.getElementById(next ? `field-remove-${next}` : "field-add")?.focus();
  }

  details(field) {
    this.editor.get("selection").set(field);
    this.showDetails();
  }
}

function* fieldsOf({ components = [] }, level = 0) {
  for (const field of components) {
    yield { field, level };
    yield* fieldsOf(field, level + 1);
  }
}
