// What an element of the drawing is, in the words of our engine: its type and, for events, what it waits for or throws.
import executed from "./executed.json";

const KIND_OF_DEFINITION = {
  "bpmn:MessageEventDefinition": "message", "bpmn:SignalEventDefinition": "signal",
  "bpmn:TimerEventDefinition": "timer", "bpmn:ErrorEventDefinition": "error",
  "bpmn:EscalationEventDefinition": "escalation", "bpmn:CompensateEventDefinition": "compensation",
  "bpmn:CancelEventDefinition": "cancel", "bpmn:TerminateEventDefinition": "terminate",
  "bpmn:LinkEventDefinition": "link", "bpmn:ConditionalEventDefinition": "conditional",
};
// What the short palette offers, and what the menus change one of its elements into.
const BASIC = new Set([
  "userTask", "sendTask", "receiveTask", "callActivity", "businessRuleTask", "subProcess",
  "exclusiveGateway", "parallelGateway", "startEvent/none", "startEvent/message", "startEvent/timer", "endEvent/none",
  "endEvent/message", "endEvent/terminate", "intermediateCatchEvent/message", "intermediateCatchEvent/timer",
  "intermediateThrowEvent/message", "boundaryEvent/timer", "boundaryEvent/message", "eventBasedGateway",
]);

export const typeOf = (name) => name.charAt(5).toLowerCase() + name.slice(6); // "bpmn:UserTask" → "userTask"
export const modelOf = (element) => element.businessObject ?? element;

export function definitionOf(element) {
  return modelOf(element).get?.("eventDefinitions")?.[0] ?? null;
}

export function eventKind(element) {
  const definition = definitionOf(element);
  return definition ? KIND_OF_DEFINITION[definition.$type] ?? "other" : "none";
}

export function isFlowNode(element) {
  return Boolean(element.businessObject?.$instanceOf?.("bpmn:FlowNode")) && element.type !== "label";
}

// Whether our engine runs what a menu would make of an element; `basic` for those of the short palette only.
export function isRun(target, { basic = false } = {}) {
  const type = typeOf(target.type);
  const kinds = executed.events[type];
  const kind = target.eventDefinitionType ? KIND_OF_DEFINITION[target.eventDefinitionType] ?? "other" : "none";
  if (!executed.nodes.includes(type) || (kinds && !kinds.includes(kind))) return false;
  return !basic || BASIC.has(kinds ? `${type}/${kind}` : type);
}
