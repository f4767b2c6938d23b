// htmx with our settings: no evaluated code, no style sheet of its own, no history snapshots.
import "./htmx-settings.js";
import "htmx.org/dist/htmx.min.js";
