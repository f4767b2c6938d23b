// The editor of a form: form-js with the components our server shows, and the server's own view of it beside.
import { FormEditor } from "@bpmn-io/form-js";
import { openFile } from "./designer/file_page.js";
import ourFields from "./designer/form_fields.js";
import { FormOutline } from "./designer/form_outline.js";
import { speak } from "./designer/form_words.js";
import { watchTabs } from "./designer/tabs.js";
import { say } from "./designer/words/index.js";

const PAUSE = 600;
const PHONE = "(max-width: 47.99rem)";
const part = (name) => document.querySelector(`[data-designer-${name}]`);

async function open(desk) {
  const page = document.getElementById("form-editor");
  const { text, server, change } = await openFile(desk);
  const editor = new FormEditor({ container: page, additionalModules: [ourFields] });
  speak(page);
  await editor.importSchema(JSON.parse(text));
  const seen = later(() => preview(server, written(editor)));
  editor.on("changed", () => {
    change(written(editor));
    seen();
  });
  const openTab = watchTabs(desk, () => {});
  new FormOutline({
    box: part("outline"), editor, tell: (words) => (part("told").textContent = words),
    showDetails: () => {
      openTab("drawing");
      page.querySelector(".fjs-editor-properties-container, .fjs-properties-container")?.querySelector("button, input, textarea, select")?.focus();
    },
  }).drawNow();
  openTab(matchMedia(PHONE).matches ? "outline" : "drawing");
  await preview(server, text);
  desk.dataset.ready = "yes";
}

const written = (editor) => `${JSON.stringify(editor.saveSchema(), null, 2)}\n`;

function later(act) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, PAUSE);
  };
}

// The server's own markup on a desk and on a phone; the second has no ids, for they are the first's.
async function preview(server, content) {
  const shown = new DOMParser().parseFromString(await server.page("/previews", { content }), "text/html").body;
  const [desk, phone] = document.querySelectorAll("[data-preview]");
  const copy = shown.cloneNode(true);
  for (const one of copy.querySelectorAll("[id], [for], [aria-describedby]")) for (const name of ["id", "for", "aria-describedby"]) one.removeAttribute(name);
  for (const one of copy.querySelectorAll("input, select, textarea")) one.setAttribute("aria-label", say("Ô của biểu mẫu"));
  desk.replaceChildren(...shown.childNodes);
  phone.replaceChildren(...copy.childNodes);
  phone.parentElement.hidden = false;
}

open(document.getElementById("form-desk")).catch((error) => {
  console.info(error);
  part("note").textContent = say("Không mở được biểu mẫu này. Hãy tải lại trang.");
});
