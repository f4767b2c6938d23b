// Who does a step, until when, with which form, and what is said to who does it.
import { formOptions } from "../choices.js";
import { el } from "../dom.js";
import { definitionOf, eventKind, modelOf } from "../kinds.js";
import { wordFor } from "../naming.js";
import translate from "../translate.js";
import { say } from "../words/index.js";
import { area, check, days, note, select, several, text } from "./fields.js";

export function general({ element, model, write, rename, choices }) {
  const fields = [text("name", say("Tên"), model.name ?? model.text, (name) => rename(name), { hint: nameHint(element) })];
  if (model.$instanceOf("bpmn:FlowNode")) {
    fields.push(select("progress", say("Tiến độ khi tới bước này"), model.get("lt:progress"), choices.progress, (value) => write({ "lt:progress": value }), { none: say("Không đổi") }));
  }
  if (model.$instanceOf("bpmn:FlowElement") || model.$type === "bpmn:Process") {
    fields.push(text("id", say("Mã"), model.id, (id) => id && write({ id }), { hint: say("Mã đã ban hành thì không đổi nghĩa."), pattern: "[A-Za-z_][A-Za-z0-9_.\\-]*", spellcheck: "false" }));
  }
  if (model.$type === "bpmn:Process") fields.push(check("executable", say("Chạy được"), model.isExecutable === true, (isExecutable) => write({ isExecutable })));
  return fields;
}

function nameHint(element) {
  if (element.type === "bpmn:ExclusiveGateway") return say("Viết thành câu hỏi, ví dụ «Được duyệt?».");
  if (element.type === "bpmn:SequenceFlow") return say("Câu trả lời của câu hỏi phía trước, ví dụ «Có».");
  return "";
}

export function assignment({ element, model, write, choices, steps }) {
  const roles = (none) => select("role", say("Ai làm (vai trò)"), model.get("lt:role"), choices.roles, (value) => write({ "lt:role": value }), { none });
  if (model.$type === "bpmn:Lane") return [roles(say("Không gắn vai trò"))];
  if (!["bpmn:UserTask", "bpmn:ManualTask", "bpmn:Task"].includes(element.type)) return null;
  const lane = laneOf(model);
  const others = steps.filter((one) => one.type === "bpmn:UserTask" && one.id !== element.id).map((one) => ({ id: one.id, name: one.businessObject.name || one.id }));
  const fromLane = lane?.get("lt:role") ? say("Theo làn: {lane}", { lane: lane.name || lane.id }) : say("Người khởi tạo quy trình");
  return [
    roles(fromLane),
    ...(model.get("lt:role") || lane?.get("lt:role") ? withRole({ model, write, choices }) : []),
    select("seenBy", say("Quyền xem"), model.get("lt:seenBy"), choices.seers, (value) => write({ "lt:seenBy": value }), { none: say("Các bên của đặt hàng"), hint: say("Ai mở được việc, biểu mẫu, câu trả lời và tệp của bước này.") }),
    select("notSameAs", say("Không trùng người với bước"), model.get("lt:notSameAs"), others, (value) => write({ "lt:notSameAs": value })),
    select("skipIfSame", say("Bỏ qua nếu cùng người với bước"), model.get("lt:skipIfSame"), others, (value) => write({ "lt:skipIfSame": value })),
    select("operator", say("Hệ thống làm thêm khi hoàn thành"), model.get("lt:operator"), choices.operators, (value) => write({ "lt:operator": value })),
  ];
}

// What says more of whoever plays the role.
function withRole({ model, write, choices }) {
  return [
    select("level", say("Cấp"), model.get("lt:level"), choices.levels, (value) => write({ "lt:level": value }), { none: say("Nơi quy trình chạy"), hint: say("Vai trò của tổ chức ở cấp này, tính từ nơi quy trình chạy trở lên.") }),
    several("posts", say("Chức danh cùng nhận trong tổ chức"), () => listed(model.get("lt:posts")), choices.posts, (posts) => write({ "lt:posts": posts.join(" ") || undefined })),
    select("assign", say("Cách giao"), model.get("lt:assign"), choices.assigning, (value) => write({ "lt:assign": value }), { none: say("Hàng chờ: ai giữ vai trò cũng nhận được"), hint: say("Trực tiếp: cho người đứng đầu, hoặc người duy nhất giữ vai trò. Quay vòng: cho người lâu nhất chưa nhận bước này.") }),
  ];
}

