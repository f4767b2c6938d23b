// The editor of a design: the drawing, its outline, its variables and what the checker says, over one model.
import { button, download, el, redraw, useSprite } from "./designer/dom.js";
import { Comments } from "./designer/comments.js";
import { EXPORTS } from "./designer/exporting.js";
import { Findings } from "./designer/findings.js";
import { newForm } from "./designer/forms.js";
import { holdLease } from "./designer/lease.js";
import { draw, show, showPageOf, written } from "./designer/modeler.js";
import { Outline } from "./designer/outline.js";
import { fillPalette } from "./designer/palette.js";
import { Panel } from "./designer/panel/index.js";
import { choicesFrom } from "./designer/choices.js";
import { Saving } from "./designer/saving.js";
import { Server } from "./designer/server.js";
import { watchTabs } from "./designer/tabs.js";
import { showVariables } from "./designer/variables.js";
import { say } from "./designer/words/index.js";

const PHONE = "(max-width: 47.99rem)";
const part = (name) => document.querySelector(`[data-designer-${name}]`);

class Editor {
  constructor(page) {
    const { address, token, design, file, revision, icons } = page.dataset;
    useSprite(icons);
    Object.assign(this, { page, file, server: new Server({ address, token }) });
    this.saving = new Saving({ server: this.server, design, revision: Number(revision), tell: (state, words, losses) => this.saved(state, words, losses) });
    this.choices = { roles: [], forms: [], fields: [], operators: [], recipients: [], collect: [], messages: [], decisions: [], processes: [], progress: [], tried: [] };
    page.hidden = false;
    const read = document.getElementById("reading");
    if (read) read.open = false;
    this.modeler = draw(part("canvas"));
  }

  async open() {
    const saved = await (await this.server.read(this.server.fileAddress(this.file))).text();
    const kept = this.saving.kept(this.file, saved);
    await this.refresh();
    this.furnish();
    await show(this.modeler, kept?.current ? kept.text : saved);
    this.watch();
    if (kept) this.recover(kept, saved);
    this.page.dataset.ready = "yes";
    this.findings.now();
    this.comments.read();
    await holdLease(this.server, part("lease"), this.saving);
  }

  furnish() {
    const { modeler, server, choices } = this;
    const pages = {
      form: (name) => `${server.address}/forms/${this.fileOf(name)}`, newForm: (element, name) => this.makeForm(element, name),
      ofStep: (id, page) => `${server.address}/elements/${encodeURIComponent(id)}/${page}`, leave: (address) => this.leave(address),
    };
    this.comments = new Comments({ server, modeler, changed: () => this.panel.draw(), tell: (words) => this.tell(words) });
    this.panel = new Panel({ box: part("panel"), modeler, choices, pages, comments: this.comments });
    this.outline = new Outline({ box: part("outline"), modeler, choices, pages, tell: (words) => this.tell(words), showDetails: () => this.showDetails() });
    this.findings = new Findings({
      box: part("findings"), badge: part("badge"), modeler, server, texts: () => this.texts(), file: () => this.file,
      heard: (answer) => showVariables(part("variables"), answer.variables ?? [], { modeler, choices, reveal: (element) => this.reveal(element) }),
      mend: (name, content) => this.mend(name, content), tell: (words) => this.tell(words), reveal: (element) => this.reveal(element),
    });
    fillPalette(part("palette"), modeler);
    this.openTab = watchTabs(this.page, (name) => this.opened(name));
    this.openTab(matchMedia(PHONE).matches ? "outline" : "drawing");
    this.bar();
  }

