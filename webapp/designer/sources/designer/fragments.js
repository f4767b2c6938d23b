// Templates: whole working fragments with their flows and our attributes; connected at both ends, the checker is content.
import { isFlowNode } from "./kinds.js";
import { joinIn, pushRight, wayBack } from "./placing.js";
import { standIn } from "./references.js";
import { together } from "./together.js";
import { say } from "./words/index.js";

const STEP = 160; // from the middle of one shape to the middle of the next
const LANE = 140;
const message = (type, name, more = {}) => ({ type, event: "Message", message: name, ...more });

// Each node: key, [column, row], what it is; flows: [from, to, name, condition]; without a condition: the default way.
export const FRAGMENTS = [
  {
    name: say("Giao việc"), about: say("Một người giao việc, bên nhận làm rồi báo xong."), entry: "assign", exit: "confirm",
    nodes: {
      assign: [0, 0, { type: "UserTask", name: say("Giao việc"), lt: { workingDays: "1", form: "giao_viec" } }],
      carry: [1, 0, { type: "UserTask", name: say("Thực hiện việc được giao"), lt: { workingDays: "5", progress: "dang_thuc_hien", form: "ket_qua" } }],
      confirm: [2, 0, { type: "UserTask", name: say("Xác nhận kết quả"), lt: { workingDays: "2", form: "xac_nhan", notSameAs: "carry" } }],
    },
    flows: [["assign", "carry"], ["carry", "confirm"]],
    forms: { giao_viec: ["task"], ket_qua: ["result"], xac_nhan: ["remark"] },
  },
  {
    name: say("Báo cáo số liệu"), about: say("Nhập số liệu kèm minh chứng, gửi lên, chờ chấp nhận hoặc làm lại."), entry: "report", exit: "accepted",
    nodes: {
      report: [0, 0, { type: "UserTask", name: say("Báo cáo số liệu"), lt: { workingDays: "3", form: "bao_cao_so_lieu" } }],
      check: [1, 0, { type: "UserTask", name: say("Kiểm tra số liệu"), lt: { workingDays: "2", form: "kiem_tra_so_lieu", progress: "cho_xac_nhan" } }],
      accepted: [2, 0, { type: "ExclusiveGateway", name: say("Số liệu đạt?") }],
    },
    flows: [["report", "check"], ["check", "accepted"], ["accepted", "report", say("Làm lại"), "decision == 'return'"]],
    forms: { bao_cao_so_lieu: ["figures"], kiem_tra_so_lieu: ["verdict"] },
  },
  {
    name: say("Xin ý kiến"), about: say("Soạn nội dung, nhiều người góp ý cùng lúc, rồi tổng hợp."), entry: "draft", exit: "collect",
    nodes: {
      draft: [0, 0, { type: "UserTask", name: say("Soạn nội dung xin ý kiến"), lt: { workingDays: "2", form: "xin_y_kien" } }],
      comment: [1, 0, { type: "UserTask", name: say("Góp ý"), lt: { workingDays: "3", form: "gop_y" }, several: ["3", "opinions", "opinion"] }],
      collect: [2, 0, { type: "UserTask", name: say("Tổng hợp ý kiến"), lt: { workingDays: "2", form: "tong_hop" } }],
    },
    flows: [["draft", "comment"], ["comment", "collect"]],
    forms: { xin_y_kien: ["question"], gop_y: ["opinion"], tong_hop: ["summary"] },
  },
  {
    name: say("Phê duyệt"), about: say("Trình lên, người có thẩm quyền duyệt hoặc trả lại kèm lý do."), entry: "submit", exit: "approved",
    nodes: {
      submit: [0, 0, { type: "UserTask", name: say("Trình duyệt"), lt: { workingDays: "2", form: "trinh_duyet" } }],
      decide: [1, 0, { type: "UserTask", name: say("Phê duyệt"), lt: { workingDays: "2", form: "phe_duyet", notSameAs: "submit", progress: "cho_xac_nhan" } }],
      approved: [2, 0, { type: "ExclusiveGateway", name: say("Được duyệt?") }],
    },
    flows: [["submit", "decide"], ["decide", "approved"], ["approved", "submit", say("Trả lại"), "decision == 'return'"]],
    forms: { trinh_duyet: ["content"], phe_duyet: ["verdict"] },
  },
  {
    name: say("Nhắc hạn"), about: say("Quá số ngày làm việc mà chưa xong thì có việc nhắc, việc chính vẫn tiếp tục."), entry: "work", exit: "work",
    nodes: {
      work: [0, 0, { type: "UserTask", name: say("Việc cần làm đúng hạn"), lt: { workingDays: "5", form: "viec_can_lam" } }],
      late: ["work", 0, { type: "BoundaryEvent", event: "Timer", name: say("Chưa xong sau 3 ngày làm việc"), lt: { workingDays: "3" }, cancelActivity: false }],
      remind: [1, 1, { type: "UserTask", name: say("Nhắc người đang giữ việc"), lt: { workingDays: "1", form: "nhac_han" } }],
      reminded: [2, 1, { type: "EndEvent", name: say("Đã nhắc") }],
    },
    flows: [["late", "remind"], ["remind", "reminded"]],
    forms: { viec_can_lam: ["result"], nhac_han: ["remark"] },
  },
  {
    name: say("Gom báo cáo có hạn chốt"), about: say("Chờ các địa bàn gửi báo cáo: đủ thì đi tiếp, đến hạn chốt thì nêu tên bên thiếu."), entry: "ask", exit: "consolidate",
    nodes: {
      ask: [0, 0, message("IntermediateThrowEvent", "locality.assigned", { name: say("Gửi yêu cầu tới địa bàn"), lt: { recipients: "localities" } })],
      reported: [1, 0, message("IntermediateCatchEvent", "locality.reported", { name: say("Đủ báo cáo hoặc đến hạn chốt"), lt: { collect: "localities", cutoffWorkingDays: "5" } })],
      consolidate: [2, 0, { type: "UserTask", name: say("Tổng hợp báo cáo"), lt: { workingDays: "2", form: "tong_hop" } }],
    },
    flows: [["ask", "reported"], ["reported", "consolidate"]],
    forms: { tong_hop: ["summary"] },
  },
];

