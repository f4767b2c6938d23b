// Keeps the library's own menus to what our engine runs: the pad beside an element, and what it can be changed into.
import BaseReplaceMenu from "bpmn-js/lib/features/popup-menu/ReplaceMenuProvider";
import { isRun } from "./kinds.js";
import translate from "./translate.js";

const PARTS = ["bpmn:Participant", "bpmn:DataObjectReference", "bpmn:DataStoreReference"];

class ReplaceMenu extends BaseReplaceMenu {
  constructor(menus, ...rest) {
    super(...rest);
    this.menus = menus;
  }

  _createEntries(target, options) {
    const basic = !this.menus.all;
    return super._createEntries(target, options.filter((option) => {
      if (!option.target || PARTS.includes(option.target.type)) return true;
      return isRun(option.target, { basic });
    }));
  }
}
ReplaceMenu.$inject = ["menus", ...BaseReplaceMenu.$inject];

class Menus {
  constructor(contextPad) {
    this.all = false;
    contextPad.registerProvider(500, this);
  }

  showAll(all) {
    this.all = all;
  }

  getContextPadEntries() {
    return (entries) => {
      delete entries["append.condition-intermediate-event"];
      return this.asPeople(entries);
    };
  }

  // What is appended as a step is a step of somebody; what is appended between steps waits for a message.
  asPeople(entries) {
    const { "append.append-task": task, "append.intermediate-event": between } = entries;
    if (task) entries["append.append-task"] = this.typed(task, "bpmn:UserTask", "bpmn-icon-user-task", translate("Append task"));
    if (between) {
      const title = translate("Append message intermediate catch event");
      entries["append.intermediate-event"] = this.typed(between, "bpmn:IntermediateCatchEvent", "bpmn-icon-intermediate-event-catch-message", title);
    }
    return entries;
  }

  typed(entry, type, className, title) {
    const shape = { type, ...(type.endsWith("Event") ? { eventDefinitionType: "bpmn:MessageEventDefinition" } : {}) };
    return { ...entry, className, title, action: {
      click: (event, element) => this.append(element, shape),
      dragstart: (event, element) => this.start(event, element, shape),
    } };
  }
}

class BoundMenus extends Menus {
  constructor(contextPad, elementFactory, autoPlace, create) {
    super(contextPad);
    this.append = (element, shape) => autoPlace.append(element, elementFactory.createShape({ ...shape }));
    this.start = (event, element, shape) => create.start(event, elementFactory.createShape({ ...shape }), { source: element });
  }
}
BoundMenus.$inject = ["contextPad", "elementFactory", "autoPlace", "create"];

export default {
  __init__: ["menus"],
  menus: ["type", BoundMenus],
  replaceMenuProvider: ["type", ReplaceMenu],
};