  watch() {
    const bus = this.modeler.get("eventBus");
    bus.on("commandStack.changed", () => this.changed());
    bus.on("fragment.dropped", ({ fragment }) => this.addForms(fragment.forms ?? {}));
    this.page.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => document.hidden || this.renew());
  }

  bar() {
    const stack = this.modeler.get("commandStack");
    const redo = button(say("Làm lại"), () => stack.redo(), { id: "designer-redo", sign: "arrow-clockwise" });
    const undo = button(say("Hoàn tác"), () => stack.undo(), { id: "designer-undo", sign: "arrow-counterclockwise" });
    const state = () => {
      undo.disabled = !stack.canUndo();
      redo.disabled = !stack.canRedo();
    };
    this.modeler.get("eventBus").on(["commandStack.changed", "import.done"], state);
    state();
    const canvas = this.modeler.get("canvas");
    const zoom = (by) => canvas.zoom(canvas.zoom() * by);
    part("tools").replaceChildren(undo, redo,
      el("span", { class: "designer-zoom" }, button("−", () => zoom(0.8), { "aria-label": say("Thu nhỏ") }), button("+", () => zoom(1.25), { "aria-label": say("Phóng to") }), button(say("Vừa khung"), () => canvas.zoom("fit-viewport", "auto"))),
      el("details", { class: "designer-menu", id: "designer-export" }, el("summary", { class: "btn btn-sm btn-plain" }, say("Tải về")),
        el("div", { class: "designer-menu-list" }, Object.keys(EXPORTS).map((kind) => button(kind.toUpperCase(), () => EXPORTS[kind](this.modeler, this.file.replace(/\.bpmn$/, "")))))));
  }

  // The library's keys work on the canvas; undo and redo work everywhere but where one types.
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, textarea, [contenteditable], [data-designer-canvas]")) return;
    const stack = this.modeler.get("commandStack");
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey && stack.canUndo()) stack.undo();
    else if ((key === "y" || (key === "z" && event.shiftKey)) && stack.canRedo()) stack.redo();
    else return;
    event.preventDefault();
  }

  async changed() {
    const text = await written(this.modeler);
    this.saving.change(this.file, text);
    this.findings.later();
  }

  async texts() {
    return { ...Object.fromEntries(this.saving.unsaved), [this.file]: await written(this.modeler) };
  }

  async refresh() {
    const given = await (await this.server.read("/choices")).json();
    Object.assign(this.choices, choicesFrom(given));
  }

  // Another tab may have made a form or a table meanwhile.
  async renew() {
    const answer = await this.server.read(location.search);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    part("files").replaceChildren(...page.querySelector("[data-designer-files]").childNodes);
    await this.refresh();
    this.panel.draw();
    this.outline.draw();
    this.findings.later();
  }

  fileOf(form) {
    return this.choices.forms.find((one) => one.id === form)?.file ?? `${form}.form.json`;
  }

  async addForms(wanted) {
    for (const [name, fields] of Object.entries(wanted)) {
      if (!this.choices.forms.some((one) => one.id === name)) this.saving.change(`${name}.form.json`, newForm(name, fields));
    }
    await this.saving.now();
    await this.settled();
    await this.renew();
  }

  settled() {
    return new Promise((resolve) => {
      const look = () => (this.saving.unsaved.size && !this.saving.held ? setTimeout(look, 100) : resolve());
      look();
    });
  }

  // Pages of the server show what it has: what is drawn is saved first.
  async leave(address) {
    await this.saving.now();
    await this.settled();
    location.assign(address);
  }

  makeForm(element, name) {
    this.modeler.get("modeling").updateProperties(element, { "lt:form": name });
    return this.addForms({ [name]: [] });
  }

  // What the server mended is shown in place of what was drawn; the way back stays open.
  async mend(name, content) {
    if (name !== this.file) {
      this.saving.change(name, content);
      await this.addForms({});
      return;
    }
    const before = await written(this.modeler);
    await this.replace(content);
    this.note(say("Đã sửa giúp."), button(say("Hoàn tác việc sửa giúp"), () => this.replace(before).then(() => this.note()), { id: "designer-unmend" }));
  }

  async replace(xml) {
    await show(this.modeler, xml, { fit: false });
    await this.changed();
    this.findings.now();
  }

  recover({ text, current }, saved) {
    const use = (words, content) => button(words, () => this.replace(content).then(() => this.note()), {});
    if (!current) return this.note(say("Bản này đã được sửa ở nơi khác; phần chưa lưu của quý vị vẫn còn."), use(say("Dùng phần chưa lưu của tôi"), text));
    this.saving.change(this.file, text);
    return this.note(say("Đã lấy lại phần chưa kịp lưu lần trước."), use(say("Dùng bản trên máy chủ"), saved));
  }

  saved(state, words, losses) {
    const box = part("saved");
    box.dataset.state = state;
    box.textContent = words;
    if (state === "conflict") {
      this.note(words, button(say("Mở bản mới nhất"), () => location.reload(), {}), " ", button(say("Tải bản của tôi về"), () => this.keepMine(), {}));
    } else if (state === "losses") {
      this.note(el("span", {}, words, el("ul", {}, losses.map((loss) => el("li", {}, loss)))), button(say("Vẫn lưu"), () => {
        this.note();
        this.saving.release({ accepted: true });
      }, { id: "designer-accept" }));
    }
  }

  async keepMine() {
    download(this.file, new Blob([await written(this.modeler)], { type: "application/xml" }));
    sessionStorage.removeItem(this.saving.key(this.file));
  }

  opened(name) {
    part("panel").hidden = !["drawing", "outline"].includes(name);
    part("palette").hidden = name !== "drawing";
    this.page.dataset.tab = name;
    if (name === "drawing") this.modeler.get("canvas").resized();
    if (name === "outline") this.outline.draw();
  }

  reveal(element) {
    this.openTab("drawing");
    const root = showPageOf(this.modeler, element);
    if (element !== root) this.modeler.get("canvas").scrollToElement(element, 80);
    this.modeler.get("selection").select(element === root ? [] : element);
    this.showDetails();
  }

  showDetails() {
    this.panel.drawNow();
    document.getElementById("panel-title")?.focus();
  }

  tell(words) {
    part("told").textContent = words;
  }

  note(...words) {
    redraw(part("note"), words.length ? el("div", { class: "alert-line designer-note", role: "status" }, words) : null);
  }
}

const page = document.getElementById("designer");
const editor = new Editor(page);
editor.open().catch((error) => {
  console.info(error);
  page.dataset.ready = "failed";
  editor.tell(say("Không mở được bản vẽ này. Hãy tải lại trang; các bước vẫn đọc được ở phần dưới."));
  part("note").replaceChildren(el("p", { class: "alert-line" }, say("Không mở được bản vẽ này. Hãy tải lại trang; các bước vẫn đọc được ở phần dưới.")));
});
