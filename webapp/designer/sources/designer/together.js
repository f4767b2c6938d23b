// One command for several, so that what was one act to a person is taken back in one.
class Together {
  preExecute({ act }) {
    act();
  }

  execute() {
    return [];
  }

  revert() {
    return [];
  }
}

function register(commandStack) {
  commandStack.registerHandler("designer.together", Together);
}
register.$inject = ["commandStack"];

export default { __init__: [register] };

export function together(modeler, act) {
  let result;
  modeler.get("commandStack").execute("designer.together", { act: () => {
    result = act();
  } });
  return result;
}
