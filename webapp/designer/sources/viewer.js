// Draws one BPMN diagram: where the work has been, where it is now, and what is inside collapsed sub-processes.
import Viewer from "bpmn-js/lib/Viewer";

const TEXTS = {
  vi: {
    zoomIn: "Phóng to", zoomOut: "Thu nhỏ", fit: "Vừa khung", done: "Đã qua", now: "Đang ở đây",
    label: "Sơ đồ quy trình", at: "đang ở", open: "Mở {element}",
    failed: "Không tải được sơ đồ. Danh sách các bước vẫn xem được trên trang này.",
  },
  en: {
    zoomIn: "Zoom in", zoomOut: "Zoom out", fit: "Fit", done: "Passed", now: "Here now",
    label: "Process diagram", at: "now at", open: "Open {element}",
    failed: "The diagram could not be loaded. The list of steps is still on this page.",
  },
};
const READABLE = 12 / 14; // labels are drawn at 14 px and never shown under 12
const MARGIN = 24;
const BREADCRUMBS = 80; // room for the way back out of a sub-process
const WATERMARK = 44; // its own strip under the drawing, so that neither covers the other
const TALLEST = 0.7; // of the window

const words = TEXTS[document.documentElement.lang] ?? TEXTS.vi;

export async function show(frame) {
  frame.classList.add("diagram");
  const canvasBox = frame.appendChild(document.createElement("div"));
  const viewer = new Viewer({
    container: canvasBox,
    bpmnRenderer: { defaultFillColor: "#ffffff", defaultStrokeColor: "#1b2430", defaultLabelColor: "#1b2430" },
    textRenderer: {
      defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14, lineHeight: 1.3 },
      externalStyle: { fontSize: 14, lineHeight: 1.3 },
    },
    additionalModules: [{ translate: ["value", translate] }],
  });
  try {
    await viewer.importXML(await load(frame.dataset.diagram));
  } catch (error) {
    console.info(error);
    canvasBox.replaceWith(failure());
    return null;
  }
  const current = ids(frame.dataset.current);
  mark(viewer, ids(frame.dataset.done), "is-done");
  mark(viewer, current, "is-current");
  if (!frame.dataset.mark) count(viewer, current);
  describe(viewer, current, frame.dataset.mark);
  const sheet = new Sheet(viewer, canvasBox);
  frame.append(tools(sheet, frame.dataset.mark));
  viewer.get("eventBus").on("root.set", 100, () => sheet.fit());
  addEventListener("resize", () => sheet.frameHeight());
  sheet.fit();
  sheet.reveal(shapesOf(viewer, current[0]).at(-1));
  return viewer;
}

async function load(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.text();
}

function translate(template, replacements = {}) {
  const text = template === "Open {element}" ? words.open : template;
  return text.replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
}

const ids = (list) => (list ?? "").split(",").map((id) => id.trim()).filter(Boolean);

// What lies in a collapsed sub-process is marked on the closed box too, or the reader of the outer plane would miss it.
function shapesOf(viewer, id) {
  const registry = viewer.get("elementRegistry");
  const inner = registry.get(id);
  if (!inner) return [];
  const shapes = [inner];
  for (let parent = inner.businessObject.$parent; parent; parent = parent.$parent) {
    const shape = registry.get(parent.id);
    if (shape?.collapsed) shapes.push(shape);
  }
  return shapes;
}

function mark(viewer, elementIds, marker) {
  const canvas = viewer.get("canvas");
  for (const id of elementIds) for (const shape of shapesOf(viewer, id)) canvas.addMarker(shape, marker);
}

function count(viewer, current) {
  const tokens = new Map();
  for (const id of current) for (const shape of shapesOf(viewer, id)) tokens.set(shape, (tokens.get(shape) ?? 0) + 1);
  for (const [shape, number] of tokens) {
    const badge = document.createElement("span");
    badge.className = "token";
    badge.textContent = number;
    badge.title = words.now;
    viewer.get("overlays").add(shape, "token", { position: { top: -12, right: 12 }, html: badge, scale: false });
  }
}

