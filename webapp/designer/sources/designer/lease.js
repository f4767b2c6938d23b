// Says that somebody edits here, and says who does where another was first.
import { button, el } from "./dom.js";
import { say } from "./words/index.js";

const RENEWAL = 60_000;

export async function holdLease(server, box, saving) {
  const answer = await ask(server, box, saving, {});
  setInterval(() => !document.hidden && ask(server, box, saving, {}), RENEWAL);
  return answer;
}

async function ask(server, box, saving, body) {
  const answer = await server.send("POST", "/lease", body).catch(() => ({ status: 0 }));
  if (answer.ok) {
    if (box.dataset.taken) saving.release();
    delete box.dataset.taken;
    box.replaceChildren();
  } else if (answer.status === 409 && !box.dataset.taken) {
    box.dataset.taken = "yes";
    saving.held = true;
    box.replaceChildren(el("p", { class: "alert-line wait" },
      el("span", {}, answer.message ?? say("Người khác đang sửa bản thiết kế này.")), " ",
      button(say("Sửa thay"), () => ask(server, box, saving, { take_over: true }), { sign: "pencil" })));
  }
  return answer;
}
