// New forms: what a template's steps ask for, within the components our server allows.
import { say } from "./words/index.js";

const properties = (english) => ({ properties: { label_en: english } });
const PARTS = {
  task: [{ type: "textarea", key: "task", label: "Nội dung việc được giao", validate: { required: true }, ...properties("The work") }],
  result: [
    { type: "textarea", key: "result", label: "Kết quả đã làm", validate: { required: true }, ...properties("Result") },
    { type: "filepicker", key: "evidence", label: "Tệp minh chứng", multiple: true, ...properties("Evidence") },
  ],
  remark: [{ type: "textarea", key: "remark", label: "Ý kiến", ...properties("Remark") }],
  figures: [
    { type: "number", key: "quantity", label: "Số lượng", validate: { required: true, min: 0 }, decimalDigits: 0, ...properties("Quantity") },
    { type: "filepicker", key: "evidence", label: "Tệp minh chứng", multiple: true, ...properties("Evidence") },
  ],
  verdict: [
    {
      type: "radio", key: "decision", label: "Quyết định", validate: { required: true }, ...properties("Decision"),
      values: [{ value: "accept", label: "Đạt" }, { value: "return", label: "Trả lại" }],
    },
    { type: "textarea", key: "reason", label: "Lý do", conditional: { hide: "=decision != \"return\"" }, validate: { required: true }, ...properties("Reason") },
  ],
  question: [{ type: "textarea", key: "question", label: "Nội dung xin ý kiến", validate: { required: true }, ...properties("Question") }],
  opinion: [
    {
      type: "radio", key: "opinion", label: "Ý kiến", validate: { required: true }, ...properties("Opinion"),
      values: [{ value: "agree", label: "Thống nhất" }, { value: "differ", label: "Có ý kiến khác" }],
    },
    { type: "textarea", key: "opinion_text", label: "Nội dung góp ý", ...properties("Comment") },
  ],
  summary: [{ type: "textarea", key: "summary", label: "Nội dung tổng hợp", validate: { required: true }, ...properties("Summary") }],
  content: [
    { type: "textarea", key: "content", label: "Nội dung trình", validate: { required: true }, ...properties("Content") },
    { type: "filepicker", key: "attachments", label: "Tệp kèm theo", multiple: true, ...properties("Attachments") },
  ],
};

export function newForm(name, parts) {
  const components = parts.flatMap((part) => PARTS[part]);
  const empty = [{ type: "textarea", key: "note", label: say("Ghi chú") }];
  return `${JSON.stringify({ type: "default", id: name, schemaVersion: 18, components: components.length ? components : empty }, null, 2)}\n`;
}