function describe(viewer, current, mark) {
  const registry = viewer.get("elementRegistry");
  const names = [...new Set(current)].map((id) => registry.get(id)?.businessObject.name).filter(Boolean);
  const svg = viewer.get("canvas")._svg;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", names.length ? `${words.label}; ${mark ?? words.at}: ${names.join(", ")}` : words.label);
}

class Sheet {
  constructor(viewer, box) {
    this.canvas = viewer.get("canvas");
    this.box = box;
    this.scroller = this.canvas.getContainer();
    this.dragToScroll();
  }

  // As wide as the frame if that stays readable; otherwise it scrolls.
  fit() {
    const inner = this.bounds();
    const fitting = (this.scroller.clientWidth - 2 * MARGIN) / inner.width;
    this.zoom(Math.max(READABLE, Math.min(1, fitting)));
  }

  zoom(scale) {
    const inner = this.bounds();
    const svg = this.canvas._svg;
    this.scale = Math.max(0.3, Math.min(3, scale));
    this.left = MARGIN / this.scale - inner.x;
    this.top = (this.isInside() ? BREADCRUMBS : MARGIN) / this.scale - inner.y;
    this.height = (this.top + inner.y + inner.height) * this.scale + MARGIN;
    svg.style.width = `${inner.width * this.scale + 2 * MARGIN}px`;
    svg.style.height = `${this.height}px`;
    this.frameHeight();
    this.canvas.viewbox({ x: -this.left, y: -this.top, ...this.windowSize() });
  }

  isInside() {
    return this.scroller.classList.contains("bjs-breadcrumbs-shown");
  }

  bounds() {
    return this.canvas.getActiveLayer().getBBox();
  }

  windowSize() {
    return { width: this.scroller.clientWidth / this.scale, height: this.scroller.clientHeight / this.scale };
  }

  frameHeight() {
    const tallest = Math.max(240, innerHeight * TALLEST);
    this.box.style.height = `${Math.min(this.height, tallest) + WATERMARK}px`;
  }

  reveal(shape) {
    if (!shape) return;
    const across = (shape.x + shape.width / 2 + this.left) * this.scale;
    const down = (shape.y + shape.height / 2 + this.top) * this.scale;
    this.scroller.scrollTo(across - this.scroller.clientWidth / 2, down - this.scroller.clientHeight / 2);
  }

  // Fingers scroll by themselves; the mouse drags.
  dragToScroll() {
    this.scroller.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "mouse" || event.buttons !== 1) return;
      this.scroller.scrollBy(-event.movementX, -event.movementY);
    });
  }
}

// A page that marks something else than where the work is says what in a word of its own.
function tools(sheet, mark) {
  const bar = document.createElement("div");
  bar.className = "diagram-tools";
  bar.append(...(mark ? [legend("now", mark)] : [legend("done", words.done), legend("now", words.now)]));
  const zoom = bar.appendChild(document.createElement("span"));
  zoom.className = "zoom";
  zoom.append(
    button("−", words.zoomOut, () => sheet.zoom(sheet.scale / 1.25)),
    button("+", words.zoomIn, () => sheet.zoom(sheet.scale * 1.25)),
    button("⤢", words.fit, () => sheet.fit()),
  );
  return bar;
}

function legend(kind, text) {
  const key = document.createElement("span");
  key.className = `diagram-key ${kind}`;
  key.textContent = text;
  return key;
}

function button(sign, label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = sign;
  made.setAttribute("aria-label", label);
  made.title = label;
  made.addEventListener("click", act);
  return made;
}

function failure() {
  const note = document.createElement("p");
  note.className = "diagram-error";
  note.setAttribute("role", "status");
  note.textContent = words.failed;
  return note;
}
