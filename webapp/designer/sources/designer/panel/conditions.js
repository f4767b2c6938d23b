// Conditions of the form «field – comparison – value», joined by "and" or "or": read from the text and written to it.
const CLAUSE = /^\s*(?:([A-Za-z_]\w*)\s*(==|!=|>=|<=|>|<)\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|True|False|None)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s+in\s+([A-Za-z_]\w*))\s*$/;
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;

// Returns {clauses, joint}, or null where the text says more than that.
export function parsed(text) {
  if (!text?.trim()) return { clauses: [], joint: "and" };
  const strings = [];
  const bare = text.replace(QUOTED, (found) => `\u0000${strings.push(found) - 1}\u0000`);
  const joints = new Set([...bare.matchAll(/\b(and|or)\b/g)].map(([, word]) => word));
  if (joints.size > 1 || /[()]/.test(bare)) return null;
  const parts = bare.split(/\b(?:and|or)\b/).map((part) => part.replace(/\u0000(\d+)\u0000/g, (_, at) => strings[at]));
  const clauses = parts.map(clause);
  return clauses.includes(null) ? null : { clauses, joint: [...joints][0] ?? "and" };
}

function clause(text) {
  const found = CLAUSE.exec(text);
  if (!found) return null;
  const [, field, sign, value, item, list] = found;
  return list ? { field: list, sign: "in", value: plain(item) } : { field, sign, value: plain(value) };
}

function plain(literal) {
  return /^['"]/.test(literal) ? { text: literal.slice(1, -1).replace(/\\(.)/g, "$1") } : { literal };
}

export function written({ clauses, joint }) {
  return clauses.map(({ field, sign, value }) => (sign === "in" ? `${literalOf(value)} in ${field}` : `${field} ${sign} ${literalOf(value)}`)).join(` ${joint} `);
}

function literalOf(value) {
  return value.literal ?? `'${value.text.replace(/[\\']/g, "\\$&")}'`;
}

// What somebody typed or chose as the value of a field, by the field's type.
export function valueOf(typed, type) {
  if (type === "checkbox") return { literal: typed === "True" ? "True" : "False" };
  if (type === "number" || (type === undefined && /^-?\d+(\.\d+)?$/.test(typed))) return { literal: /^-?\d+(\.\d+)?$/.test(typed) ? typed : "0" };
  return { text: typed };
}