// Puts a fragment behind the selected step and joins it into its flow, or in the middle of what is seen; one undo.
export function drop(modeler, fragment) {
  const selection = modeler.get("selection");
  const [selected] = selection.get().filter(isFlowNode);
  const made = {};
  together(modeler, () => Object.assign(made, build(modeler, fragment, selected)));
  selection.select(Object.values(made).filter((shape) => !shape.labelTarget));
  for (const shape of [made[fragment.exit], made[fragment.entry]]) modeler.get("canvas").scrollToElement(shape, 60);
  modeler.get("eventBus").fire("fragment.dropped", { fragment });
}

function build(modeler, fragment, after) {
  const columns = Math.max(...Object.values(fragment.nodes).map(([column]) => (Number.isInteger(column) ? column : 0))) + 1;
  const flow = after && after.outgoing.filter((one) => one.type === "bpmn:SequenceFlow").length === 1 ? after.outgoing[0] : null;
  if (flow && flow.target.x > after.x) pushRight(modeler, after, after.x + after.width + 1, columns * STEP + 40);
  const place = origin(modeler, after);
  const made = {};
  for (const [key, [column, row, what]] of Object.entries(fragment.nodes)) made[key] = create(modeler, made, place, column, row, what);
  for (const [key, [, , what]] of Object.entries(fragment.nodes)) refer(modeler, made, made[key], what);
  for (const [from, to, name, condition] of fragment.flows) connect(modeler, made[from], made[to], name, condition);
  if (flow) lead(modeler, flow, made[fragment.entry], made[fragment.exit]);
  else if (after) modeler.get("modeling").connect(after, made[fragment.entry]);
  settleDefaults(modeler, made);
  return made;
}

