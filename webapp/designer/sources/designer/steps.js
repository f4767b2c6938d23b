// The steps of the drawing in the order people read them, and the changes the outline makes to them.
import { eventKind, isFlowNode, modelOf } from "./kinds.js";
import { addAfter, place, wayBack } from "./placing.js";
import { together } from "./together.js";

// Returns {element, level} for each step: along the flow from the starts, what is inside a sub-process right behind it.
export function stepsOf(modeler) {
  // The page on which the inside of a collapsed sub-process is drawn stands for the same sub-process once more.
  const steps = modeler.get("elementRegistry").filter((one) => isFlowNode(one) && one.parent);
  const byScope = Map.groupBy ? Map.groupBy(steps, (one) => modelOf(one).$parent) : grouped(steps);
  const scopes = [...byScope.keys()].filter((scope) => !scope.$instanceOf("bpmn:SubProcess"));
  return scopes.flatMap((scope) => inScope(byScope, scope, 0));
}

function grouped(elements) {
  const found = new Map();
  for (const one of elements) {
    const scope = modelOf(one).$parent;
    found.set(scope, [...(found.get(scope) ?? []), one]);
  }
  return found;
}

function inScope(byScope, scope, level) {
  const left = [...(byScope.get(scope) ?? [])].sort((one, other) => rank(one) - rank(other) || one.x - other.x || one.y - other.y);
  const seen = new Set();
  const found = [];
  for (const begin of left) {
    const waiting = [begin];
    while (waiting.length) {
      const one = waiting.shift();
      if (seen.has(one) || !left.includes(one)) continue;
      seen.add(one);
      found.push({ element: one, level });
      if (one.type === "bpmn:SubProcess" || one.type === "bpmn:Transaction") found.push(...inScope(byScope, modelOf(one), level + 1));
      waiting.push(...(one.attachers ?? []), ...nextOf(one).map((way) => way.target).sort((a, b) => a.x - b.x));
    }
  }
  return found;
}

const rank = (element) => (element.type === "bpmn:StartEvent" ? 0 : element.incoming.length ? 2 : 1);

export function nextOf(element) {
  return element.outgoing.filter((flow) => flow.type === "bpmn:SequenceFlow");
}

export const isWork = (element) => element.type === "bpmn:UserTask" || element.type === "bpmn:ManualTask";
export const hasDue = (element) => element.type === "bpmn:UserTask" || eventKind(element) === "timer";

export function add(modeler, after, shape) {
  return together(modeler, () => {
    const { name, ...kind } = shape;
    const made = after ? addAfter(modeler, after, modeler.get("elementFactory").createShape(kind)) : place(modeler, kind, { event: null });
    modeler.get("modeling").updateLabel(made, name);
    return made;
  });
}

export function remove(modeler, element) {
  modeler.get("modeling").removeElements([element]);
}

export function connect(modeler, from, to) {
  const way = to.x < from.x ? { waypoints: wayBack(from, to) } : {};
  return modeler.get("modeling").connect(from, to, { type: "bpmn:SequenceFlow", ...way });
}

const comingTo = (element) => element.incoming.filter((flow) => flow.type === "bpmn:SequenceFlow");
const isInLine = (element) => comingTo(element).length === 1 && nextOf(element).length === 1 && !element.host && !element.attachers?.length;

// What a step may change places with: the one before and the one behind it, where one flow comes and one goes at both.
export function neighbours(element) {
  if (!isInLine(element)) return {};
  const before = comingTo(element)[0].source;
  const behind = nextOf(element)[0].target;
  return { up: isInLine(before) ? before : null, down: isInLine(behind) ? behind : null };
}

// Lets two steps in a line change places, in the flow and on the drawing.
export function swap(modeler, first, second) {
  const modeling = modeler.get("modeling");
  together(modeler, () => {
    const [into] = comingTo(first);
    const [between] = nextOf(first);
    const [onward] = nextOf(second);
    const level = first.y + first.height / 2 - (second.y + second.height / 2);
    const right = second.x + second.width - first.width;
    modeling.removeConnection(between);
    modeling.reconnectEnd(into, second, middleOf(second));
    modeling.reconnectStart(onward, first, middleOf(first));
    modeling.moveShape(second, { x: first.x - second.x, y: level }, undefined, { autoResize: false });
    modeling.moveShape(first, { x: right - first.x, y: -level });
    modeling.connect(second, first);
    for (const flow of [into, onward]) modeling.layoutConnection(flow);
  });
}

const middleOf = (shape) => ({ x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 });
