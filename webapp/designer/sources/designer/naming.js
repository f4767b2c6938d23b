// What an element is called when it is spoken of: the word of the library's menus for its type.
import { eventKind, modelOf, typeOf } from "./kinds.js";

const WORDS = {
  task: "Task", userTask: "User task", manualTask: "Manual task", serviceTask: "Service task", sendTask: "Send task",
  businessRuleTask: "Business rule task", scriptTask: "Script task", receiveTask: "Receive task", callActivity: "Call activity",
  subProcess: "Sub-process", transaction: "Transaction", adHocSubProcess: "Ad-hoc sub-process",
  exclusiveGateway: "Exclusive gateway", parallelGateway: "Parallel gateway", inclusiveGateway: "Inclusive gateway",
  eventBasedGateway: "Event-based gateway", complexGateway: "Complex gateway", sequenceFlow: "Sequence flow",
  dataObjectReference: "Data object reference", dataStoreReference: "Data store reference",
};
const EVENTS = { startEvent: "start", endEvent: "end", intermediateCatchEvent: "intermediate catch", intermediateThrowEvent: "intermediate throw", boundaryEvent: "boundary" };
const OURS = {
  "bpmn:Process": ["Quy trình", "Process"], "bpmn:Collaboration": ["Sơ đồ phối hợp", "Collaboration"],
  "bpmn:Participant": ["Bên tham gia", "Participant"], "bpmn:Lane": ["Làn", "Lane"], "bpmn:MessageFlow": ["Đường thông điệp", "Message flow"],
  "bpmn:TextAnnotation": ["Ghi chú", "Annotation"], "bpmn:Association": ["Đường liên hệ", "Association"], "bpmn:Group": ["Nhóm", "Group"],
};

export function wordFor(element, translate) {
  const model = modelOf(element);
  if (OURS[model.$type]) return OURS[model.$type][document.documentElement.lang === "en" ? 1 : 0];
  const type = typeOf(model.$type);
  if (!EVENTS[type]) return translate(model.triggeredByEvent ? "Event sub-process" : WORDS[type] ?? type);
  const kind = eventKind(element);
  const name = kind === "none" ? `${EVENTS[type]} event` : `${kind} ${EVENTS[type]} event`;
  return translate(name.charAt(0).toUpperCase() + name.slice(1));
}
