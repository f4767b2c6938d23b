// A step let go on a flow becomes part of it and gets its room, as one that is added by keyboard does.
import { isFlowNode } from "./kinds.js";
import { insertOn } from "./placing.js";
import { together } from "./together.js";

const BEFORE_THE_LIBRARY = 1100;

function dropping(eventBus, injector) {
  eventBus.on("create.end", BEFORE_THE_LIBRARY, ({ context }) => {
    const { target: flow, elements, source, canExecute } = context;
    if (!canExecute || source || elements.length !== 1 || !isFlowNode(elements[0]) || flow?.type !== "bpmn:SequenceFlow") return undefined;
    const made = together(injector, () => insertOn(injector, flow, elements[0]));
    injector.get("selection").select(made);
    injector.get("directEditing").activate(made);
    return true; // done: the library would put it where the mouse is, over its neighbours
  });
}
dropping.$inject = ["eventBus", "injector"];

export default { __init__: [dropping] };
