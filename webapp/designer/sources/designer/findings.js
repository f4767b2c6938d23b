// What the server's checker says, while one draws: on the element, in a list with the remedy, and a button that mends.
import { button, el, icon, redraw } from "./dom.js";
import { wordFor } from "./naming.js";
import translate from "./translate.js";
import { say } from "./words/index.js";

const PAUSE = 400;
const LEVELS = {
  refused: ["exclamation-octagon-fill", say("Phải sửa")], draft: ["pencil", say("Cần bổ sung")],
  warning: ["exclamation-triangle", say("Nên xem")], note: ["info-circle", say("Ghi chú")],
};
const OUTCOMES = {
  runnable: say("Chạy được"), draft: say("Chạy được, còn chỗ cần bổ sung"), refused: say("Chưa chạy được"),
};

export class Findings {
  constructor({ box, badge, modeler, server, texts, file, heard, mend, tell, reveal }) {
    Object.assign(this, { box, badge, modeler, server, texts, file, heard, mend, tell, reveal, asked: 0 });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), PAUSE);
  }

  // An answer that comes after a later question is not shown.
  async now() {
    const asked = ++this.asked;
    const answer = await this.server.send("POST", "/check", { files: await this.texts() }).catch(() => ({ ok: false }));
    if (asked !== this.asked) return;
    if (!answer.ok) return void this.tell(say("Chưa kiểm tra được; sẽ thử lại khi có thay đổi."));
    this.found = answer.findings;
    this.draw(answer.outcome);
    this.mark();
    this.heard(answer);
  }

  draw(outcome) {
    const serious = this.found.filter((one) => one.level !== "note").length;
    this.badge.textContent = serious ? String(serious) : "";
    this.box.dataset.outcome = outcome;
    redraw(this.box,
      el("p", { class: "findings-outcome" }, icon(outcome === "runnable" ? "check-circle-fill" : outcome === "draft" ? "pencil" : "exclamation-octagon-fill"), " ", OUTCOMES[outcome] ?? outcome),
      this.found.length ? el("ul", { class: "findings" }, this.found.map((one, at) => this.item(one, at))) : el("p", { class: "muted" }, say("Không có gì phải sửa.")));
  }

  item(finding, at) {
    const [sign, word] = LEVELS[finding.level] ?? LEVELS.note;
    const here = finding.element && (!finding.file || finding.file === this.file()) && this.elementOf(finding);
    const place = finding.name || (here ? wordFor(here, translate) : finding.element || finding.file);
    return el("li", { class: `finding finding-${finding.level}`, "data-rule": finding.rule },
      el("p", { class: "finding-word" }, icon(sign), el("b", {}, word), " ",
        here ? el("button", { type: "button", class: "btn-link-plain", id: `finding-${at}`, onclick: () => this.reveal(here) }, place)
          : place ? el("span", { class: "muted" }, finding.file && finding.file !== this.file() ? `${finding.file}${finding.name ? ` · ${finding.name}` : ""}` : place) : null),
      el("p", {}, finding.message), finding.remedy ? el("p", { class: "finding-remedy" }, finding.remedy) : null,
      finding.fix ? button(finding.fix.title ? say("Sửa giúp: {what}", { what: finding.fix.title }) : say("Sửa giúp"), () => this.fix(finding.fix), { sign: "check-lg", id: `finding-fix-${at}`, style: "btn-plain finding-fix" }) : null);
  }

  elementOf(finding) {
    return this.modeler.get("elementRegistry").get(finding.element);
  }

  async fix(fix) {
    const answer = await this.server.send("POST", "/fixes", { files: await this.texts(), fix });
    if (answer.ok) await this.mend(answer.name, answer.content);
    else this.tell(answer.message ?? answer.detail ?? answer.title ?? say("Không sửa giúp được; hãy sửa theo lời khuyên."));
  }

  mark() {
    const overlays = this.modeler.get("overlays");
    const canvas = this.modeler.get("canvas");
    overlays.remove({ type: "finding" });
    for (const one of this.marked ?? []) if (this.modeler.get("elementRegistry").get(one)) canvas.removeMarker(one, "has-finding");
    const worst = new Map();
    for (const one of this.found) {
      if (one.level === "note" || !one.element || (one.file && one.file !== this.file()) || !this.elementOf(one)) continue;
      worst.set(one.element, [...(worst.get(one.element) ?? []), one]);
    }
    this.marked = [...worst.keys()];
    for (const [id, several] of worst) {
      canvas.addMarker(id, "has-finding");
      const element = this.elementOf(several[0]);
      if (element.waypoints || canvas.findRoot(element) === element) continue;
      overlays.add(id, "finding", { position: { top: -14, left: -4 }, html: this.overlay(several), scale: false });
    }
  }

  overlay([first, ...more]) {
    const [sign, word] = LEVELS[first.level] ?? LEVELS.note;
    const words = [first, ...more].map((one) => one.message).join("\n");
    return el("span", { class: `finding-mark finding-${first.level}`, title: words }, icon(sign), el("span", {}, more.length ? `${word} (${more.length + 1})` : word));
  }
}
