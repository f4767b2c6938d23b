// When a flow is taken, or what an event waits for: built from fields with a picker; the text itself is there for experts.
import { button, el } from "../dom.js";
import { definitionOf, eventKind } from "../kinds.js";
import { say } from "../words/index.js";
import { parsed, valueOf, written } from "./conditions.js";
import { area, check, note } from "./fields.js";
import { border } from "./work.js";

const SIGNS = [
  ["==", say("bằng")], ["!=", say("khác")], [">", say("lớn hơn")], [">=", say("từ … trở lên")], ["<", say("nhỏ hơn")],
  ["<=", say("đến hết")], ["in", say("có chọn")],
];

export function condition(context) {
  if (eventKind(context.element) === "conditional") return awaited(context);
  return context.element.type === "bpmn:SequenceFlow" ? taken(context) : null;
}

function awaited({ element, model, write, writeTo, choices, factory }) {
  const definition = definitionOf(element);
  const setText = (body) => {
    const expression = factory.create("bpmn:FormalExpression", { body: body ?? "" });
    expression.$parent = definition;
    writeTo(definition, { condition: expression });
  };
  return [...rule(definition.condition?.body ?? "", setText, choices), ...border({ element, model, write })];
}

function taken({ element, model, modeler, write, choices, factory }) {
  const { source } = element;
  if (!["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"].includes(source.type)) return [note(say("Đường đi này luôn được đi."))];
  const isDefault = source.businessObject.default === model;
  const setText = (body) => write({ conditionExpression: body ? factory.create("bpmn:FormalExpression", { body }) : undefined });
  const setDefault = (on) => {
    modeler.get("modeling").updateProperties(source, { default: on ? model : undefined });
    if (on) setText(undefined);
  };
  const switchDefault = check("default", say("Đi đường này khi không điều kiện nào đúng"), isDefault, setDefault);
  if (isDefault) return [switchDefault];
  return [switchDefault, ...rule(model.conditionExpression?.body ?? "", setText, choices)];
}

function rule(body, setText, choices) {
  const simple = parsed(body);
  return [
    simple ? builder(simple, choices.fields, (rule) => setText(written(rule))) : note(say("Điều kiện này do người biết viết soạn; sửa ở ô bên dưới.")),
    el("details", { id: "panel-expert", open: !simple }, el("summary", {}, say("Viết trực tiếp")), area("condition", say("Điều kiện"), body, setText, { rows: 2, spellcheck: "false", hint: say("Ví dụ decision == 'return' and size > 5.") })),
  ];
}

function builder(rule, fields, act) {
  const change = (at, part) => act({ ...rule, clauses: rule.clauses.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  const rows = rule.clauses.map((clause, at) => row(clause, at, fields, change, () => act({ ...rule, clauses: rule.clauses.filter((_, index) => index !== at) })));
  const first = fields[0];
  const add = button(say("Thêm điều kiện"), () => act({ ...rule, clauses: [...rule.clauses, { field: first?.key ?? "decision", sign: "==", value: firstValue(first) }] }), { sign: "plus-lg", id: "panel-condition-add" });
  const joint = rule.clauses.length < 2 ? null : choice("panel-joint", say("Cách ghép"), rule.joint, [["and", say("mọi điều kiện đều đúng")], ["or", say("ít nhất một điều kiện đúng")]], (value) => act({ ...rule, joint: value }));
  return el("div", { role: "group", "aria-label": say("Điều kiện") }, rows, joint, add);
}

function row(clause, at, fields, change, remove) {
  const known = fields.find((one) => one.key === clause.field);
  const names = [...(known ? [] : [[clause.field, clause.field]]), ...fields.map((one) => [one.key, one.label || one.key])];
  return el("div", { class: "panel-clause" },
    choice(`panel-field-${at}`, say("Trường"), clause.field, names, (key) => change(at, { field: key, value: firstValue(fields.find((one) => one.key === key)) })),
    choice(`panel-sign-${at}`, say("So sánh"), clause.sign, SIGNS, (sign) => change(at, { sign })),
    valueField(`panel-value-${at}`, clause, known, (value) => change(at, { value })),
    button(say("Bỏ"), remove, { "aria-label": say("Bỏ điều kiện {number}", { number: at + 1 }) }));
}

function valueField(id, clause, known, act) {
  const now = clause.value.text ?? clause.value.literal;
  const options = known?.type === "checkbox" ? [{ value: "True", label: say("có") }, { value: "False", label: say("không") }] : known?.options ?? [];
  if (options.length) return choice(id, say("Giá trị"), now, [...(options.some((one) => one.value === now) ? [] : [[now, now]]), ...options.map((one) => [one.value, one.label || one.value])], (value) => act(valueOf(value, known.type)));
  const input = el("input", { id, class: "form-control form-control-sm", "aria-label": say("Giá trị") });
  input.value = now;
  input.addEventListener("change", () => act(valueOf(input.value.trim(), known?.type)));
  return input;
}

function choice(id, label, value, options, act) {
  const input = el("select", { id, class: "form-select form-select-sm", "aria-label": label }, options.map(([key, name]) => el("option", { value: key }, name)));
  input.value = value;
  input.addEventListener("change", () => act(input.value));
  return input;
}

function firstValue(field) {
  if (field?.options?.length) return { text: field.options[0].value };
  return valueOf(field?.type === "checkbox" ? "True" : field?.type === "number" ? "0" : "", field?.type);
}
