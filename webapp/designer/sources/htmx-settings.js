// htmx reads its settings from this meta element when it loads, so it has to be there first.
const settings = document.createElement("meta");
settings.name = "htmx-config";
settings.content = JSON.stringify({ allowEval: false, includeIndicatorCSS: false, history: false });
document.head.append(settings);
