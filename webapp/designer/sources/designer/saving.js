// Sends what changed by itself, one file after the other; keeps it in this tab until the server has it.
import { say, timeOfDay } from "./words/index.js";

const PAUSE = 1500;
const KEEPALIVE = 60_000; // browsers send at most 64 kB of a page that goes

export class Saving {
  constructor({ server, design, revision, tell }) {
    Object.assign(this, { server, design, revision, tell, unsaved: new Map(), known: new Map(), accepted: false, held: false });
    addEventListener("pagehide", () => this.leave());
    addEventListener("beforeunload", (event) => {
      if (this.unsaved.size && (this.held || this.size() > KEEPALIVE)) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.now());
  }

  // What an earlier page of this tab could not save, {text, current}; it is current while nobody saved anything since.
  kept(name, saved) {
    this.known.set(name, saved);
    const kept = sessionStorage.getItem(this.key(name));
    if (kept === null) return null;
    const end = kept.indexOf("\n");
    const text = kept.slice(end + 1);
    return text === saved ? null : { text, current: Number(kept.slice(0, end)) === this.revision };
  }

  change(name, text) {
    this.unsaved.set(name, text);
    this.keep(name, text);
    this.tell("unsaved", say("Chưa lưu"));
    clearTimeout(this.timer);
    if (!this.held) this.timer = setTimeout(() => this.now(), PAUSE);
  }

  async now() {
    clearTimeout(this.timer);
    if (this.sending || this.held || !this.unsaved.size) return;
    const [name, text] = this.unsaved.entries().next().value;
    this.sending = true;
    this.tell("saving", say("Đang lưu…"));
    const answer = await this.put(name, text).catch(() => ({ ok: false, status: 0 }));
    const other = await this.revisionOfOther(name, answer);
    this.sending = false;
    this.settle(name, text, answer, other);
  }

  put(name, text, more = {}) {
    const content = { content: text, revision: this.revision, losses_accepted: this.accepted };
    return this.server.send("PUT", this.server.fileAddress(name), content, more);
  }

  settle(name, text, answer, other) {
    if (answer.ok) {
      this.revision = answer.revision;
      this.known.set(name, text);
      if (this.unsaved.get(name) === text) {
        this.unsaved.delete(name);
        sessionStorage.removeItem(this.key(name));
      }
      this.tell("saved", say("Đã lưu lúc {time}", { time: timeOfDay() }));
      if (this.unsaved.size) this.timer = setTimeout(() => this.now(), 0);
    } else if (answer.status === 0 || answer.status >= 500) {
      this.tell("failed", say("Chưa lưu được; bản vẽ vẫn còn trên trang này và sẽ được gửi lại."));
      this.timer = setTimeout(() => this.now(), 4 * PAUSE);
    } else if (other) this.release({ revision: other });
    else this.hold(answer);
  }

  // Somebody, or another tab, saved another file meanwhile, a scenario for example: this one is as it was read.
  async revisionOfOther(name, { reason }) {
    if (reason !== "design_changed" || !this.known.has(name)) return null;
    try {
      const { ok, revision } = await this.server.send("POST", "/lease", {});
      const saved = await (await this.server.read(this.server.fileAddress(name))).text();
      return ok && saved === this.known.get(name) ? revision : null;
    } catch (unheard) {
      console.info(unheard);
      return null;
    }
  }

  // Refused: nothing more is sent until somebody has decided.
  hold(answer) {
    this.held = true;
    if (answer.losses) this.tell("losses", say("Chưa lưu: lưu bây giờ sẽ mất nội dung của tệp gốc."), answer.losses);
    else this.tell("conflict", answer.message ?? answer.detail ?? answer.title ?? say("Máy chủ không nhận bản này."));
  }

  release({ accepted = false, revision = this.revision } = {}) {
    Object.assign(this, { held: false, accepted: accepted || this.accepted, revision });
    return this.now();
  }

  leave() {
    if (this.held || !this.unsaved.size || this.size() > KEEPALIVE) return;
    const [name, text] = this.unsaved.entries().next().value;
    this.put(name, text, { keepalive: true }).catch(() => {});
  }

  size() {
    return new Blob([...this.unsaved.values()]).size;
  }

  key(name) {
    return `design:${this.design}:${name}`;
  }

  keep(name, text) {
    try {
      sessionStorage.setItem(this.key(name), `${this.revision}\n${text}`);
    } catch (full) {
      console.info(full);
    }
  }
}
