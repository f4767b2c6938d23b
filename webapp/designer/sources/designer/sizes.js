// New activities are as large as those of the shipped processes: two lines of Vietnamese beside the sign of their kind.
import ElementFactory from "bpmn-js/lib/features/modeling/ElementFactory";
import { isExpanded } from "bpmn-js/lib/util/DiUtil";
import { is } from "bpmn-js/lib/util/ModelUtil";

class Roomy extends ElementFactory {
  getDefaultSize(element, di) {
    const isOpen = is(element, "bpmn:SubProcess") && isExpanded(element, di);
    return is(element, "bpmn:Activity") && !isOpen ? { width: 160, height: 90 } : super.getDefaultSize(element, di);
  }
}

export default { elementFactory: ["type", Roomy] };
