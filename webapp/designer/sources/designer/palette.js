// What can be drawn: twelve shapes in office words, all that runs behind a switch, and whole fragments as templates.
import { button, el } from "./dom.js";
import { FRAGMENTS, drop } from "./fragments.js";
import { place } from "./placing.js";
import { say } from "./words/index.js";

const event = (type, kind, more = {}) => ({
  type: `bpmn:${type}`, ...(kind ? { eventDefinitionType: `bpmn:${kind}EventDefinition` } : {}), ...more,
});
const BASIC = [
  ["start-event-none", say("Bắt đầu"), say("Nơi quy trình bắt đầu."), event("StartEvent")],
  ["end-event-none", say("Kết thúc"), say("Nơi một nhánh kết thúc."), event("EndEvent")],
  ["user-task", say("Việc của người"), say("Một bước mà người nhận mở ra làm và điền biểu mẫu."), { type: "bpmn:UserTask" }],
  ["gateway-xor", say("Rẽ nhánh (chọn một)"), say("Một câu hỏi: đi theo đúng một câu trả lời."), { type: "bpmn:ExclusiveGateway" }],
  ["gateway-parallel", say("Song song"), say("Các nhánh cùng chạy; chỗ gặp lại chờ đủ mọi nhánh."), { type: "bpmn:ParallelGateway" }],
  ["intermediate-event-catch-message", say("Chờ thông điệp"), say("Đứng chờ đến khi bên khác gửi thông điệp tới."), event("IntermediateCatchEvent", "Message")],
  ["intermediate-event-throw-message", say("Gửi thông điệp"), say("Gửi thông điệp cho bên khác rồi đi tiếp."), event("IntermediateThrowEvent", "Message")],
  ["intermediate-event-catch-timer", say("Hẹn giờ"), say("Đứng chờ một thời gian hoặc đến một ngày."), event("IntermediateCatchEvent", "Timer")],
  ["intermediate-event-catch-non-interrupting-timer", say("Hẹn giờ trên việc"), say("Đến hạn thì nhắc hoặc chuyển hướng, gắn trên một việc."), event("BoundaryEvent", "Timer", { cancelActivity: false })],
  ["call-activity", say("Gọi quy trình con"), say("Chạy một quy trình khác rồi quay lại."), { type: "bpmn:CallActivity" }],
  ["business-rule-task", say("Bảng quyết định"), say("Tra bảng quyết định để lấy kết quả."), { type: "bpmn:BusinessRuleTask" }],
  ["lane", say("Làn"), say("Gom các bước của cùng một vai trò."), { lane: true }],
];
const MORE = [
  ["manual-task", say("Việc làm tay"), say("Làm ngoài hệ thống; người làm xác nhận khi xong."), { type: "bpmn:ManualTask" }],
  ["service-task", say("Việc tự động"), say("Lệnh có sẵn của hệ thống."), { type: "bpmn:ServiceTask" }],
  ["script-task", say("Tính toán"), say("Tính giá trị từ dữ liệu đã có."), { type: "bpmn:ScriptTask" }],
  ["send-task", say("Việc gửi đi"), say("Gửi thông điệp như một bước."), { type: "bpmn:SendTask" }],
  ["receive-task", say("Việc chờ nhận"), say("Chờ thông điệp như một bước; gắn được hẹn giờ."), { type: "bpmn:ReceiveTask" }],
  ["subprocess-expanded", say("Quy trình con"), say("Nhiều bước gom vào một khung."), { type: "bpmn:SubProcess", isExpanded: true }],
  ["subprocess-collapsed", say("Quy trình con (thu gọn)"), say("Một khung có trang vẽ riêng."), { type: "bpmn:SubProcess", isExpanded: false }],
  ["event-subprocess-expanded", say("Quy trình con theo sự kiện"), say("Chạy khi có sự kiện, đứng ngoài dòng chính."), { type: "bpmn:SubProcess", triggeredByEvent: true, isExpanded: true }],
  ["transaction", say("Giao dịch"), say("Làm trọn hoặc hoàn tác tất cả."), { type: "bpmn:Transaction", isExpanded: true }],
  ["gateway-or", say("Rẽ nhánh (một hoặc nhiều)"), say("Đi theo mọi nhánh có điều kiện đúng."), { type: "bpmn:InclusiveGateway" }],
  ["gateway-eventbased", say("Chờ điều đến trước"), say("Đi theo thông điệp hoặc hẹn giờ nào đến trước."), { type: "bpmn:EventBasedGateway" }],
  ["start-event-message", say("Bắt đầu khi nhận thông điệp"), say("Thông điệp tới thì quy trình bắt đầu."), event("StartEvent", "Message")],
  ["start-event-timer", say("Bắt đầu theo lịch"), say("Đến giờ thì quy trình bắt đầu."), event("StartEvent", "Timer")],
  ["start-event-signal", say("Bắt đầu khi có tín hiệu"), say("Tín hiệu phát chung thì quy trình bắt đầu."), event("StartEvent", "Signal")],
  ["intermediate-event-catch-signal", say("Chờ tín hiệu"), say("Chờ một tín hiệu phát chung."), event("IntermediateCatchEvent", "Signal")],
  ["intermediate-event-throw-signal", say("Phát tín hiệu"), say("Phát chung cho ai đang chờ."), event("IntermediateThrowEvent", "Signal")],
  ["intermediate-event-throw-escalation", say("Báo cáo vượt cấp"), say("Báo lên khung bên ngoài."), event("IntermediateThrowEvent", "Escalation")],
  ["intermediate-event-catch-message", say("Thông điệp trên việc"), say("Nhận thông điệp khi việc đang làm."), event("BoundaryEvent", "Message")],
  ["intermediate-event-catch-error", say("Lỗi trên việc"), say("Đi đường khác khi việc báo lỗi."), event("BoundaryEvent", "Error")],
  ["end-event-message", say("Kết thúc và gửi thông điệp"), say("Gửi thông điệp rồi kết thúc."), event("EndEvent", "Message")],
  ["end-event-error", say("Kết thúc bằng lỗi"), say("Báo lỗi cho khung bên ngoài."), event("EndEvent", "Error")],
  ["end-event-terminate", say("Kết thúc toàn bộ"), say("Dừng mọi nhánh còn chạy."), event("EndEvent", "Terminate")],
  ["participant", say("Bên tham gia"), say("Khung của một bên, hoặc bên ngoài để gửi nhận thông điệp."), { type: "bpmn:Participant" }],
  ["text-annotation", say("Ghi chú"), say("Lời giải thích trên bản vẽ, không chạy."), { type: "bpmn:TextAnnotation" }],
];
const TOOLS = [
  ["hand-tool", say("Kéo bản vẽ"), "handTool", "H"], ["lasso-tool", say("Chọn một vùng"), "lassoTool", "L"],
  ["space-tool", say("Thêm, bớt khoảng trống"), "spaceTool", "S"], ["connection-multi", say("Nối hai phần tử"), "globalConnectTool", "C"],
];

