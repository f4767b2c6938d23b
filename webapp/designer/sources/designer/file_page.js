// What the pages of one file have in common: what was kept, saving by itself, the lease, and refusals in words.
import { button, download, el, redraw, useSprite } from "./dom.js";
import { holdLease } from "./lease.js";
import { Saving } from "./saving.js";
import { Server } from "./server.js";
import { say } from "./words/index.js";

const part = (name) => document.querySelector(`[data-designer-${name}]`);

// Returns {text, change(text), server}; `text` is what is to be edited.
export async function openFile(page) {
  const { address, token, design, file, revision, icons } = page.dataset;
  useSprite(icons);
  page.hidden = false;
  const server = new Server({ address, token });
  const saving = new Saving({ server, design, revision: Number(revision), tell });
  const saved = await (await server.read(server.fileAddress(file))).text();
  const kept = saving.kept(file, saved);
  const text = kept?.current ? kept.text : saved;
  if (kept?.current) saving.change(file, text);
  else if (kept) note(say("Bản này đã được sửa ở nơi khác; phần chưa lưu của quý vị vẫn còn."), button(say("Tải bản của tôi về"), () => download(file.split("/").pop(), new Blob([kept.text]))));
  holdLease(server, part("lease"), saving);

  function tell(state, words, losses) {
    const box = part("saved");
    box.dataset.state = state;
    box.textContent = words;
    if (state === "conflict") note(words, button(say("Mở bản mới nhất"), () => location.reload()));
    if (state === "losses") note(el("span", {}, words, el("ul", {}, losses.map((one) => el("li", {}, one)))), button(say("Vẫn lưu"), () => (note(), saving.release({ accepted: true }))));
  }

  return { text, server, change: (changed) => saving.change(file, changed) };
}

function note(...words) {
  redraw(part("note"), words.length ? el("div", { class: "alert-line designer-note", role: "status" }, words) : null);
}
