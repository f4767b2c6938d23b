// What scripts add to pages that work without them: drafts that save themselves, keys, diagrams, quiet polling.
import { watchDrafts } from "./drafts.js";
import { watchKeys } from "./keys.js";
import { watchDiagrams } from "./diagrams.js";
import { watchMenus } from "./menus.js";
import { watchFiles } from "./files.js";

watchDrafts();
watchKeys();
watchDiagrams();
watchMenus();
watchFiles();

// A tab nobody looks at asks for nothing.
document.addEventListener("htmx:before:request", (event) => {
  if (document.hidden && event.target.closest?.("[data-poll]")) event.preventDefault();
});