export function fillPalette(box, modeler) {
  const more = list(MORE, modeler);
  more.hidden = true;
  const all = el("input", { type: "checkbox", id: "palette-all", role: "switch", class: "form-check-input", onchange: () => {
    more.hidden = !all.checked;
    modeler.get("menus").showAll(all.checked);
  } });
  box.replaceChildren(
    el("h2", { class: "palette-title" }, say("Cơ bản")), list(BASIC, modeler),
    el("p", { class: "form-check form-switch palette-switch" }, all, " ", el("label", { for: "palette-all" }, say("Đầy đủ"))), more,
    fold(say("Mẫu có sẵn"), el("div", { class: "palette-list" }, FRAGMENTS.map((fragment) =>
      button(fragment.name, () => drop(modeler, fragment), { title: fragment.about, sign: "plus-lg", style: "palette-entry" })))),
    fold(say("Công cụ"), el("div", { class: "palette-list" }, TOOLS.map(([sign, word, action, key]) =>
      entry(sign, word, `${word} (${key})`, { onclick: () => modeler.get("editorActions").trigger(action) })))),
  );
}

const fold = (title, inside) => el("details", { class: "palette-fold" }, el("summary", {}, title), inside);

function list(shapes, modeler) {
  return el("div", { class: "palette-list" }, shapes.map(([sign, word, about, shape]) => entry(sign, word, about, {
    draggable: "true",
    ondragstart: (event) => {
      event.preventDefault();
      place(modeler, shape, { event });
    },
    onclick: (event) => place(modeler, shape, { event: event.detail ? event : null }),
  })));
}

function entry(sign, word, about, listeners) {
  return el("button", { type: "button", class: "btn btn-sm palette-entry", title: about, ...listeners },
    el("span", { class: `palette-sign bpmn-icon-${sign}`, "aria-hidden": true }), el("span", {}, word));
}
