// What the server offers to pick from, each as {id, name}, and forms with their fields.
export function choicesFrom(given) {
  const pairs = (list) => (list ?? []).map((one) => (typeof one === "string" ? { id: one, name: one } : { ...one, id: one.id ?? one.key, name: one.name ?? one.label ?? one.id }));
  const recipients = pairs(given.recipients);
  return {
    roles: pairs(given.roles), levels: pairs(given.levels), assigning: pairs(given.assigning), posts: pairs(given.posts), seers: pairs(given.seers), operators: pairs(given.operators), recipients, messages: pairs(given.messages),
    decisions: pairs(given.decisions), processes: pairs(given.processes), progress: pairs(given.progress),
    collect: recipients.filter((one) => ["localities", "coordinators"].includes(one.id)), // what our engine counts answers of
    forms: (given.forms ?? []).map((one) => ({ ...one, id: one.name, name: one.title ?? one.name })),
    fields: given.fields ?? [], tried: given.tried ?? [],
  };
}

// Forms are known by the steps that ask them; one that no step asks by the name of its file.
export function formOptions(modeler, forms) {
  const steps = modeler.get("elementRegistry").filter((one) => one.type === "bpmn:UserTask");
  return forms.map((form) => {
    const step = steps.find((one) => (one.businessObject.get("lt:form") ?? one.id) === form.id);
    return { id: form.id, name: step?.businessObject.name || form.name };
  });
}