function origin(modeler, after) {
  if (after) return { x: after.x + after.width + 130, y: after.y + after.height / 2, parent: after.parent };
  const canvas = modeler.get("canvas");
  const view = canvas.viewbox();
  const pool = modeler.get("elementRegistry").find((one) => one.type === "bpmn:Participant" && one.businessObject.processRef);
  return { x: Math.round(view.x + view.width / 3), y: Math.round(view.y + view.height / 2), parent: pool ?? canvas.getRootElement() };
}

function create(modeler, made, place, column, row, what) {
  const shape = modeler.get("elementFactory").createShape({
    type: `bpmn:${what.type}`, ...(what.event ? { eventDefinitionType: `bpmn:${what.event}EventDefinition` } : {}),
    ...(what.cancelActivity === false ? { cancelActivity: false } : {}),
  });
  const modeling = modeler.get("modeling");
  const host = made[column];
  const position = host ? { x: host.x + host.width - 20, y: host.y + host.height } : { x: place.x + column * STEP, y: place.y + row * LANE };
  return modeling.createShape(shape, position, host ?? place.parent, host ? { attach: true } : {});
}

function refer(modeler, made, shape, what) {
  const modeling = modeler.get("modeling");
  const own = Object.fromEntries(Object.entries(what.lt ?? {}).map(([name, value]) => [`lt:${name}`, made[value] && name.endsWith("As") ? made[value].id : value]));
  const loop = what.several ? { loopCharacteristics: repeated(modeler, shape, what.several) } : {};
  modeling.updateProperties(shape, { name: what.name, ...own, ...loop });
  if (what.message) modeling.updateModdleProperties(shape, shape.businessObject.eventDefinitions[0], { messageRef: messageNamed(modeler, what.message) });
}

// Several at once, whose answers are gathered; the item has a name and no id, for a fragment may be dropped twice.
function repeated(modeler, shape, [times, output, item]) {
  const moddle = modeler.get("moddle");
  const loop = moddle.create("bpmn:MultiInstanceLoopCharacteristics", {
    loopCardinality: moddle.create("bpmn:FormalExpression", { body: times }),
    loopDataOutputRef: standIn(output), outputDataItem: moddle.create("bpmn:DataOutput", { name: item }),
  });
  loop.loopCardinality.$parent = loop.outputDataItem.$parent = loop;
  loop.$parent = shape.businessObject;
  return loop;
}

export function messageNamed(modeler, name, type = "bpmn:Message") {
  const roots = modeler.getDefinitions().get("rootElements");
  return roots.find((one) => one.$type === type && one.name === name) ?? modeler.get("bpmnFactory").create(type, { name });
}

function connect(modeler, from, to, name, condition) {
  const modeling = modeler.get("modeling");
  const flow = modeling.connect(from, to, { type: "bpmn:SequenceFlow", ...(to.x < from.x ? { waypoints: wayBack(from, to) } : {}) });
  if (!condition) return;
  const conditionExpression = modeler.get("bpmnFactory").create("bpmn:FormalExpression", { body: condition });
  modeling.updateProperties(flow, { name, conditionExpression });
}

function lead(modeler, flow, entry, exit) {
  const { target } = flow;
  if (entry === exit) return joinIn(modeler, flow, entry);
  modeler.get("modeling").reconnectEnd(flow, entry, { x: entry.x, y: entry.y + entry.height / 2 });
  return modeler.get("modeling").connect(exit, target);
}

// The way that leads on from a question of the fragment is the one taken when no answer fits.
function settleDefaults(modeler, made) {
  for (const shape of Object.values(made)) {
    if (shape.type !== "bpmn:ExclusiveGateway") continue;
    const onward = shape.outgoing.find((flow) => !flow.businessObject.conditionExpression);
    if (onward) modeler.get("modeling").updateProperties(shape, { default: onward.businessObject });
  }
}
