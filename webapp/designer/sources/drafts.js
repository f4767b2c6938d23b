// A form with data-draft="URL" sends what was typed there, ten seconds after a change and on leaving a field.
const PAUSE = 10_000;
const TEXTS = {
  vi: { saved: "Đã lưu nháp lúc", failed: "Chưa lưu được nháp; những gì quý vị nhập vẫn còn trên trang này." },
  en: { saved: "Draft saved at", failed: "The draft could not be saved; what you typed is still on this page." },
};
const words = TEXTS[document.documentElement.lang] ?? TEXTS.vi;
const pending = new WeakMap();

export function watchDrafts() {
  document.addEventListener("input", (event) => changed(event.target.form));
  document.addEventListener("change", (event) => changed(event.target.form));
  document.addEventListener("focusout", (event) => isSending(event) || save(event.target.form));
  document.addEventListener("submit", (event) => forget(event.target));
  addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach(save));
}

function changed(form) {
  if (!form?.dataset.draft || pending.has(form)) return;
  pending.set(form, setTimeout(() => save(form), PAUSE));
}

// Whoever goes on to a button of the form sends it: a draft would come after the answers and be refused.
function isSending(event) {
  return event.relatedTarget?.type === "submit" && event.relatedTarget.form === event.target.form;
}

function forget(form) {
  clearTimeout(pending.get(form));
  pending.delete(form);
}

async function save(form) {
  if (!form || !pending.has(form)) return;
  forget(form);
  try {
    const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(form), keepalive: true });
    if (!answer.ok) throw new Error(String(answer.status));
    say(form, `${words.saved} ${new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}`);
  } catch {
    say(form, words.failed);
    changed(form);
  }
}

// Files go only with the form itself.
function typed(form) {
  const answers = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") answers.append(name, value);
  return answers;
}

function say(form, text) {
  const status = form.querySelector("[data-draft-status]");
  if (status) status.textContent = text;
}
