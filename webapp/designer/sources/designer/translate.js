// The texts of the drawing libraries in the language of the page; English is the libraries' own.
import vi from "./words/vi.js";

export function translator(words = {}) {
  const known = document.documentElement.lang === "en" ? {} : { ...vi, ...words };
  return (template, replacements = {}) => (known[template] ?? template).replace(/{([^}]+)}/g, (whole, key) => replacements[key.trim()] ?? whole);
}

export default translator();
