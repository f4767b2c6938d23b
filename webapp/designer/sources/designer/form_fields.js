// The components of our forms: those of form-js that the server shows, and two of our own.
import { h } from "preact";
import { spoken } from "./form_words.js";
import { say } from "./words/index.js";

const ALLOWED = [
  "textfield", "textarea", "number", "datetime", "select", "radio", "checklist", "checkbox", "text", "separator",
  "group", "dynamiclist", "filepicker",
];

function own(type, name, hint, more) {
  const Field = ({ field }) => h("div", { class: "fjs-form-field" }, h("label", { class: "fjs-form-field-label" }, field.label || name), h("div", { class: "fjs-form-field-description" }, hint));
  Field.config = { type, name, label: name, group: "basic-input", keyed: true, create: (options = {}) => ({ ...more, ...options }) };
  return Field;
}

const OWN = {
  figures: own("figures", say("Số liệu theo chỉ tiêu"), say("Máy chủ hiện các ô của từng chỉ tiêu."), { indicators: ["order"] }),
  organization: own("organization", say("Chọn tổ chức"), say("Máy chủ hiện danh sách tổ chức."), { label: say("Tổ chức"), among: "all" }),
};

// A new field is called by what it is, in the language of the page, and so are its first choices.
function speakOf(config) {
  const { create } = config;
  const { label } = create();
  if (label) config.label = spoken(label);
  config.create = (options = {}) => {
    const made = create(options);
    return made.values && !options.values ? { ...made, values: made.values.map((one) => ({ ...one, label: spoken(one.label) })) } : made;
  };
}

class OurFields {
  constructor(formFields) {
    for (const type of Object.keys(formFields._formFields)) if (type !== "default" && !ALLOWED.includes(type)) delete formFields._formFields[type];
    for (const { config } of Object.values(formFields._formFields)) speakOf(config);
    for (const [type, field] of Object.entries(OWN)) formFields.register(type, field);
  }
}
OurFields.$inject = ["formFields"];

export default { __init__: ["ourFields"], ourFields: ["type", OurFields] };
