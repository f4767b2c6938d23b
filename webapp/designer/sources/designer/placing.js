// Puts new shapes on the drawing: under the mouse, or by themselves behind a step, pushing what follows aside.
import { isFlowNode, modelOf } from "./kinds.js";

const GAP = 60;

// With the event of a mouse the shape hangs at it; without one (keyboard) it finds its own place behind the selection.
export function place(modeler, shape, { event }) {
  if (shape.lane) return addLane(modeler, event);
  const factory = modeler.get("elementFactory");
  const make = () => shape.type === "bpmn:Participant" ? factory.createParticipantShape() : factory.createShape({ ...shape });
  if (event) return modeler.get("create").start(event, withStart(modeler, make()));
  const [selected] = modeler.get("selection").get();
  const made = shape.type === "bpmn:BoundaryEvent" ? attach(modeler, make(), selected) : selected && isFlowNode(selected)
    ? addAfter(modeler, selected, make()) : addAlone(modeler, make());
  if (made) modeler.get("selection").select(made);
  return made;
}

function withStart(modeler, shape) {
  if (!["bpmn:SubProcess", "bpmn:Transaction"].includes(shape.type) || shape.collapsed) return shape;
  const start = modeler.get("elementFactory").createShape({ type: "bpmn:StartEvent", x: 40, y: 82, parent: shape });
  return [shape, start];
}

function addLane(modeler, event) {
  const registry = modeler.get("elementRegistry");
  const [selected] = modeler.get("selection").get();
  const pool = poolOf(selected) ?? registry.find((one) => one.type === "bpmn:Participant" && modelOf(one).processRef);
  if (pool) return modeler.get("modeling").addLane(pool, "bottom");
  const shape = modeler.get("elementFactory").createParticipantShape();
  return event ? modeler.get("create").start(event, shape) : addAlone(modeler, shape);
}

function poolOf(element) {
  for (let one = element; one; one = one.parent) if (one.type === "bpmn:Participant") return one;
  return null;
}

function attach(modeler, shape, selected) {
  const host = selected && modelOf(selected).$instanceOf("bpmn:Activity") ? selected : null;
  if (!host) return null;
  const corner = { x: host.x + host.width - 20, y: host.y + host.height };
  return modeler.get("modeling").createShape(shape, corner, host, { attach: true });
}

function addAlone(modeler, shape) {
  const canvas = modeler.get("canvas");
  const view = canvas.viewbox();
  const root = canvas.getRootElement();
  const pool = modeler.get("elementRegistry").find((one) => one.type === "bpmn:Participant" && modelOf(one).processRef);
  const parent = shape.type !== "bpmn:Participant" && root.type === "bpmn:Collaboration" && pool ? pool : root;
  const middle = { x: Math.round(view.x + view.width / 2), y: Math.round(view.y + view.height / 2) };
  return modeler.get("modeling").createShape(shape, parent === root ? middle : center(pool), parent);
}

const center = (shape) => ({ x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 });

// Adds a shape behind a step: on the one flow that leaves it, or as a further way where several do or none does.
export function addAfter(modeler, step, shape) {
  const flows = step.outgoing.filter((flow) => flow.type === "bpmn:SequenceFlow");
  if (flows.length !== 1 || ["bpmn:ExclusiveGateway", "bpmn:ParallelGateway", "bpmn:InclusiveGateway", "bpmn:EventBasedGateway"].includes(step.type)) {
    return modeler.get("autoPlace").append(step, shape);
  }
  return insertOn(modeler, flows[0], shape);
}

// Puts a shape on a flow; what lies to the right of the flow's source is pushed right as far as the shape needs.
export function insertOn(modeler, flow, shape) {
  const { source, target } = flow;
  const begin = source.x + source.width;
  const needed = shape.width + 2 * GAP - (target.x - begin);
  if (target.x > source.x && needed > 0) pushRight(modeler, source, begin + 1, needed);
  const level = center(source).y;
  const position = { x: Math.round(begin + GAP + shape.width / 2), y: Math.round(level) };
  const made = modeler.get("modeling").createShape(shape, position, source.parent);
  joinIn(modeler, flow, made);
  return made;
}

// Leads a flow to a shape, and on from there to where the flow led.
export function joinIn(modeler, flow, shape) {
  const modeling = modeler.get("modeling");
  const { target } = flow;
  modeling.reconnectEnd(flow, shape, { x: shape.x, y: shape.y + shape.height / 2 });
  modeling.connect(shape, target);
  modeling.layoutConnection(flow);
}

export function pushRight(modeler, beside, from, by) {
  const root = modeler.get("canvas").findRoot(beside);
  const elements = descendants(root).filter((one) => one !== root);
  const { movingShapes, resizingShapes } = modeler.get("spaceTool").calculateAdjustments(elements, "x", by, from);
  modeler.get("modeling").createSpace(movingShapes, resizingShapes, { x: by, y: 0 }, "e", from);
}

function descendants(element) {
  return [element, ...(element.children ?? []).flatMap(descendants)];
}

// The way back runs under the steps, so that the happy path stays one straight line.
export function wayBack(from, to) {
  const [start, end] = [from, to].map((one) => one.x + one.width / 2);
  const level = Math.max(from.y + from.height, to.y + to.height) + 40;
  return [{ x: start, y: from.y + from.height }, { x: start, y: level }, { x: end, y: level }, { x: end, y: to.y + to.height }];
}
