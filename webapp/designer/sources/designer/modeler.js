// The drawing: bpmn-js with our words, our menus, our attributes, and nothing that our engine does not run.
import Modeler from "bpmn-js/lib/Modeler";
import minimap from "diagram-js-minimap";
import dropping from "./dropping.js";
import menus from "./menus.js";
import moddle from "./moddle.json";
import { keepReferences } from "./references.js";
import sizes from "./sizes.js";
import together from "./together.js";
import translate from "./translate.js";

// Our own palette stands beside the canvas, with words.
const noPalette = { paletteProvider: ["value", null] };

export function draw(container) {
  return new Modeler({
    container,
    bpmnRenderer: { defaultFillColor: "#ffffff", defaultStrokeColor: "#1b2430", defaultLabelColor: "#1b2430" },
    textRenderer: {
      defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14, lineHeight: 1.3 },
      externalStyle: { fontSize: 14, lineHeight: 1.3 },
    },
    additionalModules: [{ translate: ["value", translate] }, noPalette, sizes, minimap, menus, dropping, together],
    moddleExtensions: { lt: moddle },
  });
}

// Reads a file; where one was shown before, what was seen of it stays in view. Returns what could not be read.
export async function show(modeler, xml, { fit = true } = {}) {
  const canvas = modeler.get("canvas");
  const view = fit ? null : canvas.viewbox();
  const root = fit ? null : canvas.getRootElement()?.id;
  const { warnings } = await modeler.importXML(xml);
  keepReferences(warnings);
  if (fit) fitIn(canvas);
  else {
    if (root && canvas.findRoot(root)) canvas.setRootElement(canvas.findRoot(root));
    canvas.viewbox(view);
  }
  return warnings;
}

// Shows the page an element is drawn on, which may be that of a sub-process: only what is on it can be selected.
export function showPageOf(modeler, element) {
  const canvas = modeler.get("canvas");
  const root = canvas.findRoot(element);
  if (root && root !== canvas.getRootElement()) canvas.setRootElement(root);
  return root;
}

// The whole drawing if it stays readable, else its beginning at a readable size.
function fitIn(canvas) {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
  const READABLE = 0.6;
  if (canvas.zoom() >= READABLE) return;
  const { inner, outer } = canvas.viewbox();
  const size = { width: outer.width / READABLE, height: outer.height / READABLE };
  canvas.viewbox({ x: inner.x - 40, y: inner.y - Math.max(40, (size.height - inner.height) / 2), ...size });
}

export async function written(modeler) {
  const { xml } = await modeler.saveXML({ format: true });
  return xml;
}
