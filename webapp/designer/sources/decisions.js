// The editor of a decision table: dmn-js, opened on the first table of the file.
import Modeler from "dmn-js/lib/Modeler";
import { HIT_POLICIES } from "dmn-js-decision-table/lib/features/hit-policy/HitPolicies";
import { openFile } from "./designer/file_page.js";
import { speaker } from "./designer/speaking.js";
import { translator } from "./designer/translate.js";
import tables from "./designer/words/tables_vi.js";
import { say } from "./designer/words/index.js";

const spoken = { additionalModules: [{ translate: ["value", translator(tables)] }] };
const RUN = { UNIQUE: say("Đúng một dòng"), FIRST: say("Dòng đúng đầu tiên"), COLLECT: say("Gom mọi dòng đúng") };

// Only what our engine runs can be chosen.
for (const policy of HIT_POLICIES.splice(0)) {
  const { hitPolicy, aggregation } = policy.value;
  if (RUN[hitPolicy] && !aggregation) HIT_POLICIES.push({ ...policy, label: RUN[hitPolicy], explanation: RUN[hitPolicy] });
}

async function open(page) {
  const { text, change } = await openFile(page);
  speaker(tables).speak(page);
  const modeler = new Modeler({ container: page, drd: spoken, decisionTable: spoken, literalExpression: spoken, boxedExpression: spoken });
  await modeler.importXML(text);
  const table = modeler.getViews().find((view) => view.type === "decisionTable");
  if (table) await modeler.open(table);
  const watched = new WeakSet();
  const watch = () => {
    const viewer = modeler.getActiveViewer();
    if (!viewer || watched.has(viewer)) return;
    watched.add(viewer);
    viewer.on("commandStack.changed", async () => change((await modeler.saveXML({ format: true })).xml));
  };
  modeler.on("views.changed", watch);
  watch();
  page.dataset.ready = "yes";
}

open(document.getElementById("decision-editor")).catch((error) => {
  console.info(error);
  document.querySelector("[data-designer-note]").textContent = say("Không mở được bảng này. Hãy tải lại trang.");
});
