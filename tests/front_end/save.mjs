// Reads BPMN files as the designer does and writes them as it would: one JSON object of name → text on standard output.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { BpmnModdle } from "../../webapp/designer/node_modules/bpmn-moddle/dist/index.js";
import { keepReferences } from "../../webapp/designer/sources/designer/references.js";

const lt = JSON.parse(readFileSync(fileURLToPath(new URL("../../webapp/designer/sources/designer/moddle.json", import.meta.url)), "utf8"));
const saved = {};
for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const moddle = new BpmnModdle({ lt });
  try {
    const { rootElement, warnings } = await moddle.fromXML(readFileSync(file, "utf8"));
    keepReferences(warnings);
    saved[file] = (await moddle.toXML(rootElement, { format: true })).xml;
  } catch (error) {
    saved[file] = `${basename(file)}: ${error.message}`;
  }
}
console.log(JSON.stringify(saved));
