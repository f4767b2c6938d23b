// Remarks on elements: a mark with how many are open on the drawing, and beside it what was said, by whom, what is done.
import { button, el, icon } from "./dom.js";
import { modelOf } from "./kinds.js";
import { say } from "./words/index.js";

export class Comments {
  constructor({ server, modeler, changed, tell }) {
    Object.assign(this, { server, modeler, changed, tell, all: [], typed: new Map() });
    modeler.get("eventBus").on("import.done", () => this.mark());
  }

  async read() {
    this.all = await (await this.server.read("/comments")).json();
    this.mark();
    this.changed();
  }

  // Remarks on the whole process belong to what is no step: the root, and what no remark can name.
  about(element) {
    const id = element.parent ? modelOf(element).id : null;
    return { id, said: this.all.filter((one) => one.element === id) };
  }

  group(element) {
    const { id, said } = this.about(element);
    const open = said.filter((one) => !one.done).length;
    const text = el("textarea", { id: "panel-comment", class: "form-control form-control-sm", rows: 3, maxlength: 5000, "aria-describedby": "panel-comment-hint" });
    text.value = this.typed.get(id) ?? "";
    text.addEventListener("input", () => this.typed.set(id, text.value));
    return el("details", { class: "panel-group", id: `panel-comments-${id ?? "all"}`, open: said.length > 0 },
      el("summary", {}, say("Góp ý"), open ? ` (${open})` : null),
      el("ul", { class: "remarks" }, said.map((one) => this.item(one))),
      el("div", { class: "panel-field" }, el("label", { for: text.id }, id ? say("Góp ý cho phần này") : say("Góp ý cho cả quy trình")), text,
        el("p", { class: "panel-hint", id: "panel-comment-hint" }, say("Nhắc ai thì ghi @tên đăng nhập; người đó nhận thông báo."))),
      button(say("Gửi góp ý"), () => this.write(id), { sign: "chat-left-text", id: "panel-comment-send" }));
  }

  item(one) {
    return el("li", { class: one.done ? "remark remark-done" : "remark" },
      el("p", {}, one.text), el("p", { class: "panel-hint" }, `${one.by} · ${one.at}`),
      one.done ? el("p", { class: "panel-hint" }, icon("check-lg"), " ", one.done)
        : button(say("Đã xong"), () => this.send(`/comments/${one.id}/completion`, {}, say("Đã ghi là đã xong.")), { sign: "check-lg", id: `panel-comment-done-${one.id}`, "aria-label": say("Đã xong: {text}", { text: one.text.slice(0, 80) }) }));
  }

  async write(id) {
    const text = (this.typed.get(id) ?? "").trim();
    if (!text) return this.tell(say("Hãy viết góp ý trước khi gửi."));
    return await this.send("/comments", { element: id ?? "", text }, say("Đã gửi góp ý.")) && this.typed.delete(id) && this.changed();
  }

  async send(path, fields, words) {
    const sent = await this.server.submit(path, fields).catch(() => false);
    this.tell(sent ? words : say("Chưa gửi được; góp ý vẫn còn trên trang này."));
    if (sent) await this.read();
    return sent;
  }

  mark() {
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    overlays.remove({ type: "remark" });
    for (const [id, count] of this.open()) {
      const element = registry.get(id);
      if (!element?.parent) continue;
      const position = element.waypoints ? { top: -8, left: 0 } : { bottom: 10, left: -10 };
      overlays.add(element, "remark", { position, scale: false, html: this.sign(element, count) });
    }
  }

  open() {
    const counts = new Map();
    for (const one of this.all) if (one.element && !one.done) counts.set(one.element, (counts.get(one.element) ?? 0) + 1);
    return counts;
  }

  sign(element, count) {
    const words = say("{count} góp ý chưa xong", { count });
    const read = (event) => {
      event.stopPropagation(); // the drawing takes a click beside its elements for the wish to select nothing
      this.modeler.get("selection").select(element);
    };
    return el("button", { type: "button", class: "remark-mark", title: words, "aria-label": words, onclick: read }, icon("chat-left-text"), String(count));
  }
}
