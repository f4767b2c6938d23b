// Sends what changed by itself, one file after the other; keeps it in this tab until the server has it.
import { say, timeOfDay } from "./words/index.js";

const PAUSE = 1500;
const KEEPALIVE = 60_000; // browsers send at most 64 kB of a page that goes

export class Saving {
  constructor({ server, design, revision, tell }) {
    Object.assign(this, { server, design, revision, tell, unsaved: new Map(), accepted: false, held: false });
    addEventListener("pagehide", () => this.leave());
    addEventListener("beforeunload", (event) => {
      if (this.unsaved.size && (this.held || this.size() > KEEPALIVE)) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.now());
  }

  // What an earlier page of this tab could not save, by the file's name.
  kept(name) {
    return sessionStorage.getItem(this.key(name));
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
    this.sending = false;
    this.settle(name, text, answer);
  }

  put(name, text, more = {}) {
    const content = { content: text, revision: this.revision, losses_accepted: this.accepted };
    return this.server.send("PUT", this.server.fileAddress(name), content, more);
  }

  settle(name, text, answer) {
    if (answer.ok) {
      this.revision = answer.revision;
      if (this.unsaved.get(name) === text) {
        this.unsaved.delete(name);
        sessionStorage.removeItem(this.key(name));
      }
      this.tell("saved", say("Đã lưu lúc {time}", { time: timeOfDay() }));
      if (this.unsaved.size) this.timer = setTimeout(() => this.now(), 0);
    } else if (answer.status === 0 || answer.status >= 500) {
      this.tell("failed", say("Chưa lưu được; bản vẽ vẫn còn trên trang này và sẽ được gửi lại."));
      this.timer = setTimeout(() => this.now(), 4 * PAUSE);
    } else this.hold(answer);
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
      sessionStorage.setItem(this.key(name), text);
    } catch (full) {
      console.info(full);
    }
  }
}
