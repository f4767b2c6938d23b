// What is sent and waited for between participants, and what several people do alike.
import { el } from "../dom.js";
import { messageNamed } from "../fragments.js";
import { definitionOf, eventKind } from "../kinds.js";
import { standIn } from "../references.js";
import { say } from "../words/index.js";
import { check, days, note, select, text } from "./fields.js";
import { border } from "./work.js";

const NAMED = {
  message: ["messageRef", "bpmn:Message", say("Tên thông điệp")], signal: ["signalRef", "bpmn:Signal", say("Tên tín hiệu")],
  error: ["errorRef", "bpmn:Error", say("Tên lỗi")], escalation: ["escalationRef", "bpmn:Escalation", say("Tên báo cáo vượt cấp")],
};
const SENDS = ["bpmn:SendTask", "bpmn:IntermediateThrowEvent", "bpmn:EndEvent"];

export function message(context) {
  const { element, model, modeler, write, writeTo, choices } = context;
  const isTask = ["bpmn:SendTask", "bpmn:ReceiveTask"].includes(element.type);
  const kind = isTask ? "message" : eventKind(element);
  if (!NAMED[kind]) return null;
  const [property, type, label] = NAMED[kind];
  const holder = isTask ? model : definitionOf(element);
  const known = [...new Set([...choices.messages.map((one) => one.id), ...modeler.getDefinitions().get("rootElements").filter((one) => one.$type === type).map((one) => one.name)])].filter(Boolean);
  const list = el("datalist", { id: "panel-names" }, kind === "message" ? known.map((name) => el("option", { value: name })) : []);
  const name = text("message", label, holder.get(property)?.name, (typed) => writeTo(holder, { [property]: typed ? messageNamed(modeler, typed, type) : undefined }), { list: "panel-names", spellcheck: "false", hint: kind === "message" ? say("Hai bên dùng cùng một tên, ví dụ order.placed.") : "" });
  const code = ["error", "escalation"].includes(kind) && holder.get(property) ? codeOf(kind, holder.get(property), writeTo) : null;
  const more = kind !== "message" ? [] : SENDS.includes(element.type) ? sending(context) : waiting({ model, write, choices });
  return [list, name, code, ...more, ...(kind === "error" ? [] : border(context))];
}

function codeOf(kind, named, writeTo) {
  return text("code", say("Mã"), named.get(`${kind}Code`), (typed) => writeTo(named, { [`${kind}Code`]: typed }), { spellcheck: "false" });
}

function sending({ model, write, choices }) {
  return [
    select("recipients", say("Nơi nhận"), model.get("lt:recipients"), choices.recipients, (value) => write({ "lt:recipients": value }), { none: say("Bên giao việc") }),
    text("payload", say("Dữ liệu gửi kèm"), model.get("lt:payload"), (value) => write({ "lt:payload": value }), { hint: say("Tên các trường, cách nhau bằng dấu cách; để trống là gửi mọi trường."), spellcheck: "false" }),
  ];
}

function waiting({ model, write, choices }) {
  const collect = select("collect", say("Gom đủ báo cáo của"), model.get("lt:collect"), choices.collect, (value) => write({ "lt:collect": value, ...(value ? {} : { "lt:cutoff": undefined, "lt:cutoffWorkingDays": undefined }) }), { none: say("Không gom, chờ một thông điệp") });
  if (!model.get("lt:collect")) return [note(say("Khóa liên kết: thông điệp về đúng phần việc đã gửi đi.")), collect];
  return [
    collect,
    days("cutoffWorkingDays", say("Hạn chốt (số ngày làm việc)"), model.get("lt:cutoffWorkingDays"), (value) => write({ "lt:cutoffWorkingDays": value, ...(value ? { "lt:cutoff": undefined } : {}) })),
    check("cutoff", say("Chốt theo hạn của phần việc"), model.get("lt:cutoff") === "assignment", (on) => write({ "lt:cutoff": on ? "assignment" : undefined, ...(on ? { "lt:cutoffWorkingDays": undefined } : {}) })),
  ];
}

const LOOPS = [
  { id: "parallel", name: say("Nhiều người cùng lúc") }, { id: "sequential", name: say("Nhiều người lần lượt") },
  { id: "standard", name: say("Lặp đến khi điều kiện sai") },
];

export function repetition({ model, write, writeTo, moddle }) {
  if (!model.$instanceOf("bpmn:Activity") || model.triggeredByEvent) return null;
  const loop = model.loopCharacteristics;
  const kind = !loop ? "" : loop.$type === "bpmn:StandardLoopCharacteristics" ? "standard" : loop.isSequential ? "sequential" : "parallel";
  const choose = (chosen) => write({ loopCharacteristics: chosen ? made(moddle, model, loop, chosen) : undefined });
  const how = select("loop", say("Làm nhiều lần"), kind, LOOPS, choose, { none: say("Một lần") });
  if (!loop) return [how];
  const expression = (property) => (body) => {
    const formal = body ? moddle.create("bpmn:FormalExpression", { body }) : undefined;
    if (formal) formal.$parent = loop;
    writeTo(loop, { [property]: formal });
  };
  const written = { spellcheck: "false" };
  if (kind === "standard") return [how, text("loopCondition", say("Còn lặp khi"), loop.loopCondition?.body, expression("loopCondition"), written), text("loopMaximum", say("Nhiều nhất (lần)"), loop.loopMaximum, (most) => writeTo(loop, { loopMaximum: most && Number(most) }), { inputmode: "numeric" })];
  const item = (property, type) => (name) => writeTo(loop, { [property]: name ? within(loop, moddle.create(type, { name })) : undefined });
  return [
    how,
    text("cardinality", say("Số lần"), loop.loopCardinality?.body, expression("loopCardinality"), { ...written, hint: say("Hoặc chọn danh sách bên dưới.") }),
    text("collection", say("Theo danh sách (tên trường)"), loop.loopDataInputRef?.id, (name) => writeTo(loop, { loopDataInputRef: name ? standIn(name) : undefined }), written),
    text("item", say("Tên của mỗi mục"), nameOf(loop.inputDataItem), item("inputDataItem", "bpmn:DataInput"), written),
    text("outputItem", say("Câu trả lời cần giữ (tên trường)"), nameOf(loop.outputDataItem), item("outputDataItem", "bpmn:DataOutput"), written),
    text("output", say("Gom câu trả lời vào"), loop.loopDataOutputRef?.id, (name) => writeTo(loop, { loopDataOutputRef: name ? standIn(name) : undefined }), written),
    text("completion", say("Đủ sớm khi"), loop.completionCondition?.body, expression("completionCondition"), written),
  ];
}

const nameOf = (item) => item?.id || item?.name;

function within(parent, child) {
  child.$parent = parent;
  return child;
}

function made(moddle, model, old, kind) {
  const type = kind === "standard" ? "bpmn:StandardLoopCharacteristics" : "bpmn:MultiInstanceLoopCharacteristics";
  const kept = old?.$type === type && kind !== "standard"
    ? Object.fromEntries(["loopCardinality", "loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem", "completionCondition"].filter((name) => old[name]).map((name) => [name, old[name]])) : {};
  return within(model, moddle.create(type, { ...kept, ...(kind === "standard" ? {} : { isSequential: kind === "sequential" }) }));
}