// The same in a few words, for the outline.
export function addressed(model, choices) {
  const asked = [[say("Cấp"), "level", choices.levels], [say("Cùng nhận"), "posts", choices.posts], [say("Cách giao"), "assign", choices.assigning], [say("Quyền xem"), "seenBy", choices.seers]];
  const named = (id, known) => known.find((one) => one.id === id)?.name ?? id;
  return asked.filter(([, name]) => model.get(`lt:${name}`))
    .map(([word, name, known]) => `${word}: ${listed(model.get(`lt:${name}`)).map((id) => named(id, known)).join(", ")}`);
}

const listed = (text) => (text ?? "").split(/[\s,]+/).filter(Boolean);

export function laneOf(model) {
  for (const lanes of model.$parent?.get?.("laneSets") ?? []) {
    const found = search(lanes, model);
    if (found) return found;
  }
  return null;
}

function search(laneSet, model) {
  for (const lane of laneSet.get("lanes")) {
    const deeper = lane.childLaneSet && search(lane.childLaneSet, model);
    if (deeper) return deeper;
    if (lane.get("flowNodeRef").includes(model)) return lane;
  }
  return null;
}

export function deadline({ element, model, write, writeTo, factory }) {
  if (element.type === "bpmn:UserTask") {
    return [
      days("workingDays", say("Hạn (số ngày làm việc)"), model.get("lt:workingDays"), (value) => write({ "lt:workingDays": value, ...(value ? { "lt:due": undefined } : {}) }), say("Tính từ lúc giao, đến 17:00 của ngày cuối.")),
      check("due", say("Theo hạn của phần việc được giao"), model.get("lt:due") === "assignment", (on) => write({ "lt:due": on ? "assignment" : undefined, ...(on ? { "lt:workingDays": undefined } : {}) })),
      note(say("Nhắc trước hạn: gắn «Hẹn giờ trên việc» hoặc dùng mẫu «Nhắc hạn».")),
    ];
  }
  if (eventKind(element) !== "timer") return null;
  return [...timer({ element, model, write, writeTo, factory }), ...border({ element, model, write })];
}

const TIMES = [
  { id: "timeDuration", name: say("Sau một khoảng thời gian") }, { id: "timeDate", name: say("Vào một thời điểm") },
  { id: "timeCycle", name: say("Lặp lại đều") },
];
const EXAMPLES = {
  timeDuration: say("Ví dụ P3D là ba ngày, PT4H là bốn giờ."), timeDate: say("Ví dụ 2026-11-30T17:00:00+07:00."),
  timeCycle: say("Ví dụ R3/P1D là ba lần, mỗi ngày một lần."),
};

function timer({ element, model, write, writeTo, factory }) {
  const definition = definitionOf(element);
  const kind = model.get("lt:workingDays") ? "workingDays" : TIMES.find((one) => definition.get(one.id))?.id ?? "workingDays";
  const setTime = (name, body) => {
    const empty = { timeDuration: undefined, timeDate: undefined, timeCycle: undefined };
    const expression = body === undefined ? undefined : factory.create("bpmn:FormalExpression", { body });
    if (expression) expression.$parent = definition;
    writeTo(definition, { ...empty, ...(name ? { [name]: expression } : {}) });
  };
  const chosen = (value) => (value === "workingDays" ? (setTime(null), write({ "lt:workingDays": "1" })) : (write({ "lt:workingDays": undefined }), setTime(value, "")));
  const how = select("timer", say("Khi nào"), kind, [{ id: "workingDays", name: say("Sau số ngày làm việc") }, ...TIMES], chosen, { none: null });
  if (kind === "workingDays") return [how, days("timerDays", say("Số ngày làm việc"), model.get("lt:workingDays"), (value) => write({ "lt:workingDays": value }))];
  return [how, text("timerText", say("Thời gian"), definition.get(kind)?.body, (body) => setTime(kind, body ?? ""), { hint: EXAMPLES[kind], spellcheck: "false" })];
}

