// The form editor's own texts cannot be translated by its settings.
import { speaker } from "./speaking.js";
import words from "./words/forms_vi.js";

export const { spoken, speak } = speaker(words);
