// The library drops references whose target is not in the file, and a variable's name is such a reference.
// After reading we put them back as stand-ins, which are written as their name and are no elements of the drawing.
export function keepReferences(warnings) {
  for (const { element, property, value } of warnings) {
    if (!element || !property || !value) continue;
    const { isMany } = element.$descriptor.propertiesByName[property] ?? {};
    if (isMany) element.get(property).push(standIn(value));
    else element.set(property, standIn(value));
  }
}

export function standIn(name) {
  return { id: name, isStandIn: true };
}