export function border({ element, model, write }) {
  if (element.type !== "bpmn:BoundaryEvent" || eventKind(element) === "error") return [];
  return [check("interrupts", say("Dừng việc đang làm"), model.cancelActivity !== false, (cancelActivity) => write({ cancelActivity }))];
}

export function form({ element, model, modeler, write, choices, pages }) {
  if (element.type !== "bpmn:UserTask") return null;
  const name = model.get("lt:form") || (choices.forms.some((one) => one.id === model.id) ? model.id : "");
  return [
    select("form", say("Biểu mẫu"), model.get("lt:form"), formOptions(modeler, choices.forms), (value) => write({ "lt:form": value }), { none: name ? say("Theo mã của bước") : say("Chỉ xác nhận đã làm") }),
    name ? el("p", { class: "panel-field" }, el("a", { href: pages.form(name) }, say("Sửa biểu mẫu"))) : text("newForm", say("Biểu mẫu mới, đặt tên"), "", (typed) => typed && pages.newForm(element, typed), { hint: say("Chữ thường không dấu, ví dụ tham_dinh."), pattern: "[a-z][a-z0-9_]*", spellcheck: "false" }),
  ];
}

export function figures({ element, model, choices }) {
  if (element.type !== "bpmn:UserTask") return null;
  const form = choices.forms.find((one) => one.id === (model.get("lt:form") || model.id));
  const wanted = (form?.fields ?? []).filter((one) => ["figures", "filepicker", "dynamiclist", "number"].includes(one.type));
  if (!wanted.length) return [note(say("Biểu mẫu của bước này không có ô số liệu hay tệp minh chứng. Thêm trong trang sửa biểu mẫu."))];
  return [el("ul", { class: "panel-list" }, wanted.map((one) => el("li", {}, `${one.label || one.key} – ${KINDS[one.type]}`)))];
}

const KINDS = { figures: say("số liệu theo chỉ tiêu"), filepicker: say("tệp minh chứng"), dynamiclist: say("bảng nhiều dòng"), number: say("số") };

export function guidance({ model, write, factory }) {
  if (!model.$instanceOf("bpmn:FlowNode") && model.$type !== "bpmn:Process") return null;
  const [first] = model.get("documentation");
  const change = (words) => write({ documentation: words ? [factory.create("bpmn:Documentation", { text: words })] : [] });
  return [area("documentation", say("Hướng dẫn cho người làm"), first?.text, change, { rows: 4, hint: say("Hai, ba câu ngắn; hiện trên trang việc.") })];
}

export function automatic({ element, model, write, choices }) {
  if (element.type === "bpmn:ServiceTask") {
    return [select("operator", say("Lệnh của hệ thống"), model.get("lt:operator"), choices.operators, (value) => write({ "lt:operator": value }), { none: say("Người xác nhận đã làm") })];
  }
  if (element.type === "bpmn:BusinessRuleTask") {
    return [select("decision", say("Bảng quyết định"), model.get("lt:decision"), choices.decisions, (value) => write({ "lt:decision": value }))];
  }
  if (element.type === "bpmn:ScriptTask") {
    return [area("script", say("Tính toán"), model.script, (script) => write({ script, scriptFormat: script ? "python" : undefined }), { rows: 5, spellcheck: "false", hint: say("Dành cho người biết viết; chạy trong hộp kín.") })];
  }
  if (element.type === "bpmn:CallActivity") {
    return [select("called", say("Quy trình được gọi"), model.calledElement, choices.processes, (calledElement) => write({ calledElement }))];
  }
  return null;
}

export function titleOf(element) {
  const { name } = modelOf(element);
  const ends = [element.source, element.target].map((end) => end && titleOf(end));
  return name || (element.waypoints ? ends.join(" → ") : wordFor(element, translate));
}
