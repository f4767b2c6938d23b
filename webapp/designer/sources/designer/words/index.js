// Our own words: the Vietnamese sentence stands in its place, its English in en.js.
import en from "./en.js";

const isEnglish = document.documentElement.lang === "en";

export function say(sentence, facts = {}) {
  const text = isEnglish ? en[sentence] ?? sentence : sentence;
  return text.replace(/{(\w+)}/g, (whole, key) => facts[key] ?? whole);
}

export function timeOfDay(at = new Date()) {
  return at.toLocaleTimeString(isEnglish ? "en-GB" : "vi-VN", { hour: "2-digit", minute: "2-digit" });
}
